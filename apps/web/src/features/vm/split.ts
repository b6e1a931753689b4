import {
  can,
  type KindOf,
  type OperationName,
  type Refusal,
  type Resource,
  type Subject,
} from '@xendeck/contract'

export interface Split<T> {
  /** Those that can do it now, in the order given. */
  able: T[]
  refused: { target: T; refusal: Refusal }[]
}

/** Who of a selection can do an operation now, and why the others cannot. */
export function splitTargets<N extends OperationName>(
  operation: N,
  targets: readonly Resource<KindOf<N>>[],
  subject: Subject,
): Split<Resource<KindOf<N>>> {
  const split: Split<Resource<KindOf<N>>> = { able: [], refused: [] }
  for (const target of targets) {
    const refusal = can(operation, target, subject)
    if (refusal) split.refused.push({ target, refusal })
    else split.able.push(target)
  }
  return split
}

/** The reasons of a split, the commonest first, each with how many it holds for. Same code and parameters: same reason. */
export function countReasons<T>(split: Split<T>): { refusal: Refusal; count: number }[] {
  const reasons = new Map<string, { refusal: Refusal; count: number }>()
  for (const { refusal } of split.refused) {
    const key = JSON.stringify([refusal.code, refusal.params])
    const reason = reasons.get(key)
    if (reason) reason.count += 1
    else reasons.set(key, { refusal, count: 1 })
  }
  return [...reasons.values()].toSorted((a, b) => b.count - a.count)
}
