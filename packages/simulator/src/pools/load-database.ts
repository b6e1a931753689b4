/**
 * Opens a real xapi database (PROTOCOL section 12) in a pool: refs, uuids and power states are kept,
 * and old releases are upgraded as xapi does when it starts.
 */
import type { Row } from '../db/database.ts'
import { model } from '../model/model.ts'
import type { Pool } from '../pool.ts'
import { DatabaseFileError, type DumpSource, readDump } from './dump-reader.ts'
import { readValue } from './sexpr.ts'
import { upgrade } from './upgrade.ts'

/** Written anew by the running pool, or kept elsewhere (messages are files in real xapi). */
const NOT_LOADED = new Set(['session', 'task', 'event', 'auth', 'role', 'message'])
/** Operations that ran in the old pool do not run in this one. */
const NOT_KEPT = new Set(['current_operations', 'allowed_operations'])

export interface LoadedDatabase {
  /** Rows by class. */
  readonly counts: ReadonlyMap<string, number>
  /** Rows that were left out, by table: unknown tables, duplicates. */
  readonly skipped: ReadonlyMap<string, number>
}

/**
 * Fills an empty pool from a database file: a path, its contents or a stream, plain or gzipped.
 * @throws DatabaseFileError whose message is one sentence for people
 */
export async function loadDatabase(pool: Pool, source: DumpSource): Promise<LoadedDatabase> {
  const counts = new Map<string, number>()
  const skipped = new Map<string, number>()
  await readDump(source, ({ table, ref, fields }) => {
    const loaded = createRow(pool, table, ref, fields)
    const tally = loaded ? counts : skipped
    tally.set(table, (tally.get(table) ?? 0) + 1)
  })
  if (!counts.has('host'))
    throw new DatabaseFileError(
      'The database holds no host, so it is not that of a pool; give the file that `GET /pool/xmldbdump` of a host returns.',
    )
  upgrade(pool)
  return { counts, skipped }
}

/** false for a row that this release has no table for, or that is there already. */
function createRow(
  pool: Pool,
  table: string,
  ref: string,
  fields: ReadonlyMap<string, string>,
): boolean {
  const cls = model.classes.get(table)
  if (cls === undefined || !pool.db.has(table) || NOT_LOADED.has(table)) return false
  // Metrics of VBDs and VIFs were never written; a file that has them is not from xapi.
  if (cls.model.persist === 'nothing') return false
  const uuid = fields.get('uuid') ?? ''
  if (ref === '' || pool.db.classOf(ref) !== undefined) return false
  if (uuid !== '' && pool.db.byUuid(table, uuid) !== undefined) return false
  const row: Row = {}
  for (const [name, text] of fields) {
    const field = cls.fields.get(name)
    if (field === undefined || NOT_KEPT.has(name)) continue
    const value = readValue(text, field.parsed, model.data.enums)
    if (value !== undefined) row[name] = value
  }
  // The default of the model is for new VMs; VMs of releases without the field have none.
  if (table === 'VM') row['has_vendor_device'] ??= false
  pool.db.create(table, row, { ref })
  return true
}
