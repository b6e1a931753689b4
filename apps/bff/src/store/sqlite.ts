import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  type DialectAdapter,
  type SqliteDatabase,
  type SqliteStatement,
} from 'kysely'
import { refuseNewer, type Database } from './migrate.ts'
import { StoreError } from './store-error.ts'
import type { Tables } from './tables.ts'

/** In the file's header, so that a file of another program is not taken for ours: "XDck". */
const applicationId = 0x58_44_63_6b
/** A check of every page of a larger file would hold up the start. */
const fullCheckLimit = 256 * 1024 * 1024
/** Milliseconds that a write waits for another process: the password reset, a backup. */
const busyTimeout = 5000

/** Opens or makes `xendeck.db` in `dataDir`. A file that is not usable is left as it is. @throws StoreError */
export async function openSqlite(dataDir: string): Promise<Database> {
  const file = join(dataDir, 'xendeck.db')
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const isNew = !existsSync(file) || statSync(file).size === 0
    if (!isNew) inspect(file)
    // SQLite would make it readable for all.
    else closeSync(openSync(file, 'a', 0o600))
    const database = new DatabaseSync(file, { timeout: busyTimeout })
    if (isNew) database.exec(`pragma application_id = ${applicationId}`)
    // NORMAL in WAL mode: what was committed survives the death of the process; the death of the machine may take
    // the last moments, never the file.
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on',
    )
    return {
      db: new Kysely<Tables>({
        dialect: new NodeSqliteDialect({ database: new Adapter(database) }),
      }),
      location: file,
      schema: undefined,
    }
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError(
      `The database ${file} cannot be opened: ${messageOf(error)}. Check XENDECK_DATA_DIR and its permissions.`,
      { cause: error },
    )
  }
}

/** Looks at an existing file without writing to it. @throws StoreError */
function inspect(file: string): void {
  const restore =
    'Restore a backup, or move the file away to start anew (pools and accounts are in it).'
  if (!hasSqliteHeader(file)) {
    throw new StoreError(`${file} is not a XenDeck database. ${restore}`)
  }
  let ran: string[]
  let verdict: unknown
  const database = new DatabaseSync(file, { readOnly: true, timeout: busyTimeout })
  try {
    if (first(database, 'pragma application_id') !== applicationId) {
      throw new StoreError(
        `${file} is a database of another program. Set XENDECK_DATA_DIR to a directory of its own.`,
      )
    }
    const small = statSync(file).size <= fullCheckLimit
    verdict = small ? first(database, 'pragma quick_check(1)') : 'ok'
    const hasRun = first(
      database,
      "select count(*) from sqlite_master where name = 'kysely_migration'",
    )
    const rows = hasRun === 1 ? database.prepare('select name from kysely_migration').all() : []
    ran = rows.map((row) => String(row['name']))
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError(`The database ${file} is damaged: ${messageOf(error)}. ${restore}`, {
      cause: error,
    })
  } finally {
    database.close()
  }
  if (verdict !== 'ok') {
    throw new StoreError(`The database ${file} is damaged: ${String(verdict)}. ${restore}`)
  }
  refuseNewer(ran, file)
}

function hasSqliteHeader(file: string): boolean {
  const header = Buffer.alloc(16)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, header, 0, 16, 0)
  } finally {
    closeSync(descriptor)
  }
  return header.toString('latin1') === 'SQLite format 3\0'
}

/** The first column of the first row. */
function first(database: DatabaseSync, query: string): unknown {
  const row = database.prepare(query).get()
  return row && Object.values(row)[0]
}

class NodeSqliteDialect extends SqliteDialect {
  override createAdapter(): DialectAdapter {
    return new MigratingAdapter()
  }
}

/**
 * SQLite can change tables in a transaction: a process that dies in the middle of a migration leaves the tables as
 * they were, and a second one that starts waits for the first.
 */
class MigratingAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** Node's SQLite in the shape that Kysely's dialect wants. */
class Adapter implements SqliteDatabase {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /**
   * A plain `begin` takes the write lock with the first write, and fails at once where another process has written
   * since the first read; `begin immediate` waits its turn.
   */
  prepare(query: string): SqliteStatement {
    const statement = query === 'begin' ? 'begin immediate' : query
    return new AdaptedStatement(this.#database.prepare(statement))
  }

  close(): void {
    this.#database.close()
  }
}

class AdaptedStatement implements SqliteStatement {
  readonly #statement: StatementSync
  readonly reader: boolean

  constructor(statement: StatementSync) {
    this.#statement = statement
    this.reader = statement.columns().length > 0
  }

  all(parameters: readonly unknown[]): unknown[] {
    return this.#statement.all(...parameters.map(toSql))
  }

  run(parameters: readonly unknown[]): ReturnType<StatementSync['run']> {
    return this.#statement.run(...parameters.map(toSql))
  }

  iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
    return this.#statement.iterate(...parameters.map(toSql))
  }
}

function toSql(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'bigint' || value instanceof Uint8Array) return value
  throw new TypeError(`a ${typeof value} cannot be stored`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
