/** The behaviour of VMs and their devices. */
import type { Behaviour, Call } from '../rpc/registry.ts'
import { refreshVbd, refreshVif, refreshVm, refreshVmAndDevices } from './allowed.ts'
import { cloneHandlers } from './clone.ts'
import { memoryHandlers } from './memory.ts'
import { migrateHandlers } from './migrate.ts'
import { powerHandlers } from './power.ts'
import { provisionHandlers } from './provision.ts'
import { queryHandlers } from './queries.ts'
import { recordHandlers } from './record.ts'
import { revertHandlers } from './revert.ts'
import { settingHandlers } from './settings.ts'
import { suspendHandlers } from './suspend.ts'
import { vbdHandlers } from './vbd.ts'
import { vcpuHandlers } from './vcpus.ts'
import { vifHandlers } from './vif.ts'
import { vtpmHandlers } from './vtpm.ts'

export { guestReboot, guestShutdown } from './guest-events.ts'

/** Generic writes may also change what is allowed: unpluggable, other_config … */
function afterWrite(call: Call, cls: string, ref: string, field: string): void {
  const { db } = call.pool
  if (cls === 'VM') refreshVm(db, ref)
  else if (cls === 'VBD') refreshVbd(db, ref)
  else if (cls === 'VIF') refreshVif(db, ref)
  else if (cls === 'pool' && field === 'other_config') {
    for (const [vm] of db.all('VM')) refreshVmAndDevices(db, vm)
  }
}

export const vmBehaviour: Behaviour = {
  handlers: {
    ...recordHandlers,
    ...settingHandlers,
    ...memoryHandlers,
    ...vcpuHandlers,
    ...queryHandlers,
    ...powerHandlers,
    ...suspendHandlers,
    ...cloneHandlers,
    ...revertHandlers,
    ...provisionHandlers,
    ...migrateHandlers,
    ...vbdHandlers,
    ...vifHandlers,
    ...vtpmHandlers,
  },
  afterWrite,
}
