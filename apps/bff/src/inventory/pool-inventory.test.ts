import { expect, it, vi } from 'vitest'
import type { Vm } from '@xendeck/contract'
import { refOf, refsOf, TestStore } from '../../test/record-store.ts'
import { ResourceTable, type Key, type Row } from '../feed/table.ts'
import { Claims } from './claims.ts'
import { PoolInventory } from './pool-inventory.ts'

function inventory(
  store: TestStore,
  options: {
    table?: ResourceTable
    claims?: Claims
    id?: string
    slice?: number
    heritage?: readonly Key[]
  } = {},
) {
  const table = options.table ?? new ResourceTable()
  const id = options.id ?? 'pool'
  const onFailure = vi.fn<(cls: string, ref: string, error: unknown) => void>()
  const pool = new PoolInventory({
    store,
    table,
    claims: options.claims ?? new Claims(),
    pool: { id, ref: refOf(id), connectionId: 'connection' },
    onFailure,
    slice: options.slice ?? 1000,
    ...(options.heritage && { heritage: options.heritage }),
  })
  const commits: Row[][] = []
  table.onCommit((rows) => commits.push([...rows]))
  return {
    table,
    pool,
    onFailure,
    commits,
    ids: () => commits.flat().map((row) => `${row.kind}/${row.id}`),
  }
}

function twoVms(): TestStore {
  const store = new TestStore()
  store.set('pool', 'pool', { master: refOf('host') })
  store.set('host', 'host', { name_label: 'xen1' })
  for (const name of ['a', 'b']) {
    store.set('VM_guest_metrics', `guest-${name}`, { networks: { '0/ip': '192.0.2.1' } })
    store.set('VM', name, {
      name_label: name,
      power_state: 'Running',
      resident_on: refOf('host'),
      guest_metrics: refOf(`guest-${name}`),
    })
  }
  return store
}

it('projects again only what has read what changed', () => {
  const store = twoVms()
  const { ids, table } = inventory(store)
  store.set('VM_guest_metrics', 'guest-a', { networks: { '0/ip': '192.0.2.9' } })
  store.tell()
  expect(ids()).toEqual(['vm/a'])
  expect((JSON.parse(table.row('vm', 'a')?.json ?? '') as Vm).addresses).toEqual(['192.0.2.9'])
})

it('makes no revision of a change that does not show', () => {
  const store = twoVms()
  const { ids, table } = inventory(store)
  const { revision } = table
  store.set('VM', 'a', { last_booted_record: 'something' })
  store.set('VM_guest_metrics', 'guest-b', { last_updated: '20261101T10:00:00Z' })
  store.tell()
  expect(ids()).toEqual([])
  expect(table.revision).toBe(revision)
})

it('leaves VMs alone when the host that they name changes, not when it goes', () => {
  const store = twoVms()
  const { ids, commits } = inventory(store)
  store.set('host', 'host', { name_label: 'renamed' })
  store.tell()
  // The unnamed pool shows its coordinator's name.
  expect(ids().toSorted()).toEqual(['host/host', 'pool/pool'])
  commits.length = 0
  store.delete('host', 'host')
  store.tell()
  expect(ids().toSorted()).toEqual(['host/host', 'pool/pool', 'vm/a', 'vm/b'])
})

it('learns of what a ref led nowhere to before', () => {
  const store = twoVms()
  store.set('VM', 'a', { VBDs: refsOf('vbd') })
  const { table } = inventory(store)
  expect((JSON.parse(table.row('vm', 'a')?.json ?? '') as Vm).drives).toEqual([])
  store.set('VBD', 'vbd', { type: 'Disk', userdevice: '0' })
  store.tell()
  expect((JSON.parse(table.row('vm', 'a')?.json ?? '') as Vm).drives).toHaveLength(1)
})

it('turns a template that becomes a VM into one, and takes away what is destroyed', () => {
  const store = twoVms()
  store.set('VM', 'c', { is_a_template: true })
  const { table } = inventory(store)
  expect(table.row('template', 'c')).toBeDefined()
  store.set('VM', 'c', { is_a_template: false })
  store.tell()
  expect(table.row('template', 'c')).toBeUndefined()
  expect(table.row('vm', 'c')).toBeDefined()
  store.delete('VM', 'c')
  store.tell()
  expect(table.row('vm', 'c')).toBeUndefined()
})

it('leaves out an object whose projection fails, once told, and shows the others', () => {
  const store = twoVms()
  // A record that no pool should send.
  const broken = Object.defineProperty({}, 'name_label', {
    get: () => {
      throw new Error('broken')
    },
    enumerable: false,
  })
  Object.setPrototypeOf(broken, null)
  store.set('SR', 'sr')
  const record = store.get('SR', refOf('sr'))
  Object.defineProperty(
    record,
    'name_label',
    Object.getOwnPropertyDescriptor(broken, 'name_label') ?? {},
  )
  const { table, onFailure } = inventory(store)
  expect(onFailure).toHaveBeenCalledOnce()
  expect(table.row('storage', 'sr')).toBeUndefined()
  expect(table.row('vm', 'a')).toBeDefined()
})

it('shows a large pool as a whole, in slices that let others work', async () => {
  const store = twoVms()
  for (let index = 0; index < 1500; index += 1)
    store.set('VM', `vm${index}`, { name_label: `vm${index}` })
  const { table, commits } = inventory(store, { slice: 0 })
  expect(table.rows('vm').size).toBe(0)
  let turns = 0
  while (table.rows('vm').size === 0) {
    turns += 1
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(turns).toBeGreaterThan(50)
  expect(table.rows('vm').size).toBe(1502)
  expect(commits).toHaveLength(1)
})

it('says when the pool is no longer live, keeps its objects, and takes all away in the end', () => {
  const store = twoVms()
  const { table, pool } = inventory(store)
  pool.setLive(false)
  expect(table.row('pool', 'pool')?.json).toContain('"live":false')
  expect(table.rows('vm').size).toBe(2)
  pool.close()
  expect(table.size).toBe(0)
})

it('gives the second of two objects with one uuid an id of its own, also where it is referred to', () => {
  const table = new ResourceTable()
  const claims = new Claims()
  const make = (id: string) => {
    const store = new TestStore()
    store.set('pool', id)
    store.set('SR', 'shared-sr')
    store.set('VDI', `disk-of-${id}`, { SR: refOf('shared-sr') })
    return inventory(store, { table, claims, id })
  }
  const first = make('one')
  make('two')
  expect([...table.rows('storage').keys()]).toEqual(['shared-sr', 'two.shared-sr'])
  expect(table.row('disk', 'disk-of-two')?.json).toContain('"storageId":"two.shared-sr"')
  first.pool.close()
  expect([...table.rows('storage').keys()]).toEqual(['two.shared-sr'])
})

it('shows the pool itself last, so that who sees it sees all of it', () => {
  const table = new ResourceTable()
  const shown: string[] = []
  table.onCommit((rows) => void shown.push(...rows.map((row) => row.kind)))
  inventory(twoVms(), { table })
  expect(shown).toContain('vm')
  expect(shown.indexOf('pool')).toBe(shown.length - 1)
})

it('takes over from another one without a flicker, and drops what is gone meanwhile', () => {
  const table = new ResourceTable()
  const claims = new Claims()
  const first = inventory(twoVms(), { table, claims })
  const later = twoVms()
  later.delete('VM', 'b')
  const told: string[] = []
  table.onCommit((rows) => {
    for (const { kind, id, removed } of rows) told.push(`${removed ? '-' : '+'}${kind}/${id}`)
  })
  inventory(later, { table, claims, heritage: first.pool.handOver() })
  expect(told).toEqual(['-vm/b'])
})
