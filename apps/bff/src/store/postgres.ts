import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import type { Database } from './migrate.ts'
import { StoreError } from './store-error.ts'
import type { Tables } from './tables.ts'

/** @throws StoreError where the server cannot be reached or does not let us in. */
export async function openPostgres(databaseUrl: string): Promise<Database> {
  const url = new URL(databaseUrl)
  const location = `${url.host}${url.pathname}`
  const pool = new Pool({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 10_000,
    application_name: 'xendeck',
  })
  // An idle connection that the server ends: the pool makes a new one when it is needed.
  pool.on('error', () => undefined)
  let schema: string | null | undefined
  try {
    const { rows } = await pool.query<{ schema: string | null }>(
      'select current_schema() as schema',
    )
    schema = rows[0]?.schema
  } catch (error) {
    await pool.end()
    throw new StoreError(
      `The database ${location} of DATABASE_URL cannot be used: ${messageOf(error)}.`,
      { cause: error },
    )
  }
  if (!schema) {
    await pool.end()
    throw new StoreError(`No schema of the search_path exists in the database ${location}.`)
  }
  return { db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), location, schema }
}

/** Refused connections come as an AggregateError, whose own message is empty. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ')
  return error instanceof Error ? error.message : String(error)
}
