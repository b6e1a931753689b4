import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createPool } from '../create.ts'
import { NULL_REF, type Value } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { refreshAllowedOperations } from '../host/index.ts'
import { list, text } from '../vm/row.ts'
import { writeDatabase } from './dump-writer.ts'
import { DatabaseFileError, loadDatabase } from './index.ts'

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../../fixtures/${name}`, import.meta.url))

async function open(name: string): Promise<Pool> {
  const pool = createPool({ seed: 1 })
  await loadDatabase(pool, fixture(name))
  return pool
}

/** Values as a database file has them: an int is its digits; a set has no order. */
function plain(value: Value | undefined): unknown {
  if (Array.isArray(value)) return value.map(String).toSorted()
  return typeof value === 'number' ? String(value) : value
}

/** Of fixtures/dumps/README.md: VMs are those that are no template and no control domain. */
const DUMPS = [
  {
    name: 'dumps/two-hosts-vlan-bond-tunnel.xml',
    hosts: 2,
    vms: 4,
    running: 3,
    counts: { network: 11, PIF: 16, VLAN: 2, Bond: 2, tunnel: 2, VDI: 149 },
  },
  {
    name: 'dumps/one-host-eight-vms-snapshots.xml',
    hosts: 1,
    vms: 8,
    running: 8,
    counts: { VDI: 196, VBD: 56, VM_guest_metrics: 22 },
  },
  { name: 'dumps/two-hosts-iscsi-gpu.xml', hosts: 2, vms: 4, running: 4, counts: { VDI: 12 } },
  {
    name: 'dumps/two-hosts-appliances.xml',
    hosts: 2,
    vms: 4,
    running: 2,
    counts: { VM_appliance: 2, VDI: 51 },
  },
]

describe.each(DUMPS)('$name', ({ name, hosts, vms, running, counts }) => {
  test('holds what its description says', async () => {
    const pool = await open(name)
    const machines = [...pool.db.all('VM')].filter(
      ([, vm]) => vm['is_a_template'] !== true && vm['is_control_domain'] !== true,
    )
    expect(pool.db.count('host')).toBe(hosts)
    expect(machines).toHaveLength(vms)
    expect(machines.filter(([, vm]) => vm['power_state'] === 'Running')).toHaveLength(running)
    for (const [cls, count] of Object.entries(counts))
      expect([cls, pool.db.count(cls)]).toEqual([cls, count])
  })

  test('is upgraded: live hosts, metrics, consoles, operations', async () => {
    const pool = await open(name)
    refreshAllowedOperations(pool)
    for (const [, host] of pool.db.all('host')) {
      expect(pool.db.must('host_metrics', text(host, 'metrics'))['live']).toBe(true)
      expect(pool.db.must('VM', text(host, 'control_domain'))['domid']).toBe(0)
    }
    for (const [ref, vm] of pool.db.all('VM')) {
      expect(vm['domain_type']).not.toBe('unspecified')
      const isLive = vm['power_state'] === 'Running'
      expect(pool.db.get('host', text(vm, 'resident_on')) !== undefined).toBe(isLive)
      expect(isLive || list(vm, 'consoles').length === 0).toBe(true)
      if (!isLive || vm['is_control_domain'] === true) continue
      expect(list(vm, 'allowed_operations')).toContain('hard_shutdown')
      expect(list(vm, 'consoles').length).toBeGreaterThan(0)
      for (const console of list(vm, 'consoles'))
        expect(pool.db.must('console', console)).toMatchObject({
          VM: ref,
          location: expect.stringContaining('/console?uuid='),
        })
    }
    for (const cls of ['VBD', 'VIF'])
      for (const [, row] of pool.db.all(cls))
        expect(pool.db.get(`${cls}_metrics`, text(row, 'metrics'))).toBeDefined()
  })

  test('comes back the same from what the pool writes', async () => {
    const pool = await open(name)
    const again = createPool({ seed: 2 })
    await loadDatabase(again, Readable.from(writeDatabase(pool), { objectMode: false }))
    for (const cls of [
      'host',
      'VM',
      'VDI',
      'VBD',
      'VIF',
      'SR',
      'PBD',
      'network',
      'PIF',
      'VLAN',
      'Bond',
      'VM_guest_metrics',
      'console',
    ])
      for (const [ref, row] of pool.db.all(cls)) {
        const copy = again.db.must(cls, ref)
        for (const [field, value] of Object.entries(row))
          // Sets of refs come back in the order of the other table.
          expect([cls, field, plain(copy[field])]).toEqual([cls, field, plain(value)])
      }
  })
})

test('the newest database: default templates, coded white space, no skipped rows', async () => {
  const pool = createPool({ seed: 1 })
  const { skipped } = await loadDatabase(pool, fixture('recordings/initial-database.xml'))
  expect([...skipped.keys()].filter((table) => table !== 'session' && table !== 'task')).toEqual([])
  const labels = [...pool.db.all('VM')].map(([, vm]) => vm['name_label'])
  expect(labels).toContain('Ubuntu Jammy Jellyfish 22.04')
  expect(
    [...pool.db.all('VM')].filter(([, vm]) => vm['is_default_template'] === true),
  ).toHaveLength(49)
})

test('gzipped files are recognised', async () => {
  const pool = createPool()
  const file = readFileSync(fixture('dumps/two-hosts-appliances.xml'))
  await loadDatabase(pool, gzipSync(file))
  expect(pool.db.count('host')).toBe(2)
})

test('what old or foreign databases hold wrongly does not stop it', async () => {
  const pool = createPool()
  const rows = `<table name="host"><row ref="OpaqueRef:h" uuid="h1" name__label="h" hostname="h" address="10.0.0.1"/></table>
    <table name="NotAnymore"><row ref="OpaqueRef:n" uuid="n"/></table>
    <table name="VM"><row ref="OpaqueRef:v" uuid="v1" power_state="running" name__label="a%_b%n" resident_on="OpaqueRef:gone" memory__static_max="12345678901234567890" tags="('x' 'it\\'s')" other_config="(('__proto__'%.'y'))" unheard_of="1" current_operations="(('t' 'start'))"/>
    <row ref="OpaqueRef:v" uuid="v2"/><row ref="OpaqueRef:w" uuid="v1"/></table>
    <table name="VBD"><row ref="OpaqueRef:b" uuid="b" VM="OpaqueRef:dead" VDI="OpaqueRef:NULL" empty="true"/></table>`
  await loadDatabase(pool, Buffer.from(`<database><manifest/>${rows}</database>`))
  const vm = pool.db.must('VM', 'OpaqueRef:v')
  expect(vm).toMatchObject({
    power_state: 'Running',
    name_label: 'a  b\n',
    resident_on: 'OpaqueRef:h',
    memory_static_max: '12345678901234567890',
    tags: ['x', "it's"],
    current_operations: {},
  })
  expect(Object.keys(vm['other_config'] ?? {})).toEqual(['__proto__'])
  expect([pool.db.count('VM'), pool.db.count('VBD')]).toEqual([1, 0])
  expect(pool.coordinator()).toBe('OpaqueRef:h')
  expect(list(vm, 'consoles')).toHaveLength(2)
  expect(vm['metrics']).not.toBe(NULL_REF)
})

test.each([
  ['', 'is empty'],
  ['hello', 'is not XML'],
  ['<html/>', 'not a xapi database'],
  ['<!DOCTYPE d [<!ENTITY a "b">]><database/>', 'DOCTYPE'],
  ['<database><table name="VM"><row ref="a"', 'ends in the middle'],
  ['<database><table></database>', 'is damaged'],
  ['<database><table name="VM"><row ref="&lol;"/></table></database>', 'is damaged'],
  ['<database/>', 'holds no host'],
])('%j is refused with a sentence', async (contents, reason) => {
  const loading = loadDatabase(createPool(), Buffer.from(contents))
  await expect(loading).rejects.toThrow(DatabaseFileError)
  await expect(loading).rejects.toThrow(reason)
})

test('files that cannot be read are refused with a sentence', async () => {
  const cut = gzipSync(readFileSync(fixture('dumps/two-hosts-appliances.xml'))).subarray(0, 5000)
  await expect(loadDatabase(createPool(), cut)).rejects.toThrow('gzip')
  await expect(loadDatabase(createPool(), fixture('dumps/none.xml'))).rejects.toThrow(
    'does not exist',
  )
  await expect(loadDatabase(createPool(), fixture('dumps'))).rejects.toThrow('directory')
  await expect(loadDatabase(createPool(), Buffer.from([0x3c, 0xff, 0xfe]))).rejects.toThrow('UTF-8')
})
