import type { Connection, Kind, Resource } from '@xendeck/contract'
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { Feed, type LiveState } from './feed.ts'
import { LiveStore } from './live-store.ts'

/** What the pools look like now. Written only by the feed. */
export const live = new LiveStore()
export const feed = new Feed(live)

/** One object, as it is now; undefined while unknown or gone. */
export function useResource<K extends Kind>(
  kind: K,
  id: string | null | undefined,
): Resource<K> | undefined {
  const subscribe = useCallback(
    (listener: () => void) => (id == null ? noop : live.onResource(kind, id, listener)),
    [kind, id],
  )
  return useSyncExternalStore(subscribe, () => (id == null ? undefined : live.get(kind, id)))
}

/** All of a kind, in no particular order; the same array until one of them changes. */
export function useResources<K extends Kind>(kind: K): readonly Resource<K>[] {
  const subscribe = useCallback((listener: () => void) => live.onKind(kind, listener), [kind])
  return useSyncExternalStore(subscribe, () => live.list(kind))
}

/** How the connection to the server fares. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(feed.subscribe, feed.getState)
}

/** Whether a kind has arrived: until then a list is not empty but unknown. */
export function useIsLoaded(kind: Kind): boolean {
  return useLiveState().loaded.has(kind)
}

/**
 * Connections whose pool's objects are not here yet, because the server is still reaching it or reading it: what is not
 * found may be there.
 */
export function usePendingConnections(): readonly Connection[] {
  const connections = useResources('connection')
  const pools = useResources('pool')
  return useMemo(() => {
    const reached = new Set(pools.map((pool) => pool.connectionId))
    return connections.filter(({ id, state }) => state !== 'disconnected' && !reached.has(id))
  }, [connections, pools])
}

function noop(): void {}
