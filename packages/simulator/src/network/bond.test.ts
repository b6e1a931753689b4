import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NULL_REF } from '../db/database.ts'
import { list, text } from '../vm/row.ts'
import { testPool } from '../vm/test-pool.ts'
import type { TestPool } from '../vm/test-pool.ts'

let t: TestPool
let network: string
let eth0: string
let eth1: string

const pif = (ref: string) => t.pool.db.must('PIF', ref)

beforeEach(() => {
  t = testPool()
  const { db } = t.pool
  const host = t.hosts[0] ?? ''
  network = db.create('network', { name_label: 'bonded', bridge: 'xapi7' })
  const other = db.create('network', { name_label: 'second', bridge: 'xenbr1' })
  eth0 = list(db.must('host', host), 'PIFs')[0] ?? ''
  db.write('PIF', eth0, {
    MAC: '00:16:3e:00:00:01',
    IP: '192.0.2.1',
    ip_configuration_mode: 'Static',
  })
  const second = { device: 'eth1', network: other, host, VLAN: -1, MTU: 1500 }
  eth1 = db.create('PIF', { ...second, MAC: '00:16:3e:00:00:02', physical: true })
})

afterEach(() => t.pool.close())

const create = (members: string[], mode = 'balance-slb', properties = {}) =>
  t.run('Bond.create', network, members, '', mode, properties)

describe('Bond', () => {
  test('takes address, management and VLANs of its members, and gives them back', async () => {
    const vlan = await t.run('VLAN.create', eth1, 5, t.internal)
    const bond = await create([eth1, eth0])
    const master = text(t.pool.db.must('Bond', bond), 'master')
    expect(pif(master)).toMatchObject({
      device: 'bond0',
      MAC: '00:16:3e:00:00:01',
      IP: '192.0.2.1',
      management: true,
      network,
      bond_master_of: [bond],
    })
    for (const member of [eth0, eth1]) {
      expect(pif(member)).toMatchObject({
        bond_slave_of: bond,
        ip_configuration_mode: 'None',
        management: false,
      })
    }
    expect(t.field('VLAN', vlan, 'tagged_PIF')).toBe(master)
    expect(pif(text(t.pool.db.must('VLAN', vlan), 'untagged_PIF'))['device']).toBe('bond0')

    await t.run('Bond.destroy', bond)
    expect(t.pool.db.get('PIF', master)).toBeUndefined()
    expect(pif(eth0)).toMatchObject({ IP: '192.0.2.1', management: true, bond_slave_of: NULL_REF })
    expect(t.field('VLAN', vlan, 'tagged_PIF')).toBe(eth0)
  })

  test('LACP has settings, others have none', async () => {
    const bond = await create([eth0, eth1], 'lacp', { 'lacp-time': 'fast' })
    expect(t.field('Bond', bond, 'properties')).toMatchObject({
      'lacp-time': 'fast',
      hashing_algorithm: 'tcpudp_ports',
    })
    await expect(t.run('Bond.set_property', bond, 'lacp-time', 'never')).rejects.toMatchObject({
      code: 'INVALID_VALUE',
    })
    await t.run('Bond.set_mode', bond, 'active-backup')
    expect(t.field('Bond', bond, 'properties')).toEqual({})
  })

  test('members must be free, several and of one host', async () => {
    await expect(create([eth0])).rejects.toMatchObject({
      description: ['PIF_BOND_NEEDS_MORE_MEMBERS'],
    })
    const far = list(t.pool.db.must('host', t.hosts[1] ?? ''), 'PIFs')[0] ?? ''
    await expect(create([eth0, far])).rejects.toMatchObject({
      description: ['PIF_CANNOT_BOND_CROSS_HOST'],
    })
    await create([eth0, eth1])
    await expect(create([eth0, eth1])).rejects.toMatchObject({
      description: ['PIF_ALREADY_BONDED', eth0],
    })
  })
})

describe('tunnel', () => {
  test('needs Open vSwitch on every host', async () => {
    await expect(t.run('tunnel.create', eth0, network, 'gre')).rejects.toMatchObject({
      description: ['OPENVSWITCH_NOT_ACTIVE'],
    })
    for (const host of t.hosts) {
      t.pool.db.write('host', host, { software_version: { network_backend: 'openvswitch' } })
    }
    const tunnel = await t.run('tunnel.create', eth0, network, 'vxlan')
    expect(t.pool.db.must('tunnel', tunnel)).toMatchObject({
      transport_PIF: eth0,
      protocol: 'vxlan',
      status: { active: 'true' },
    })
    const access = text(t.pool.db.must('tunnel', tunnel), 'access_PIF')
    expect(pif(access)).toMatchObject({
      device: 'tunnel0',
      network,
      tunnel_access_PIF_of: [tunnel],
    })
    await t.run('tunnel.destroy', tunnel)
    expect(t.pool.db.get('PIF', access)).toBeUndefined()
  })
})
