import type { Kind, Resource, Subject } from '@xendeck/contract'
import { maySee } from '../feed/scope.ts'
import type { ResourceTable } from '../feed/table.ts'

/** Reads single resources for routes and operations; what `subject` may not see is not there. */
export class TableInventory {
  readonly #table: ResourceTable

  constructor(table: ResourceTable) {
    this.#table = table
  }

  find<K extends Kind>(kind: K, id: string, subject: Subject): Resource<K> | undefined {
    const row = this.#table.row(kind, id)
    if (!row || !maySee(subject, row.poolId)) return undefined
    return this.get(kind, id)
  }

  /** Without asking who wants it: for the BFF's own work only. */
  get<K extends Kind>(kind: K, id: string): Resource<K> | undefined {
    const row = this.#table.row(kind, id)
    return row && (JSON.parse(row.json) as Resource<K>)
  }
}
