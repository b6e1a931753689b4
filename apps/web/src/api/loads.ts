import type { LoadReply } from '@xendeck/contract'
import { useCallback, useSyncExternalStore } from 'react'
import { request } from './client.ts'
import { LoadPoller, type Curve, type LoadKind } from './load-poller.ts'

const poller = new LoadPoller(
  (kind, ids) =>
    request<LoadReply>('GET', `load?kind=${kind}&ids=${ids.map(encodeURIComponent).join(',')}`),
  () => typeof document === 'undefined' || document.visibilityState === 'visible',
)

/** The last ten minutes of a running VM or host, as long as a component shows it; undefined while unknown. */
export function useLoad(kind: LoadKind, id: string | null): Curve | undefined {
  const subscribe = useCallback(
    (listener: () => void) =>
      id === null ? () => undefined : poller.subscribe(kind, id, listener),
    [kind, id],
  )
  return useSyncExternalStore(subscribe, () => (id === null ? undefined : poller.get(kind, id)))
}
