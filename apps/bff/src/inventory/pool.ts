import type { Pool } from '@xendeck/contract'
import { sorted } from './fields.ts'
import type { View } from './view.ts'

/** XenAPI `pool`. One that was never named shows its coordinator's name, as XenCenter does. */
export function projectPool(view: View, ref: string): Pool | undefined {
  const pool = view.get('pool', ref)
  const id = view.id('pool', ref)
  if (!pool || id === null) return undefined
  return {
    id,
    poolId: view.poolId,
    name: pool.name_label || (view.get('host', pool.master)?.name_label ?? ''),
    description: pool.name_description ?? '',
    connectionId: view.connectionId,
    live: view.live,
    coordinatorId: view.id('host', pool.master),
    defaultStorageId: view.id('SR', pool.default_SR),
    suspendStorageId: view.id('SR', pool.suspend_image_SR),
    haEnabled: pool.ha_enabled ?? false,
    tags: sorted(pool.tags),
  }
}
