import type { Kysely } from 'kysely'
import type { Config } from '../config.ts'
import { migrate } from './migrate.ts'
import { openPostgres } from './postgres.ts'
import { checkKey, loadKey, Secrets } from './secrets.ts'
import { openSqlite } from './sqlite.ts'
import type { Tables } from './tables.ts'

/** The console's own database. */
export interface Store {
  readonly db: Kysely<Tables>
  /** Seals what the database must not show: credentials of pools. */
  readonly secrets: Secrets
  /** Names the database for people, without a password. */
  readonly location: string
  close(): Promise<void>
}

/** Opens the database, brings its tables up to date and makes sure that the key fits. @throws StoreError */
export async function openStore(
  config: Pick<Config, 'dataDir' | 'databaseUrl' | 'key'>,
): Promise<Store> {
  const key = loadKey(config)
  const database = config.databaseUrl
    ? await openPostgres(config.databaseUrl)
    : await openSqlite(config.dataDir)
  const { db, location } = database
  try {
    await migrate(database)
    const secrets = new Secrets(key)
    await checkKey(db, secrets, location)
    return { db, secrets, location, close: () => db.destroy() }
  } catch (error) {
    await db.destroy()
    throw error
  }
}
