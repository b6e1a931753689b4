import type { ByKind, Inventory, Kind, Resource, Revision } from '@xendeck/contract'
import { parseInBreaths } from '../lib/parse-in-breaths.ts'
import { send } from './client.ts'

export interface LoadedInventory {
  revision: Revision
  resources: ByKind
}

/**
 * Some kinds of the inventory. A reply can have megabytes, which are parsed in pieces, so that the page stays
 * responsive. @throws {ApiRequestError}
 */
export async function fetchInventory(
  which: readonly Kind[],
  signal: AbortSignal,
): Promise<LoadedInventory> {
  const response = await send('GET', `inventory?kinds=${which.join(',')}`, undefined, signal)
  const text = await response.text()
  return (await parseInBreaths(text)) as Inventory
}

/** A kind of an inventory; the server leaves out kinds that have no members. */
export function ofKind(inventory: LoadedInventory, kind: Kind): readonly Resource[] {
  return inventory.resources[kind] ?? []
}
