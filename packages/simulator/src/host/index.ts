/** The behaviour of hosts. */
import type { Behaviour, Call } from '../rpc/registry.ts'
import { refreshHost } from './allowed.ts'
import { maintenanceHandlers } from './maintenance.ts'
import { settingHandlers } from './settings.ts'

export { refreshAllowedOperations } from './refresh.ts'

export const hostBehaviour: Behaviour = {
  handlers: { ...maintenanceHandlers, ...settingHandlers },
  afterWrite: (call: Call, cls: string, ref: string) => {
    if (cls === 'host') refreshHost(call.pool.db, ref)
  },
}
