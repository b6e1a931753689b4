import { useLingui } from '@lingui/react/macro'
import type { Subject, Vm } from '@xendeck/contract'
import { refusalText } from '../../api/errors.ts'
import type { VmOperation } from './actions.ts'
import { groupVms } from './groups.ts'
import { countReasons, refusalOf, splitTargets, type Split } from './split.ts'
import { useIsLive } from './use-refusal.ts'

export interface ActionState {
  /** Who can and who cannot: for the moment when it is done. */
  split: () => Split<Vm>
  /** Why it cannot be done at all; null where at least one can. */
  disabledReason: string | null
  /** Where some can and some cannot: "3 of 5; 2 cannot: already running". */
  note: string | null
}

/** How an action stands for some VMs, in words. */
export function useActionState(): (
  operation: VmOperation,
  vms: readonly Vm[],
  subject: Subject | null,
) => ActionState {
  const { t } = useLingui()
  const isLive = useIsLive()
  return (operation, vms, subject) => {
    if (!subject) return { split: nobody, disabledReason: t`You are signed out`, note: null }
    const split = () => splitTargets(operation, vms, subject, isLive)
    const refused = groupVms(vms).flatMap(({ sample, count }) => {
      const refusal = refusalOf(operation, sample, subject, isLive)
      return refusal ? { refusal, count } : []
    })
    if (refused.length === 0) return { split, disabledReason: null, note: null }
    const counts = new Map<string, number>()
    for (const { refusal, count } of countReasons(refused)) {
      const reason = refusalText(refusal)
      counts.set(reason, (counts.get(reason) ?? 0) + count)
    }
    const able = refused.reduce((left, { count }) => left - count, vms.length)
    const [first, ...others] = [...counts.keys()]
    if (able === 0 && first && others.length === 0) {
      return { split, disabledReason: first, note: null }
    }
    const listed = [...counts]
      .map(([reason, count]) => {
        const inside = lowerFirst(reason)
        return t`${count} cannot: ${inside}`
      })
      .join('; ')
    if (able === 0) return { split, disabledReason: listed, note: null }
    const all = vms.length
    return { split, disabledReason: null, note: t`${able} of ${all}; ${listed}` }
  }
}

const nobody = (): Split<Vm> => ({ able: [], refused: [] })

/** A sentence inside another. */
function lowerFirst(text: string): string {
  return text.slice(0, 1).toLocaleLowerCase() + text.slice(1)
}
