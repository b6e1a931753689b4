/** Databases of other releases, damaged pools and files that are none. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createPool } from '../create.ts'
import type { Database } from '../db/database.ts'
import { type Simulator, startSimulator } from '../index.ts'
import { call, login } from '../testing/client.ts'
import { fixture, LOADED, REFUSED } from '../testing/dump-variants.ts'
import { flag, list } from '../vm/row.ts'
import { writeDatabase } from './dump-writer.ts'
import { DatabaseFileError, loadDatabase, populateGenerated } from './index.ts'

let simulator: Simulator | undefined

afterEach(async () => {
  await simulator?.close()
  simulator = undefined
})

function machines(db: Database): [string, string][] {
  return [...db.all('VM')]
    .filter(([, vm]) => !flag(vm, 'is_a_template') && !flag(vm, 'is_control_domain'))
    .map(([ref, vm]) => [ref, String(vm['power_state'])])
}

/** Stops a VM that runs, and starts or resumes it. @returns the code of a refusal, or '' */
async function cycle(url: string, session: string, vm: string, state: string): Promise<string> {
  if (state === 'Running' || state === 'Paused')
    expect(await call(url, 'VM.hard_shutdown', session, vm)).toBe('')
  const method = state === 'Suspended' ? 'VM.resume' : 'VM.start'
  const answer = await call(url, method, session, vm, false, false)
  return Array.isArray(answer) ? String(answer[0]) : String(answer)
}

/** By JSON, which is parsed faster. */
async function countRecords(url: string, session: string, cls: string): Promise<number> {
  const body = JSON.stringify({ id: 1, method: `${cls}.get_all_records`, params: [session] })
  const reply = await fetch(`${url}/jsonrpc`, { method: 'POST', body })
  const { result } = (await reply.json()) as { result: object }
  return Object.keys(result).length
}

async function check(data: string | Buffer, refusals: readonly string[]): Promise<void> {
  simulator = await startSimulator({ data: { database: Buffer.from(data) }, timeScale: 0 })
  const { url, pool } = simulator
  const session = await login(url)
  expect(pool.db.count('pool')).toBe(1)
  for (const cls of ['VM', 'host', 'VDI', 'network', 'PIF', 'pool', 'SR'])
    expect(await countRecords(url, session, cls)).toBe(pool.db.count(cls))
  for (const [, console] of pool.db.all('console')) {
    const reply = await fetch(`${String(console['location'])}&session_id=${session}`)
    expect(reply.status).toBe(501)
  }
  for (const [vm, state] of machines(pool.db)) {
    const isLive = state === 'Running' || state === 'Paused'
    expect(list(pool.db.must('VM', vm), 'consoles').length > 0).toBe(isLive)
    expect(['', ...refusals]).toContain(await cycle(url, session, vm, state))
  }
}

describe('a database', () => {
  test.each(LOADED)(
    '$name is loaded, and its VMs start or say why not',
    async ({ data, refusals }) => {
      await check(data, refusals ?? [])
    },
  )

  test.each(REFUSED)('that is %s is refused in one sentence', async (_name, data, reason) => {
    const loading = loadDatabase(createPool(), Buffer.from(data))
    await expect(loading).rejects.toThrow(DatabaseFileError)
    await expect(loading).rejects.toThrow(reason)
    await expect(loading).rejects.toThrow(/^[^\n]+\.$/)
  })
})

test.each([
  'dumps/one-host-eight-vms-snapshots.xml',
  'dumps/two-hosts-appliances.xml',
  'dumps/two-hosts-iscsi-gpu.xml',
  'dumps/two-hosts-vlan-bond-tunnel.xml',
  'recordings/initial-database.xml',
])('every VM of %s can be stopped and started', async (name) => {
  await check(fixture(name), [])
})

describe('a database of 10,000 objects', () => {
  const pool = createPool({ seed: 1 })

  beforeAll(() => populateGenerated(pool, { hosts: 4, vms: 700, seed: 1 }))

  test('is loaded whole', async () => {
    const again = createPool({ seed: 2 })
    await loadDatabase(again, Buffer.from([...writeDatabase(pool)].join('')))
    const counts = (db: Database) =>
      [...db.tables].map((cls) => [cls, db.count(cls)] as const).filter(([cls]) => cls !== 'role')
    expect(counts(again.db)).toEqual(counts(pool.db))
    expect(counts(pool.db).reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThan(8000)
  })
})
