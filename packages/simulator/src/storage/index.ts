/** The behaviour of storage: SRs, PBDs, VDIs. */
import type { Behaviour, Call } from '../rpc/registry.ts'
import { refreshSr, refreshVdi } from './allowed.ts'
import { pbdHandlers } from './pbd.ts'
import { srHandlers } from './sr.ts'
import { vdiHandlers } from './vdi.ts'

function afterWrite(call: Call, cls: string, ref: string): void {
  if (cls === 'VDI') refreshVdi(call.pool.db, ref)
  else if (cls === 'SR') refreshSr(call.pool.db, ref)
}

export const storageBehaviour: Behaviour = {
  handlers: { ...srHandlers, ...pbdHandlers, ...vdiHandlers },
  afterWrite,
}
