import { useLingui } from '@lingui/react/macro'
import type { Subject, Vm } from '@xendeck/contract'
import { refusalText } from '../../api/errors.ts'
import type { VmOperation } from './actions.ts'
import { countReasons, splitTargets, type Split } from './split.ts'

export interface ActionState {
  split: Split<Vm>
  /** Why it cannot be done at all; null where at least one can. */
  disabledReason: string | null
  /** Where some can and some cannot: "3 of 5: 2 already running". */
  note: string | null
}

/** How an action stands for some VMs, in words. */
export function useActionState(): (
  operation: VmOperation,
  vms: readonly Vm[],
  subject: Subject | null,
) => ActionState {
  const { t } = useLingui()
  return (operation, vms, subject) => {
    if (!subject)
      return { split: { able: [], refused: [] }, disabledReason: t`You are signed out`, note: null }
    const split = splitTargets(operation, vms, subject)
    if (split.refused.length === 0) return { split, disabledReason: null, note: null }
    const reasons = countReasons(split)
    const [first] = reasons
    const listed = reasons
      .map(({ refusal, count }) => {
        const reason = refusalText(refusal)
        return t`${count} × ${reason}`
      })
      .join(', ')
    if (split.able.length > 0) {
      const able = split.able.length
      const all = vms.length
      return { split, disabledReason: null, note: t`${able} of ${all}. Not: ${listed}` }
    }
    const disabledReason = reasons.length === 1 && first ? refusalText(first.refusal) : listed
    return { split, disabledReason, note: null }
  }
}
