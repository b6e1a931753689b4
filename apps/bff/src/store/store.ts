import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** The console's own database. */
export interface Store {
  readonly db: Kysely<Tables>
  close(): Promise<void>
}
