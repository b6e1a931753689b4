import { sql, type Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import * as foundation from './migrations/0001-foundation.ts'
import * as jobs from './migrations/0002-jobs.ts'
import { StoreError } from './store-error.ts'
import type { Tables } from './tables.ts'

/** A database that has been opened. */
export interface Database {
  readonly db: Kysely<Tables>
  /** Names it for people, without a password. */
  readonly location: string
  /** The PostgreSQL schema that the tables are in; SQLite has none. */
  readonly schema: string | undefined
}

/** Every change of the tables there has been, by name, in the order of names. What has been released never changes. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-foundation': foundation,
  '0002-jobs': jobs,
}

/** Runs what has not run yet; several BFFs may start at once. @throws StoreError */
export async function migrate({ db, location, schema }: Database): Promise<void> {
  refuseNewer(await ranMigrations(db, schema), location)
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    ...(schema && { migrationTableSchema: schema }),
  })
  const { error, results } = await migrator.migrateToLatest()
  if (!error) return
  const failed = results?.find((result) => result.status === 'Error')?.migrationName
  throw new StoreError(
    `The database ${location} could not be brought up to date${failed ? ` (${failed})` : ''}: ${messageOf(error)}.`,
    { cause: error },
  )
}

async function ranMigrations(db: Kysely<Tables>, schema: string | undefined): Promise<string[]> {
  // Not by Kysely's introspection: it reads the tables of all schemas, which may hold consoles of their own, and fails
  // when another one is dropped meanwhile.
  const found = await (
    schema === undefined
      ? sql`select 1 from sqlite_master where name = 'kysely_migration'`
      : sql`select 1 from information_schema.tables
            where table_schema = ${schema} and table_name = 'kysely_migration'`
  ).execute(db)
  if (found.rows.length === 0) return []
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db)
  return rows.map((row) => row.name)
}

/** @throws StoreError where a release that is newer than this one has changed the tables. */
export function refuseNewer(ran: readonly string[], location: string): void {
  const unknown = ran.find((name) => !Object.hasOwn(migrations, name))
  if (unknown === undefined) return
  throw new StoreError(
    `The database ${location} was made by a newer XenDeck (${unknown}). Start that release, or restore a backup made before the upgrade.`,
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
