import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Clock } from '../context.ts'
import type { Store } from '../store/store.ts'
import type { AuditTable } from '../store/tables.ts'

/** One line of the audit: who did what, on what, from where, and how it ended. */
export interface AuditEntry {
  /** The account's id; null where nobody had signed in. */
  readonly userId: string | null
  readonly userName: string
  /** Address of the caller. */
  readonly from: string
  /** An operation's name (`vm.start`), or `session.signIn` and the like. */
  readonly action: string
  readonly target: { readonly kind: string; readonly id: string; readonly name: string } | null
  readonly poolId: string | null
  /** `ok`, or the error code. */
  readonly result: string
  readonly requestId: string
}

export interface Audit {
  /** Appends in the order of calls; resolved once it is stored. */
  append(entry: AuditEntry): Promise<void>
  /** Reads the whole chain and tells where it does not hold. */
  verify(): Promise<AuditVerdict>
}

export type AuditVerdict =
  | { readonly intact: true; readonly length: number }
  /** `seq`: the first line that is not as it was written, or is missing. */
  | { readonly intact: false; readonly seq: number; readonly problem: string }

interface Waiting {
  readonly entry: AuditEntry
  readonly at: string
  resolve(): void
  reject(error: unknown): void
}
type Row = Selectable<AuditTable>

/** Lines written in one transaction: bounds how long it takes when a thousand operations end at once. */
const batchSize = 200
/** Lines read at a time while verifying. */
const pageSize = 1000

/**
 * The audit in the console's database. Each line carries a hash over itself and the hash before, and the head row says
 * how many there are: a line that is changed, removed or put in between is found. Whoever can write to the database
 * can of course write a whole new chain; keep copies of the last hash elsewhere where that matters.
 */
export function createAudit(store: Store, clock: Clock): Audit {
  const waiting: Waiting[] = []
  let isWriting = false

  async function writeAll(): Promise<void> {
    if (isWriting) return
    isWriting = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchSize)
      try {
        await write(store, batch)
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    isWriting = false
  }

  return {
    append(entry) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      waiting.push({ entry, at: clock.now().toISOString(), resolve, reject })
      void writeAll()
      return promise
    },
    verify: () => verify(store),
  }
}

async function write(store: Store, batch: readonly Waiting[]): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    // The update locks the head, so that what several BFFs append comes one after the other.
    const head = await trx
      .updateTable('audit_head')
      .set((set) => ({ seq: set('seq', '+', batch.length) }))
      .returning(['seq', 'hash'])
      .executeTakeFirstOrThrow()
    let seq = head.seq - batch.length
    let { hash } = head
    const rows = batch.map(({ entry, at }) => {
      seq += 1
      const row = { ...toColumns(entry), seq, at, previous_hash: hash }
      hash = hashOf(row)
      return { ...row, hash }
    })
    await trx.insertInto('audit').values(rows).execute()
    await trx.updateTable('audit_head').set({ hash }).execute()
  })
}

function toColumns(entry: AuditEntry): Omit<Row, 'seq' | 'at' | 'hash' | 'previous_hash'> {
  return {
    user_id: entry.userId,
    user_name: clean(entry.userName),
    from_address: entry.from,
    action: entry.action,
    target_kind: entry.target?.kind ?? null,
    target_id: entry.target ? clean(entry.target.id) : null,
    target_name: entry.target ? clean(entry.target.name) : null,
    pool_id: entry.poolId,
    result: entry.result,
    request_id: entry.requestId,
  }
}

/** PostgreSQL stores neither NUL nor half a surrogate pair; names of any length come in through URLs. */
function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed().slice(0, 300).toWellFormed()
}

/** Over the columns in a fixed order, as JSON, so that no two lines read the same. */
function hashOf(row: Omit<Row, 'hash'>): string {
  const columns = [
    row.previous_hash,
    row.seq,
    row.at,
    row.user_id,
    row.user_name,
    row.from_address,
    row.action,
    row.target_kind,
    row.target_id,
    row.target_name,
    row.pool_id,
    row.result,
    row.request_id,
  ]
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex')
}

async function verify(store: Store): Promise<AuditVerdict> {
  // The head first: lines that are appended meanwhile are simply more than it says.
  const head = await store.db.selectFrom('audit_head').selectAll().executeTakeFirst()
  if (!head) return { intact: false, seq: 0, problem: 'the head of the chain is missing' }
  let seq = 0
  let hash = ''
  while (seq < head.seq) {
    const rows = await store.db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', seq)
      .where('seq', '<=', head.seq)
      .orderBy('seq')
      .limit(pageSize)
      .execute()
    if (rows.length === 0) return { intact: false, seq: seq + 1, problem: 'the line is missing' }
    for (const row of rows) {
      seq += 1
      if (row.seq !== seq) return { intact: false, seq, problem: 'the line is missing' }
      if (row.previous_hash !== hash) {
        return { intact: false, seq, problem: 'it does not follow the line before' }
      }
      if (row.hash !== hashOf(row)) return { intact: false, seq, problem: 'it was changed' }
      hash = row.hash
    }
  }
  if (hash !== head.hash) return { intact: false, seq, problem: 'it is not the end of the chain' }
  return { intact: true, length: seq }
}
