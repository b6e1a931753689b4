import type { I18n, MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { OperationName } from '@xendeck/contract'

export type VmOperation = Extract<
  OperationName,
  | 'vm.start'
  | 'vm.shutDown'
  | 'vm.restart'
  | 'vm.suspend'
  | 'vm.resume'
  | 'vm.snapshot'
  | 'vm.pause'
  | 'vm.unpause'
  | 'vm.forceShutDown'
  | 'vm.forceRestart'
  | 'vm.migrate'
  | 'vm.tag'
  | 'vm.delete'
>

export interface VmAction {
  operation: VmOperation
  /** The verb on the button; "…" where a dialog follows. */
  label: MessageDescriptor
  /** Without "…": titles of dialogs and results. */
  verb: MessageDescriptor
  /** Where it stands: on the head of a page and the bar, on the bar only, or under More. */
  place: 'head' | 'bar' | 'more'
  /** Actions of a group stand together under More. */
  group: 'power' | 'force' | 'edit' | 'delete'
  isDanger?: boolean
  /** Asked first only where several are meant. */
  confirmsMany?: boolean
}

/** Everything that can be done to VMs, in the one order in which every menu, bar and head shows it. */
export const vmActions: readonly VmAction[] = [
  { operation: 'vm.start', label: msg`Start`, verb: msg`Start`, place: 'head', group: 'power' },
  {
    operation: 'vm.shutDown',
    label: msg`Shut down`,
    verb: msg`Shut down`,
    place: 'head',
    group: 'power',
    confirmsMany: true,
  },
  {
    operation: 'vm.restart',
    label: msg`Restart`,
    verb: msg`Restart`,
    place: 'head',
    group: 'power',
    confirmsMany: true,
  },
  {
    operation: 'vm.suspend',
    label: msg`Suspend`,
    verb: msg`Suspend`,
    place: 'bar',
    group: 'power',
    confirmsMany: true,
  },
  { operation: 'vm.resume', label: msg`Resume`, verb: msg`Resume`, place: 'bar', group: 'power' },
  {
    operation: 'vm.snapshot',
    label: msg`Snapshot…`,
    verb: msg`Snapshot`,
    place: 'head',
    group: 'edit',
  },
  { operation: 'vm.pause', label: msg`Pause`, verb: msg`Pause`, place: 'more', group: 'power' },
  {
    operation: 'vm.unpause',
    label: msg`Unpause`,
    verb: msg`Unpause`,
    place: 'more',
    group: 'power',
  },
  {
    operation: 'vm.forceShutDown',
    label: msg`Force shut down…`,
    verb: msg`Force shut down`,
    place: 'more',
    group: 'force',
    isDanger: true,
  },
  {
    operation: 'vm.forceRestart',
    label: msg`Force restart…`,
    verb: msg`Force restart`,
    place: 'more',
    group: 'force',
    isDanger: true,
  },
  {
    operation: 'vm.migrate',
    label: msg`Migrate…`,
    verb: msg`Migrate`,
    place: 'more',
    group: 'edit',
  },
  {
    operation: 'vm.tag',
    label: msg`Edit tags…`,
    verb: msg`Edit tags`,
    place: 'more',
    group: 'edit',
  },
  {
    operation: 'vm.delete',
    label: msg`Delete…`,
    verb: msg`Delete`,
    place: 'more',
    group: 'delete',
    isDanger: true,
  },
]

export function vmAction(operation: VmOperation): VmAction {
  const action = vmActions.find((each) => each.operation === operation)
  if (!action) throw new Error(`${operation} is not in the table of VM actions`)
  return action
}

/** The label for so many VMs: "…" also where it is asked about first only because they are several. */
export function actionLabel(action: VmAction, count: number, i18n: I18n): string {
  const label = i18n._(action.label)
  return action.confirmsMany && count > 1 ? `${label}…` : label
}
