import { i18n } from '@lingui/core'
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'

const powerStates: Record<string, MessageDescriptor> = {
  running: msg`running`,
  halted: msg`halted`,
  suspended: msg`suspended`,
  paused: msg`paused`,
}

/** A power state inside a sentence. XenAPI's errors write it with a capital. */
export function powerStateWord(state: string): string {
  const known = powerStates[state.toLowerCase()]
  return known ? i18n._(known) : state
}

/** `vm_operations` values as what is going on. */
const operations: Record<string, MessageDescriptor> = {
  start: msg`starting`,
  start_on: msg`starting`,
  clean_shutdown: msg`shutting down`,
  hard_shutdown: msg`powering off`,
  shutdown: msg`shutting down`,
  clean_reboot: msg`restarting`,
  hard_reboot: msg`resetting`,
  suspend: msg`suspending`,
  resume: msg`resuming`,
  resume_on: msg`resuming`,
  pause: msg`pausing`,
  unpause: msg`unpausing`,
  pool_migrate: msg`migrating`,
  migrate_send: msg`migrating`,
  snapshot: msg`taking a snapshot`,
  checkpoint: msg`taking a snapshot`,
  snapshot_with_quiesce: msg`taking a snapshot`,
  revert: msg`reverting`,
  reverting: msg`reverting`,
  destroy: msg`deleting`,
  copy: msg`copying`,
  clone: msg`cloning`,
  export: msg`exporting`,
  import: msg`importing`,
  provision: msg`provisioning`,
}

/** What a running XenAPI operation is doing, inside a sentence; XenAPI's own name where it is not a common one. */
export function operationWord(operation: string): string {
  const known = operations[operation]
  return known ? i18n._(known) : operation.replaceAll('_', ' ')
}
