import { randomUUID } from 'node:crypto'
import { kinds, type Kind, type Resource, type Revision } from '@xendeck/contract'

/** One resource in its latest state. The object stays the same as long as the resource is there. */
export interface Row {
  readonly kind: Kind
  readonly id: string
  /** Whose permission decides; null: of no pool, for those who may see all pools. */
  poolId: string | null
  /** Serialised once; what all readers are sent. */
  json: string
  /** When it last changed. */
  changed: number
  /** True once it has been removed; another row may have taken its id since. */
  removed: boolean
}

export interface Put {
  readonly kind: Kind
  readonly id: string
  readonly poolId: string | null
  readonly json: string
}

export interface Key {
  readonly kind: Kind
  readonly id: string
}

interface Removal extends Key {
  readonly poolId: string | null
  readonly at: number
}

/** Serialises a resource for {@link ResourceTable.commit}. */
export function put<K extends Kind>(kind: K, resource: Resource<K>): Put {
  const poolId = 'poolId' in resource ? resource.poolId : null
  return { kind, id: resource.id, poolId, json: JSON.stringify(resource) }
}

/** How many removals are remembered for readers that come back; older readers start again. */
const REMOVALS = 20_000

/**
 * Everything the console shows, by kind and id, with the history that a reader needs to catch up. Revisions are
 * `<epoch>.<n>`: an epoch is one run of the BFF, n counts the commits.
 */
export class ResourceTable {
  readonly epoch = randomUUID().slice(0, 8)
  #n = 0
  readonly #rows = new Map<Kind, Map<string, Row>>(kinds.map((kind) => [kind, new Map()]))
  #removals: Removal[] = []
  /** Removals up to this n may be forgotten. */
  #floor = 0
  readonly #listeners = new Set<(changed: readonly Row[]) => void>()

  get n(): number {
    return this.#n
  }

  get revision(): Revision {
    return `${this.epoch}.${this.#n}`
  }

  get size(): number {
    let size = 0
    for (const rows of this.#rows.values()) size += rows.size
    return size
  }

  rows(kind: Kind): ReadonlyMap<string, Row> {
    // The constructor made one for each kind.
    return this.#rows.get(kind)!
  }

  row(kind: Kind, id: string): Row | undefined {
    return this.rows(kind).get(id)
  }

  /** All changes of one moment together. What is as before makes no revision and is told to nobody. */
  commit(puts: readonly Put[], removes: readonly Key[] = []): void {
    const changed: Row[] = []
    const n = this.#n + 1
    for (const one of removes) {
      const rows = this.#rows.get(one.kind)
      const row = rows?.get(one.id)
      if (!rows || !row) continue
      rows.delete(one.id)
      row.removed = true
      row.changed = n
      this.#removals.push({ kind: row.kind, id: row.id, poolId: row.poolId, at: n })
      changed.push(row)
    }
    for (const one of puts) {
      const rows = this.#rows.get(one.kind)
      if (!rows) continue
      const row = rows.get(one.id)
      if (row?.json === one.json) continue
      if (row) {
        row.poolId = one.poolId
        row.json = one.json
        row.changed = n
        changed.push(row)
      } else {
        const fresh: Row = { ...one, changed: n, removed: false }
        rows.set(one.id, fresh)
        changed.push(fresh)
      }
    }
    if (changed.length === 0) return
    this.#n = n
    this.#trim()
    for (const listener of this.#listeners) listener(changed)
  }

  /**
   * Rows that changed after revision `since`, as they are now, and those that are gone. undefined: of another epoch, of
   * the future, or too long ago.
   */
  since(since: Revision): Row[] | undefined {
    const [epoch, text = ''] = since.split('.')
    const n = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (epoch !== this.epoch || Number.isNaN(n) || n > this.#n || n < this.#floor) return undefined
    const rows: Row[] = []
    for (const removal of this.#removals) {
      if (removal.at > n && !this.row(removal.kind, removal.id)) {
        rows.push({ ...removal, json: '', changed: removal.at, removed: true })
      }
    }
    for (const byId of this.#rows.values())
      for (const row of byId.values()) if (row.changed > n) rows.push(row)
    return rows
  }

  /** Returns what ends it. */
  onCommit(listener: (changed: readonly Row[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #trim(): void {
    if (this.#removals.length <= REMOVALS) return
    // A whole commit goes or stays: the floor is the last forgotten one.
    const cut = this.#removals.length - REMOVALS / 2
    this.#floor = this.#removals[cut - 1]?.at ?? this.#floor
    this.#removals = this.#removals.filter((removal) => removal.at > this.#floor)
  }
}
