import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, login } from '../testing/client.ts'
import { startSimulator } from '../index.ts'
import type { Simulator } from '../index.ts'

let simulator: Simulator
let session: string

beforeAll(async () => {
  simulator = await startSimulator({ timeScale: 0, data: { hosts: 2, vms: 2, seed: 1 } })
  session = await login(simulator.url)
})

afterAll(() => simulator.close())

test('a local session works on its member, for calls about the host, until it ends', async () => {
  const member = simulator.urls[1]!
  const method = 'session.slave_local_login_with_password'
  expect(await call(member, method, 'root', 'wrong')).toEqual([
    'SESSION_AUTHENTICATION_FAILED',
    'root',
    'Authentication failure',
  ])
  const local = await call(member, method, 'root', 'secret')
  const host = simulator.pool.servers[1]!.host
  expect(await call(member, 'pool.is_slave', local, host)).toBe(true)
  expect(await call(member, 'host.is_in_emergency_mode', local)).toBe(false)
  expect((await call(member, 'VM.get_all', local))[0]).toBe('HOST_IS_SLAVE')
  expect(await call(simulator.url, 'VM.get_all', local)).toEqual(['SESSION_INVALID', local])
  expect(await call(simulator.url, 'pool.is_slave', local, host)).toEqual([
    'SESSION_INVALID',
    local,
  ])
  expect(await call(member, 'session.local_logout', local)).toBe('')
  expect(await call(member, 'pool.is_slave', local, host)).toEqual(['SESSION_INVALID', local])
})

test('what scripts ask of hosts and the pool', async () => {
  const { url, pool } = simulator
  const host = pool.coordinator()
  const ask = (method: string, ...params: unknown[]) => call(url, method, session, ...params)
  expect(await ask('pool.get_license_state', pool.ref)).toEqual({
    edition: 'xcp-ng',
    expiry: 'never',
  })
  expect(await ask('host.call_plugin', host, 'none', 'run', {})).toEqual([
    'XENAPI_MISSING_PLUGIN',
    'none',
  ])
  expect(await ask('host.call_extension', host, 'x.y')).toEqual(['MESSAGE_METHOD_UNKNOWN', 'x.y'])
  expect(await ask('host.get_uncooperative_resident_VMs', host)).toEqual([])
  expect(await ask('host.set_hostname_live', host, 'no_underscores')).toEqual([
    'HOST_NAME_INVALID',
    'Hostname contains invalid characters',
  ])
  expect(await ask('host.set_hostname_live', host, 'new-name')).toBe('')
  expect(pool.db.must('host', host)['hostname']).toBe('new-name')
  const [vm] = [...pool.db.all('VM')].find(([, row]) => row['power_state'] === 'Running')!
  expect((await ask('VM.get_boot_record', vm))['uuid']).toBe(pool.db.must('VM', vm)['uuid'])
  expect(await ask('SR.get_supported_types')).toEqual(expect.arrayContaining(['nfs']))
})

test('messages are destroyed by time and priority', async () => {
  const { url, pool } = simulator
  const uuid = String(pool.db.must('host', pool.coordinator())['uuid'])
  for (const priority of ['1', '2', '2'])
    await call(url, 'message.create', session, 'ALARM', priority, 'Host', uuid, '')
  expect(await call(url, 'message.destroy_all', session, { colour: 'red' })).toEqual([
    'INVALID_VALUE',
    'colour',
    'red',
  ])
  await call(url, 'message.destroy_all', session, { priority: '2' })
  expect(await call(url, 'message.get_all', session)).toHaveLength(1)
  await call(url, 'message.destroy_all', session, { before: '19990101T00:00:00Z' })
  expect(await call(url, 'message.get_all', session)).toHaveLength(1)
  await call(url, 'message.destroy_all', session, {})
  expect(await call(url, 'message.get_all', session)).toEqual([])
})
