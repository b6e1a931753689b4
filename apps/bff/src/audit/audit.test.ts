import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backends, type TestDatabase } from '../store/backends.ts'
import type { Store } from '../store/store.ts'
import { createAudit, type Audit, type AuditEntry } from './audit.ts'

const clock = { now: () => new Date('2026-01-02T03:04:05Z') }

function entry(requestId: string): AuditEntry {
  return {
    userId: 'u1',
    userName: 'admin',
    from: '192.0.2.1',
    action: 'vm.start',
    target: { kind: 'vm', id: 'v1', name: 'web' },
    poolId: 'p1',
    result: 'ok',
    requestId,
  }
}

describe.each(backends)('audit on $name', (backend) => {
  let database: TestDatabase
  let store: Store
  let audit: Audit
  beforeEach(async () => {
    database = await backend.make()
    store = await database.open()
    audit = createAudit(store, clock)
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => audit.append(entry(id))))
  })
  afterEach(() => database.remove())

  it('keeps the order of calls and holds', async () => {
    const rows = await store.db.selectFrom('audit').selectAll().orderBy('seq').execute()
    expect(rows.map((row) => `${row.seq}${row.request_id}`)).toEqual(['1a', '2b', '3c', '4d', '5e'])
    expect(rows[0]).toMatchObject({ at: '2026-01-02T03:04:05.000Z', target_name: 'web' })
    expect(await audit.verify()).toEqual({ intact: true, length: 5 })
  })

  it('takes a thousand at once, from two writers', async () => {
    const other = createAudit(await database.open(), clock)
    const lines = Array.from({ length: 500 }, (_, n) => n)
    // SQLite has one writer at a time and waits in the process, so its two writers take turns here.
    await Promise.all(lines.map((n) => audit.append(entry(`x${n}`))))
    const both = backend.name === 'SQLite' ? [other] : [audit, other]
    await Promise.all(lines.map((n) => both[n % both.length]?.append(entry(`y${n}`))))
    expect(await audit.verify()).toEqual({ intact: true, length: 1005 })
  })

  it('takes any text as a name', async () => {
    const target = { kind: 'vm', id: 'nul\0', name: `half \ud800 ${'x'.repeat(5000)}` }
    await audit.append({ ...entry('odd'), target })
    expect(await audit.verify()).toEqual({ intact: true, length: 6 })
  })

  it('tells the caller when a line could not be written, and goes on', async () => {
    const broken = { ...entry('f'), action: undefined as never }
    await expect(audit.append(broken)).rejects.toThrow(/undefined|null/i)
    await audit.append(entry('g'))
    expect(await audit.verify()).toEqual({ intact: true, length: 6 })
  })

  it.each([
    [
      'a changed line',
      3,
      (db: Store['db']) =>
        db.updateTable('audit').set({ result: 'FORBIDDEN' }).where('seq', '=', 3).execute(),
    ],
    [
      'a removed line',
      2,
      (db: Store['db']) => db.deleteFrom('audit').where('seq', '=', 2).execute(),
    ],
    [
      'a removed end',
      5,
      (db: Store['db']) => db.deleteFrom('audit').where('seq', '=', 5).execute(),
    ],
    ['an emptied table', 1, (db: Store['db']) => db.deleteFrom('audit').execute()],
    [
      'a line that was hashed anew',
      5,
      async (db: Store['db']) => {
        const row = await db
          .selectFrom('audit')
          .selectAll()
          .where('seq', '=', 4)
          .executeTakeFirstOrThrow()
        await db
          .updateTable('audit')
          .set({ hash: 'f'.repeat(64) })
          .where('seq', '=', 5)
          .execute()
        expect(row.hash).not.toBe('')
      },
    ],
  ])('finds %s', async (_name, seq, tamper) => {
    await tamper(store.db)
    expect(await audit.verify()).toMatchObject({ intact: false, seq })
  })
})
