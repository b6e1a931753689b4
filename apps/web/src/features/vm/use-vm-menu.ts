import { useLingui } from '@lingui/react/macro'
import type { Vm } from '@xendeck/contract'
import type { MenuEntry } from '@xendeck/ui'
import { useSubject } from '../../api/session.ts'
import { actionLabel, vmActions, type VmAction, type VmOperation } from './actions.ts'
import { useActionState } from './use-action-state.ts'

/** Menu entries for some VMs: the actions of the table that `which` keeps, in its order, a line between groups. */
export function useVmMenu(
  vms: readonly Vm[],
  run: (operation: VmOperation, vms: readonly Vm[]) => void,
  which: (action: VmAction) => boolean = () => true,
): MenuEntry[] {
  const { i18n } = useLingui()
  const subject = useSubject()
  const stateOf = useActionState()
  const entries: MenuEntry[] = []
  let group: string | null = null
  for (const action of inGroups(vmActions.filter(which))) {
    if (group !== null && group !== action.group) {
      entries.push({ separator: true, id: `before ${action.operation}` })
    }
    group = action.group
    const { disabledReason, note } = stateOf(action.operation, vms, subject)
    entries.push({
      id: action.operation,
      label: actionLabel(action, vms.length, i18n),
      disabledReason,
      description: note ?? undefined,
      isDanger: action.isDanger,
      onAction: () => run(action.operation, vms),
    })
  }
  return entries
}

const groupOrder = ['power', 'edit', 'force', 'delete']

function inGroups(actions: readonly VmAction[]): VmAction[] {
  return groupOrder.flatMap((group) => actions.filter((action) => action.group === group))
}
