import type { ResourceTable } from '../feed/table.ts'

/** Finished tasks stay in sight for a while, though the pool has forgotten them: the latest 200, for an hour. */
export class TaskHistory {
  readonly #table: ResourceTable
  readonly #now: () => number
  readonly #limit: number
  readonly #age: number
  /** In the order in which they finished. */
  readonly #finished = new Map<string, { poolId: string | null; at: number }>()

  constructor(table: ResourceTable, now: () => number, limit = 200, age = 60 * 60_000) {
    this.#table = table
    this.#now = now
    this.#limit = limit
    this.#age = age
  }

  add(id: string, poolId: string | null): void {
    this.#finished.delete(id)
    this.#finished.set(id, { poolId, at: this.#now() })
    this.sweep()
  }

  has(id: string): boolean {
    return this.#finished.has(id)
  }

  /** Drops what is too old or too much. */
  sweep(): void {
    const dropped: string[] = []
    for (const [id, { at }] of this.#finished) {
      if (this.#finished.size - dropped.length <= this.#limit && this.#now() - at < this.#age) break
      dropped.push(id)
    }
    this.#drop(dropped)
  }

  /** The pool is no longer shown, nor is what was done to it. */
  dropPool(poolId: string): void {
    this.#drop([...this.#finished].filter(([, one]) => one.poolId === poolId).map(([id]) => id))
  }

  #drop(ids: readonly string[]): void {
    for (const id of ids) this.#finished.delete(id)
    this.#table.commit(
      [],
      ids.map((id) => ({ kind: 'task', id })),
    )
  }
}
