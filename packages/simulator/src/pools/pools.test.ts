import { describe, expect, test } from 'vitest'
import { createPool } from '../create.ts'
import { isNull, NULL_REF } from '../db/database.ts'
import { model } from '../model/model.ts'
import type { Pool } from '../pool.ts'
import { int, list, text } from '../vm/row.ts'
import { populateDemo, populateGenerated } from './index.ts'

/** Refs of any field that point at nothing, and relations that only one end knows. */
function broken(pool: Pool): string[] {
  const found: string[] = []
  for (const cls of pool.db.tables)
    for (const [ref, row] of pool.db.all(cls))
      for (const [name, field] of model.classes.get(cls)?.fields ?? []) {
        const type = field.parsed
        const target =
          type.kind === 'ref'
            ? type.name
            : type.kind === 'set' && type.of.kind === 'ref'
              ? type.of.name
              : undefined
        if (target === undefined) continue
        const refs = type.kind === 'ref' ? [String(row[name])] : list(row, name)
        for (const other of refs) {
          if (isNull(other)) continue
          const row2 = pool.db.get(target, other)
          if (row2 === undefined) found.push(`${cls}.${name} → ${target}`)
          else if (field.relation !== undefined) {
            const back = row2[field.relation.field]
            const isThere = Array.isArray(back) ? back.includes(ref) : back === ref
            if (!isThere) found.push(`${cls}.${name} ≠ ${target}.${field.relation.field}`)
          }
        }
      }
  return found
}

function uuids(pool: Pool): string[] {
  return [...pool.db.tables].flatMap((cls) =>
    [...pool.db.all(cls)].map(([ref, row]) => `${cls} ${ref} ${String(row['uuid'])}`),
  )
}

const pools: readonly (readonly [string, (pool: Pool) => void])[] = [
  ['the demo pool', populateDemo],
  ['a generated pool', (pool) => populateGenerated(pool, { hosts: 4, vms: 200, seed: 7 })],
]

describe.each(pools)('%s', (_name, populate) => {
  test('is the same at every start', () => {
    const [first, second] = [createPool({ seed: 1 }), createPool({ seed: 2 })]
    populate(first)
    populate(second)
    expect(uuids(first)).toEqual(uuids(second))
  })

  test('has no loose ends', () => {
    const pool = createPool()
    populate(pool)
    expect(broken(pool)).toEqual([])
    for (const [, host] of pool.db.all('host')) {
      const free = int(pool.db.must('host_metrics', text(host, 'metrics')), 'memory_free')
      expect(free).toBeGreaterThan(0)
    }
    for (const [, vm] of pool.db.all('VM')) {
      const hasDomain = vm['power_state'] === 'Running' || vm['power_state'] === 'Paused'
      expect(vm['resident_on'] !== NULL_REF).toBe(hasDomain)
      expect(list(vm, 'consoles')).toHaveLength(hasDomain ? 2 : 0)
    }
  })
})

test('the demo pool has something of everything', () => {
  const pool = createPool()
  populateDemo(pool)
  const vms = [...pool.db.all('VM')].map(([, vm]) => vm)
  const machines = vms.filter(
    (vm) => vm['is_a_template'] !== true && vm['is_control_domain'] !== true,
  )
  expect(machines.length).toBeGreaterThanOrEqual(40)
  expect(new Set(machines.map((vm) => vm['power_state']))).toEqual(
    new Set(['Running', 'Halted', 'Suspended', 'Paused']),
  )
  expect(vms.filter((vm) => vm['is_a_snapshot'] === true).length).toBeGreaterThan(10)
  expect(new Set([...pool.db.all('SR')].map(([, sr]) => sr['type']))).toEqual(
    new Set(['nfs', 'lvmoiscsi', 'ext', 'udev', 'iso']),
  )
  // A snapshot with two children: a tree, not a chain.
  expect(vms.some((vm) => list(vm, 'children').length > 1)).toBe(true)
})

test('a generated pool is spread as real ones are', () => {
  const pool = createPool()
  populateGenerated(pool, { hosts: 4, vms: 400, seed: 1 })
  const machines = [...pool.db.all('VM')].filter(
    ([, vm]) => vm['is_a_template'] !== true && vm['is_control_domain'] !== true,
  )
  expect(machines).toHaveLength(400)
  const running = machines.filter(([, vm]) => vm['power_state'] === 'Running').length
  expect(running).toBeGreaterThan(300)
  expect(running).toBeLessThan(380)
  expect(() => populateGenerated(createPool(), { hosts: 0, vms: 1, seed: 1 })).toThrow(RangeError)
})
