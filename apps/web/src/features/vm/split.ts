import {
  can,
  refuse,
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

/**
 * Who of a selection can do an operation now, and why the others cannot. What is shown of a pool that is not live is
 * old, and the pool could not be told anyway.
 */
export function splitTargets<N extends OperationName>(
  operation: N,
  targets: readonly Resource<KindOf<N>>[],
  subject: Subject,
  isLive: (poolId: string) => boolean = () => true,
): Split<Resource<KindOf<N>>> {
  const split: Split<Resource<KindOf<N>>> = { able: [], refused: [] }
  for (const target of targets) {
    const refusal = refusalOf(operation, target, subject, isLive)
    if (refusal) split.refused.push({ target, refusal })
    else split.able.push(target)
  }
  return split
}

/** Why an operation cannot be done to an object now; null where it can. */
export function refusalOf<N extends OperationName>(
  operation: N,
  target: Resource<KindOf<N>>,
  subject: Subject,
  isLive: (poolId: string) => boolean,
): Refusal | null {
  const refusal = can(operation, target, subject)
  if (refusal?.code === 'forbidden') return refusal
  const poolId = 'poolId' in target ? target.poolId : null
  return poolId !== null && !isLive(poolId) ? refuse('stale') : refusal
}

/** The reasons, the commonest first, each with how many it holds for. Same code and parameters: same reason. */
export function countReasons(
  refused: readonly { refusal: Refusal; count: number }[],
): { refusal: Refusal; count: number }[] {
  const reasons = new Map<string, { refusal: Refusal; count: number }>()
  for (const { refusal, count } of refused) {
    const key = JSON.stringify([refusal.code, refusal.params])
    const reason = reasons.get(key)
    if (reason) reason.count += count
    else reasons.set(key, { refusal, count })
  }
  return [...reasons.values()].toSorted((a, b) => b.count - a.count)
}
