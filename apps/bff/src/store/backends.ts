import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { openStore, type Store } from './store.ts'

/** A database for one test, and what takes it away again. */
export interface TestDatabase {
  readonly dataDir: string
  readonly databaseUrl: string | undefined
  /** Every store that it opens is closed with it. */
  open(): Promise<Store>
  remove(): Promise<void>
}

export interface Backend {
  readonly name: 'SQLite' | 'PostgreSQL'
  make(): Promise<TestDatabase>
}

const postgresUrl = process.env['DATABASE_URL']

/** What the tests of everything that stores run on: SQLite, and PostgreSQL where DATABASE_URL names one. */
export const backends: readonly Backend[] = [
  { name: 'SQLite', make: async () => testDatabase(undefined, async () => undefined) },
  ...(postgresUrl ? [{ name: 'PostgreSQL', make: () => makeSchema(postgresUrl) } as const] : []),
]

function testDatabase(
  databaseUrl: string | undefined,
  removeSchema: () => Promise<void>,
): TestDatabase {
  const dataDir = mkdtempSync(join(tmpdir(), 'xendeck-store-'))
  const stores: Store[] = []
  return {
    dataDir,
    databaseUrl,
    async open() {
      const store = await openStore({ dataDir, databaseUrl, key: undefined })
      stores.push(store)
      return store
    },
    async remove() {
      for (const store of stores) await store.close()
      await removeSchema()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** A schema of its own in the database that DATABASE_URL names: nothing else in it is touched. */
async function makeSchema(url: string): Promise<TestDatabase> {
  const schema = `xendeck_test_${randomBytes(6).toString('hex')}`
  const run = async (statement: string) => {
    const pool = new Pool({ connectionString: url, max: 1 })
    try {
      await pool.query(statement)
    } finally {
      await pool.end()
    }
  }
  await run(`create schema ${schema}`)
  const inSchema = new URL(url)
  inSchema.searchParams.set('options', `-c search_path=${schema}`)
  return testDatabase(inSchema.href, () => run(`drop schema ${schema} cascade`))
}
