import { useLingui } from '@lingui/react/macro'
import type { Vm } from '@xendeck/contract'
import { State } from '@xendeck/ui'
import { useResource } from '../../api/live.ts'
import { formatPercent } from '../../lib/bytes.ts'
import { vmState } from './vm-state.ts'
import { activityLabels, powerStateLabels } from './words.ts'

/** The state of a VM as shape and word, with the progress of what is going on: "Migrating 62 %". */
export function VmStateLabel({ vm, className }: { vm: Vm; className?: string }) {
  const { i18n } = useLingui()
  const state = vmState(vm)
  const task = useResource('task', state.taskId)
  const word = i18n._(
    state.activity ? activityLabels[state.activity] : powerStateLabels[state.power],
  )
  const progress =
    state.activity && task?.status === 'pending' && task.progress > 0
      ? ` ${formatPercent(task.progress, i18n.locale)}`
      : ''
  return (
    <State shape={state.shape} className={className}>
      {word}
      {progress}
    </State>
  )
}
