import type { PowerState, Vm } from '@xendeck/contract'
import type { StateShape } from '@xendeck/ui'

/** What a VM is in the middle of. Only what changes how a person sees the VM; the rest is xapi's housekeeping. */
export type Activity =
  | 'starting'
  | 'shuttingDown'
  | 'restarting'
  | 'suspending'
  | 'resuming'
  | 'pausing'
  | 'unpausing'
  | 'migrating'
  | 'snapshotting'
  | 'reverting'
  | 'copying'
  | 'exporting'
  | 'deleting'

/** XenAPI `vm_operations` → activity. */
const activities: Record<string, Activity> = {
  start: 'starting',
  start_on: 'starting',
  clean_shutdown: 'shuttingDown',
  hard_shutdown: 'shuttingDown',
  shutdown: 'shuttingDown',
  clean_reboot: 'restarting',
  hard_reboot: 'restarting',
  suspend: 'suspending',
  resume: 'resuming',
  resume_on: 'resuming',
  pause: 'pausing',
  unpause: 'unpausing',
  pool_migrate: 'migrating',
  migrate_send: 'migrating',
  snapshot: 'snapshotting',
  snapshot_with_quiesce: 'snapshotting',
  checkpoint: 'snapshotting',
  revert: 'reverting',
  reverting: 'reverting',
  clone: 'copying',
  copy: 'copying',
  export: 'exporting',
  destroy: 'deleting',
}

export interface VmState {
  power: PowerState
  activity: Activity | null
  /** Of the activity, where it is known: its progress can be looked up. */
  taskId: string | null
  shape: StateShape
}

const shapes: Record<PowerState, StateShape> = {
  running: 'running',
  halted: 'halted',
  suspended: 'paused',
  paused: 'paused',
}

export function vmState(vm: Pick<Vm, 'powerState' | 'current'>): VmState {
  for (const { operation, taskId } of vm.current) {
    const activity = activities[operation]
    if (activity) return { power: vm.powerState, activity, taskId, shape: 'moving' }
  }
  return { power: vm.powerState, activity: null, taskId: null, shape: shapes[vm.powerState] }
}
