import type { ByKind, Connection, Pool, Resource } from '@xendeck/contract'

type ConnectionFacts = Pick<Connection, 'id' | 'state'>
type PoolFacts = Pick<Pool, 'id' | 'connectionId'>

/**
 * The pools to go on showing, as last seen: a server that has been restarted knows a pool's objects only once it has
 * reached the pool, which may take a moment or, while the pool is down, hours. Nobody's VM is "gone" for that.
 *
 * A pool is left out where its connection was removed or ended by a person, or leads to another pool now. The server
 * shows a pool itself last, so that a pool that is there is there with all its objects.
 * @returns pool id → connection id
 */
export function poolsToKeep(
  shown: readonly PoolFacts[],
  server: {
    readonly connections: readonly ConnectionFacts[]
    readonly pools: readonly PoolFacts[]
  },
): ReadonlyMap<string, string> {
  const reached = new Set(server.pools.map((pool) => pool.connectionId))
  const awaited = new Set(
    server.connections
      .filter(({ id, state }) => state !== 'disconnected' && !reached.has(id))
      .map(({ id }) => id),
  )
  const present = new Set(server.pools.map((pool) => pool.id))
  return new Map(
    shown
      .filter(({ id, connectionId }) => awaited.has(connectionId) && !present.has(id))
      .map(({ id, connectionId }) => [id, connectionId]),
  )
}

/** What the server has of a kind, and what is kept of the pools that it has not reached. */
export function withKept(
  server: readonly Resource[],
  shown: readonly Resource[],
  kept: ReadonlyMap<string, string>,
): readonly Resource[] {
  if (kept.size === 0) return server
  const ids = new Set(server.map(({ id }) => id))
  const old = shown.filter((resource) => !ids.has(resource.id) && kept.has(poolIdOf(resource)))
  return [...server, ...old.map(asLastSeen)]
}

/** Whether a message of the feed settles what became of a kept pool: then everything is asked for anew. */
export function settles(
  message: {
    readonly put?: Pick<ByKind, 'connection' | 'pool'>
    readonly remove?: { readonly connection?: readonly string[] }
  },
  kept: ReadonlyMap<string, string>,
): boolean {
  if (kept.size === 0) return false
  const awaited = new Set(kept.values())
  return (
    (message.put?.pool ?? []).some(({ connectionId }) => awaited.has(connectionId)) ||
    (message.put?.connection ?? []).some(
      ({ id, state }) => state === 'disconnected' && awaited.has(id),
    ) ||
    (message.remove?.connection ?? []).some((id) => awaited.has(id))
  )
}

function poolIdOf(resource: Resource): string {
  if ('connectionId' in resource) return resource.id
  return ('poolId' in resource && resource.poolId) || ''
}

function asLastSeen(resource: Resource): Resource {
  return 'connectionId' in resource ? { ...resource, live: false } : resource
}
