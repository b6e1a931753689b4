/** Addresses of the pool's members, from the store. */
import type { ObjectStore } from '../store/object-store.ts'

/**
 * Addresses of hosts that live, the coordinator's first. A host whose metrics are not in the store
 * counts as alive: knowing one address too many costs an attempt, one too few the pool.
 */
export function liveMembers(store: ObjectStore): string[] {
  const coordinators = new Set<string>()
  for (const [, pool] of store.entries('pool')) coordinators.add(pool.master)
  const addresses: string[] = []
  for (const [ref, host] of store.entries('host')) {
    const metrics = store.get('host_metrics', host.metrics)
    if (host.address === '' || metrics?.live === false) continue
    if (coordinators.has(ref)) addresses.unshift(host.address)
    else addresses.push(host.address)
  }
  return [...new Set(addresses)]
}

/** Whether an address is the coordinator's, as the pool itself knows it. */
export function isCoordinator(store: ObjectStore, address: string): boolean {
  for (const [, pool] of store.entries('pool')) {
    if (store.get('host', pool.master)?.address === address) return true
  }
  return false
}
