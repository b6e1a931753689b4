import { expect, test } from 'vitest'
import { createPool } from '../create.ts'
import { populateGenerated } from '../pools/index.ts'
import { list, text } from '../vm/row.ts'
import { report } from './index.ts'
import { loadAverage, vmLoad } from './load.ts'
import {
  chooseArchive,
  rrdJson,
  rrdNumber,
  type RrdQuery,
  rrdTable,
  rrdXml,
} from './rrd-updates.ts'

const UUID = '5f3a8e6a-3c09-4f0c-9b4a-0d8a25a8c001'
const EVERYTHING: RrdQuery = {
  start: -60,
  interval: 0,
  consolidation: 'AVERAGE',
  host: true,
  vms: undefined,
}

function pool() {
  const made = createPool({ seed: 3 })
  populateGenerated(made, { hosts: 1, vms: 5, seed: 3 })
  const now = Math.floor(made.clock.now() / 1000)
  const [host] = made.db.all('host')
  return { made, now, host: host?.[0] ?? '' }
}

test('load is a pure function, smooth and within bounds', () => {
  for (let time = 1_795_000_000; time < 1_795_090_000; time += 997) {
    const load = vmLoad(UUID, time)
    expect(vmLoad(UUID, time)).toEqual(load)
    for (const part of Object.values(load)) {
      expect(part).toBeGreaterThan(0)
      expect(part).toBeLessThan(1)
    }
    expect(Math.abs(vmLoad(UUID, time + 1).cpu - load.cpu)).toBeLessThan(0.1)
  }
  expect(vmLoad('another', 1_795_000_000)).not.toEqual(vmLoad(UUID, 1_795_000_000))
  expect(loadAverage(UUID, 4, 1_795_000_000).every((value) => value > 0 && value < 4)).toBe(true)
})

test('the archive is the finest that reaches back to the start', () => {
  const now = 1_800_000_000
  expect(chooseArchive(now - 300, 0, now).step).toBe(5)
  expect(chooseArchive(now - 3600, 5, now).step).toBe(60)
  expect(chooseArchive(now - 86_400, 0, now).step).toBe(3600)
  expect(chooseArchive(now - 300, 3600, now).step).toBe(3600)
  expect(chooseArchive(0, 0, now).step).toBe(86_400)
})

test('numbers are written as xapi writes them', () => {
  expect([0, 9, 0.1, Number.NaN, Infinity, -Infinity, 1 / 3].map(rrdNumber)).toEqual([
    '0.0',
    '9',
    '0.1',
    'NaN',
    'Infinity',
    '-Infinity',
    '0.333333333333333',
  ])
})

test('rows are newest first, in steps, with the legend of host and guests', () => {
  const { made, now, host } = pool()
  const table = rrdTable(made, host, EVERYTHING, now)
  expect(table.end).toBe(Math.floor(now / 5) * 5)
  expect(table.rows.map((row) => row.time)).toEqual(
    Array.from({ length: table.rows.length }, (_, index) => table.end - 5 * index),
  )
  expect(table.rows.at(-1)?.time).toBe(table.start)
  const hostUuid = text(made.db.must('host', host), 'uuid')
  expect(table.legend).toContain(`AVERAGE:host:${hostUuid}:cpu_avg`)
  expect(table.legend).toContain(`AVERAGE:host:${hostUuid}:memory_free_kib`)
  expect(table.legend.some((entry) => /^AVERAGE:vm:.*:vbd_xvda_read$/.test(entry))).toBe(true)
  const json: unknown = JSON.parse(rrdJson(table))
  expect(json).toMatchObject({
    meta: { step: '5', rows: String(table.rows.length), legend: table.legend },
  })
  expect(rrdXml(table)).toContain(
    `<columns>${table.legend.length}</columns><legend><entry>AVERAGE:host:`,
  )
  // The same again, and a query for one VM holds that VM only.
  expect(rrdTable(made, host, EVERYTHING, now)).toEqual(table)
  const vm = list(made.db.must('host', host), 'resident_VMs').at(-1) ?? ''
  const uuid = text(made.db.must('VM', vm), 'uuid')
  const one = rrdTable(made, host, { ...EVERYTHING, host: false, vms: [uuid] }, now)
  expect(one.legend.every((entry) => entry.startsWith(`AVERAGE:vm:${uuid}:`))).toBe(true)
})

test('there are no values from before the start of a VM', () => {
  const { made, now, host } = pool()
  const vm = list(made.db.must('host', host), 'resident_VMs').at(-1) ?? ''
  const row = made.db.must('VM', vm)
  const started = new Date((now - 30) * 1000).toISOString().replaceAll('-', '').slice(0, 17)
  made.db.write('VM_metrics', text(row, 'metrics'), { start_time: `${started}Z` })
  const { rows } = rrdTable(
    made,
    host,
    { ...EVERYTHING, host: false, vms: [text(row, 'uuid')] },
    now,
  )
  for (const { time, values } of rows) expect(Number.isNaN(values[0])).toBe(time < now - 30)
})

test('a round of reports changes metrics only', () => {
  const { made } = pool()
  const before = new Map([...made.db.all('VM')].map(([ref, row]) => [ref, structuredClone(row)]))
  const generation = made.db.generation
  for (const [ref] of made.db.all('VM_metrics'))
    made.db.write('VM_metrics', ref, { last_updated: '20200101T00:00:00Z' })
  report(made, 0)
  expect(made.db.generation).toBeGreaterThan(generation)
  for (const [ref, row] of made.db.all('VM')) expect(row).toEqual(before.get(ref))
})
