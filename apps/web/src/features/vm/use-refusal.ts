import type { KindOf, OperationName, Resource } from '@xendeck/contract'
import { refusalText } from '../../api/errors.ts'
import { useResources } from '../../api/live.ts'
import { useSubject } from '../../api/session.ts'
import { refusalOf } from './split.ts'

/** Whether a pool is connected, for what renders it to be drawn anew when that changes. */
export function useIsLive(): (poolId: string) => boolean {
  const pools = useResources('pool')
  return (poolId) => pools.find((pool) => pool.id === poolId)?.live ?? true
}

/** Why something cannot be done to an object now, in words; null where it can. */
export function useRefusal(): <N extends OperationName>(
  operation: N,
  target: Resource<KindOf<N>>,
) => string | null {
  const subject = useSubject()
  const isLive = useIsLive()
  return (operation, target) => {
    const refusal = subject && refusalOf(operation, target, subject, isLive)
    return refusal && refusalText(refusal)
  }
}
