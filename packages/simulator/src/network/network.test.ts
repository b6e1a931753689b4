import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeVm, testPool } from '../vm/test-pool.ts'
import type { TestPool } from '../vm/test-pool.ts'
import { list, text } from '../vm/row.ts'

let t: TestPool

beforeEach(() => {
  t = testPool()
})

afterEach(() => t.pool.close())

const record = {
  name_label: 'n',
  name_description: '',
  MTU: 0,
  other_config: {},
  bridge: '',
  managed: true,
  tags: [],
}
const createNetwork = () => t.run('network.create', record)

test('a network gets a bridge of its own', async () => {
  const one = await createNetwork()
  expect(t.pool.db.must('network', one)).toMatchObject({ bridge: 'xapi1', MTU: 1500 })
  expect(t.field('network', await createNetwork(), 'bridge')).toBe('xapi2')
})

test('a network goes when nobody uses it, with its idle VIFs', async () => {
  const vm = await makeVm(t)
  const [vif = ''] = list(t.pool.db.must('VM', vm), 'VIFs')
  await expect(t.run('network.destroy', t.lan)).rejects.toMatchObject({
    code: 'NETWORK_CONTAINS_PIF',
  })
  const network = await createNetwork()
  await t.run('VIF.move', vif, network)
  await t.run('VM.start', vm, false, false)
  await expect(t.run('network.destroy', network)).rejects.toMatchObject({
    description: ['NETWORK_CONTAINS_VIF', vif],
  })
  await t.run('VM.hard_shutdown', vm)
  await t.run('network.destroy', network)
  expect(t.pool.db.get('VIF', vif)).toBeUndefined()
})

test('a VLAN on every host of the pool, and away again', async () => {
  const network = await createNetwork()
  const [base = ''] = list(t.pool.db.must('network', t.lan), 'PIFs')
  await t.run('pool.create_VLAN_from_PIF', base, network, 7)
  const pifs = list(t.pool.db.must('network', network), 'PIFs')
  expect(pifs).toHaveLength(t.hosts.length)
  for (const pif of pifs) {
    expect(t.pool.db.must('PIF', pif)).toMatchObject({ device: 'eth0', VLAN: 7, physical: false })
  }
  expect(t.pool.db.count('VLAN')).toBe(t.hosts.length)
  for (const pif of pifs)
    await t.run('VLAN.destroy', text(t.pool.db.must('PIF', pif), 'VLAN_master_of'))
  expect(t.pool.db.must('network', network)['PIFs']).toEqual([])
})

test('VLANs that cannot be', async () => {
  const network = await createNetwork()
  const [pif = ''] = list(t.pool.db.must('network', t.lan), 'PIFs')
  const host = String(t.field('PIF', pif, 'host'))
  const create = (tag: number, where = network) => t.run('VLAN.create', pif, tag, where)
  await expect(create(4095)).rejects.toMatchObject({ description: ['VLAN_TAG_INVALID', '4095'] })
  await expect(create(5, t.lan)).rejects.toMatchObject({
    description: ['NETWORK_ALREADY_CONNECTED', host, pif],
  })
  await create(5)
  await expect(create(5, t.internal)).rejects.toMatchObject({
    description: ['PIF_VLAN_EXISTS', 'eth0'],
  })
})

test('a VLAN that fails on one host is made on none', async () => {
  const network = await createNetwork()
  const pifs = list(t.pool.db.must('network', t.lan), 'PIFs')
  await t.run('VLAN.create', pifs[2] ?? '', 9, t.internal)
  await expect(t.run('pool.create_VLAN_from_PIF', pifs[0] ?? '', network, 9)).rejects.toMatchObject(
    {
      description: ['PIF_VLAN_EXISTS', 'eth0'],
    },
  )
  expect(t.pool.db.must('network', network)['PIFs']).toEqual([])
})

test('the management interface stays up', async () => {
  const [pif = ''] = list(t.pool.db.must('network', t.lan), 'PIFs')
  const refusal = { description: ['PIF_IS_MANAGEMENT_INTERFACE', pif] }
  await expect(t.run('PIF.unplug', pif)).rejects.toMatchObject(refusal)
  await expect(t.run('PIF.reconfigure_ip', pif, 'None', '', '', '', '')).rejects.toMatchObject(
    refusal,
  )
})

test('a static address is checked and set', async () => {
  const [pif = ''] = list(t.pool.db.must('network', t.lan), 'PIFs')
  const set = (ip: string) =>
    t.run('PIF.reconfigure_ip', pif, 'Static', ip, '255.255.255.0', '192.0.2.1', '192.0.2.1')
  await expect(set('nowhere')).rejects.toMatchObject({
    description: ['INVALID_IP_ADDRESS_SPECIFIED', 'IP'],
  })
  await set('192.0.2.9')
  expect(t.pool.db.must('PIF', pif)).toMatchObject({
    IP: '192.0.2.9',
    ip_configuration_mode: 'Static',
  })
})
