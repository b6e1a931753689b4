/** What the simulator does beyond generic messages. */
import { auditLog } from './audit/audit.ts'
import { consoleBehaviour, parseVncUrl, placeConsoles } from './console/index.ts'
import { hostBehaviour, refreshAllowedOperations } from './host/index.ts'
import { networkBehaviour } from './network/index.ts'
import { unbuiltHandlers } from './http/unbuilt.ts'
import { livingLoad, metrics } from './metrics/index.ts'
import type { Pool } from './pool.ts'
import { databaseDump } from './pools/index.ts'
import type { Behaviour } from './rpc/registry.ts'
import { storageBehaviour } from './storage/index.ts'
import { vmBehaviour } from './vm/index.ts'

export interface BehaviourOptions {
  /** VM uuid → `vnc://127.0.0.1:5901` of a real VNC server. */
  readonly consoles?: ReadonlyMap<string, string>
  /** Guests and hosts report now and then, which makes events in a pool at rest. */
  readonly load?: boolean
  /** A line about trouble with a guest or a VNC server. */
  readonly log?: (line: string) => void
}

/** @throws Error with a sentence about an address that is none */
export function defaultBehaviours({ consoles, log, load = false }: BehaviourOptions): Behaviour[] {
  const servers = new Map([...(consoles ?? [])].map(([uuid, url]) => [uuid, parseVncUrl(url)]))
  return [
    { start: settle },
    vmBehaviour,
    storageBehaviour,
    networkBehaviour,
    hostBehaviour,
    consoleBehaviour({ consoles: servers, ...(log && { log }) }),
    metrics,
    ...(load ? [livingLoad] : []),
    databaseDump,
    auditLog,
    unbuiltHandlers,
  ]
}

/** Data comes with the addresses and permissions of where it was made. */
function settle(pool: Pool): void {
  placeConsoles(pool)
  refreshAllowedOperations(pool)
}
