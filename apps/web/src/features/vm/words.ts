import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { PowerState, Vm } from '@xendeck/contract'
import type { Activity } from './vm-state.ts'

export const powerStateLabels: Record<PowerState, MessageDescriptor> = {
  running: msg`Running`,
  halted: msg`Halted`,
  suspended: msg`Suspended`,
  paused: msg`Paused`,
}

export const activityLabels: Record<Activity, MessageDescriptor> = {
  starting: msg`Starting`,
  shuttingDown: msg`Shutting down`,
  restarting: msg`Restarting`,
  suspending: msg`Suspending`,
  resuming: msg`Resuming`,
  pausing: msg`Pausing`,
  unpausing: msg`Unpausing`,
  migrating: msg`Migrating`,
  snapshotting: msg`Taking a snapshot`,
  reverting: msg`Reverting`,
  copying: msg`Copying`,
  exporting: msg`Exporting`,
  deleting: msg`Deleting`,
}

export const toolsLabels: Record<Vm['tools']['state'], MessageDescriptor> = {
  unknown: msg`Not known while it does not run`,
  absent: msg`Not installed`,
  running: msg`Up to date`,
  outdated: msg`Outdated`,
}

/** VM.domain_type in words people use. */
export const virtualizationLabels: Record<string, MessageDescriptor> = {
  hvm: msg`Hardware-assisted (HVM)`,
  pv: msg`Paravirtualised (PV)`,
  pvh: msg`PVH`,
  pv_in_pvh: msg`PV in PVH`,
}
