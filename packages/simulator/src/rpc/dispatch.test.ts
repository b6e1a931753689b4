import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSimulator } from '../index.ts'
import type { Simulator } from '../index.ts'
import { call, exchange, login, raw } from '../testing/client.ts'

let simulator: Simulator
let url: string
let session: string

beforeAll(async () => {
  simulator = await startSimulator({
    data: { hosts: 2, vms: 3, seed: 3 },
    timeScale: 0,
    faults: true,
    accounts: [{ name: 'eve', password: 'reads', role: 'read-only' }],
  })
  url = simulator.url
  session = await login(url)
})

afterAll(() => simulator.close())

function someVm(): string {
  return [...simulator.pool.db.all('VM')].find(
    ([, row]) => !row['is_a_template'] && !row['is_control_domain'],
  )![0]
}

describe('order of checks', () => {
  test('arity comes before types, types before the session, the session before the body', async () => {
    expect(await call(url, 'VM.start', 'bad')).toEqual([
      'MESSAGE_PARAMETER_COUNT_MISMATCH',
      'VM.start',
      '3',
      '0',
    ])
    expect(await call(url, 'VM.start', 'bad', 'x', 'no', false)).toEqual([
      'INTERNAL_ERROR',
      `Failure("Expected bool, got 'S(no)'")`,
    ])
    expect(await call(url, 'VM.start', 'bad', 'x', true, false)).toEqual(['SESSION_INVALID', 'bad'])
    expect(await call(url, 'VM.start', session, 'x', true, false)).toEqual([
      'HANDLE_INVALID',
      'VM',
      'x',
    ])
  })

  test('names: alias with an underscore, removed, unknown, without behaviour', async () => {
    expect(await call(url, 'VM_get_all', session)).toHaveLength(simulator.pool.db.count('VM'))
    expect(await call(url, 'VMPP.get_all', session)).toEqual(['MESSAGE_REMOVED'])
    expect(await call(url, 'VM.frob', session)).toEqual(['MESSAGE_METHOD_UNKNOWN', 'VM.frob'])
    expect(await call(url, 'VM.frob', 'bad')).toEqual(['SESSION_INVALID', 'bad'])
    expect(await call(url, 'Async.VM.get_all', session)).toEqual([
      'Fault',
      'No async mode for this operation (rpc: VM.get_all)',
    ])
    expect(await call(url, 'pool.send_wlb_configuration', session, {})).toEqual([
      'NOT_IMPLEMENTED',
      'pool.send_wlb_configuration',
    ])
  })

  test('a member sends everybody to the coordinator', async () => {
    const address = new URL(url).hostname
    expect(await call(simulator.urls[1]!, 'session.login_with_password', 'root', 'secret')).toEqual(
      ['HOST_IS_SLAVE', address],
    )
    expect(await call(simulator.urls[1]!, 'VM.get_all', session)).toEqual([
      'HOST_IS_SLAVE',
      address,
    ])
  })
})

describe('roles', () => {
  test('a read-only account reads and is told which roles may write', async () => {
    const eve = await login(url, 'eve', 'reads')
    const vm = someVm()
    expect(await call(url, 'VM.get_uuid', eve, vm)).toMatch(/^[0-9a-f-]{36}$/)
    const denied = await call(url, 'VM.start', eve, vm, false, false)
    expect(denied).toEqual([
      'RBAC_PERMISSION_DENIED',
      'vm.start',
      'No permission in user session. (Roles with this permission: pool-admin, pool-operator, vm-power-admin, vm-admin, vm-operator)',
    ])
    expect((await call(url, 'VM.add_to_other_config', eve, vm, 'folder', '/x'))[1]).toBe(
      'vm.add_to_other_config/key:folder',
    )
  })
})

describe('generic messages', () => {
  test('maps and sets are added to and taken from as xapi does it', async () => {
    const vm = someVm()
    expect(await call(url, 'VM.add_to_other_config', session, vm, 'k', '1')).toBe('')
    expect(await call(url, 'VM.add_to_other_config', session, vm, 'k', '1')).toEqual([
      'MAP_DUPLICATE_KEY',
      'VM',
      'other_config',
      vm,
      'k',
    ])
    expect(await call(url, 'VM.remove_from_other_config', session, vm, 'k')).toBe('')
    expect(await call(url, 'VM.remove_from_other_config', session, vm, 'k')).toBe('')
    await call(url, 'VM.add_tags', session, vm, 'blue')
    const before = simulator.pool.db.generation
    await call(url, 'VM.add_tags', session, vm, 'blue')
    expect(await call(url, 'VM.get_tags', session, vm)).toContain('blue')
    expect(simulator.pool.db.entry('VM', vm).modified).toBeLessThanOrEqual(before)
  })

  test('filters compare database strings', async () => {
    const { db } = simulator.pool
    const count = [...db.all('VM')].filter(([, row]) => row['is_a_template'] === true).length
    const templates = await call(
      url,
      'VM.get_all_records_where',
      session,
      'field "is_a_template" = "true" and not (false)',
    )
    expect(Object.keys(templates)).toHaveLength(count)
    const vm = someVm()
    const name = String(db.must('VM', vm)['name_label'])
    expect(
      Object.keys(
        await call(url, 'VM.get_all_records_where', session, `field "name__label" = "${name}"`),
      ),
    ).toContain(vm)
    expect(
      (await call(url, 'VM.get_all_records_where', session, 'field "nonsense" = "1"'))[0],
    ).toBe('INVALID_VALUE')
  })
})

describe('tasks', () => {
  test('a failed call fails its task, and only there', async () => {
    const task = String(await call(url, 'Async.VM.start', session, 'OpaqueRef:none', false, false))
    await expect.poll(() => simulator.pool.db.get('task', task)?.['status']).toBe('failure')
    expect(simulator.pool.db.get('task', task)).toMatchObject({
      name_label: 'Async.VM.start',
      error_info: ['HANDLE_INVALID', 'VM', 'OpaqueRef:none'],
      progress: 1,
      result: '',
    })
  })

  test('a pending task that is destroyed goes when it ends', async () => {
    const { tasks, db } = simulator.pool
    const task = tasks.start({ label: 'x', host: simulator.pool.coordinator() })
    tasks.destroy(task.key)
    expect(db.get('task', task.key)?.['current_operations']).toEqual({ task: 'destroy' })
    tasks.succeed(task.key, '<value></value>')
    expect(db.get('task', task.key)).toBeUndefined()
  })

  test('cancelling wakes the work', async () => {
    const { tasks, db } = simulator.pool
    const task = tasks.start({ label: 'x', host: simulator.pool.coordinator() })
    tasks.cancel(task.key, 'DummyRef:|x|task.cancel')
    expect(() => task.throwIfCancelled()).toThrow(
      expect.objectContaining({ code: 'TASK_CANCELLED', params: [task.key] }),
    )
    tasks.fail(task.key, task.cancelled())
    expect(db.get('task', task.key)?.['status']).toBe('cancelled')
  })
})

describe('faults', () => {
  test('a method fails so many times', async () => {
    simulator.pool.faults.fail('VM.get_all', 'HOST_OFFLINE', ['x'], 2)
    expect(await call(url, 'VM.get_all', session)).toEqual(['HOST_OFFLINE', 'x'])
    expect(await call(url, 'VM.get_all', session)).toEqual(['HOST_OFFLINE', 'x'])
    expect(await call(url, 'VM.get_all', session)).toHaveLength(simulator.pool.db.count('VM'))
  })

  test('over HTTP, with a sentence for a wrong order', async () => {
    const order = (body: string) => fetch(`${url}/simulator/faults`, { method: 'POST', body })
    expect((await order('{"fault":"sloth"}')).status).toBe(400)
    expect((await order('{"fault":"malformed","method":"pool.get_all"}')).status).toBe(204)
    await expect
      .poll(async () => (await raw(url, 'pool.get_all', [session])).endsWith('</methodResponse>'))
      .toBe(false)
    expect(await raw(url, 'pool.get_all', [session])).toMatch(/<\/methodResponse>$/)
  })

  test('a dead coordinator comes back on its port, or a member takes over', async () => {
    const { pool } = simulator
    const [coordinator, member] = [pool.coordinator(), pool.servers[1]!.host]
    await pool.faults.killHost(coordinator)
    await expect(raw(url, 'VM.get_all', [session])).rejects.toThrow('fetch failed')
    pool.faults.promote(member)
    expect(await login(simulator.urls[1]!)).toMatch(/^OpaqueRef:/)
    await pool.faults.reviveHost(coordinator)
    expect((await call(url, 'VM.get_all', session))[0]).toBe('HOST_IS_SLAVE')
    pool.faults.promote(coordinator)
    expect(await call(url, 'VM.get_all', session)).toHaveLength(pool.db.count('VM'))
  })
})

const post = (body: string) =>
  `POST / HTTP/1.1\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

const nested = (depth: number) =>
  '<value><array><data>'.repeat(depth) + '</data></array></value>'.repeat(depth)

const head = (length: number) => {
  const start = 'GET / HTTP/1.1\r\nX: '
  return `${start}${'a'.repeat(length - start.length - 4)}\r\n\r\n`
}

describe('hostile requests end in an answer, never in a crash', () => {
  test.each([
    [
      'deep nesting',
      post(
        `<methodCall><methodName>VM.get_all</methodName><params><param>${nested(6000)}</param></params></methodCall>`,
      ),
    ],
    [
      'entities',
      post(
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><methodCall><methodName>&b;</methodName></methodCall>',
      ),
    ],
    [
      'external entity',
      post(
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><methodCall><methodName>&a;</methodName></methodCall>',
      ),
    ],
    ['cut short', post('<methodCall><methodName>VM.get_all</metho')],
    [
      'prototype names',
      post('<methodCall><methodName>__proto__.constructor</methodName><params/></methodCall>'),
    ],
    ['a body past the limit', `POST / HTTP/1.1\r\nContent-Length: 307201\r\n\r\n`],
    ['a negative length', 'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n'],
    ['chunks', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['deep JSON', `POST /jsonrpc HTTP/1.1\r\nContent-Length: 200000\r\n\r\n${'['.repeat(200_000)}`],
  ])('%s', async (_name, bytes) => {
    expect(
      await exchange(simulator.pool.server(simulator.pool.coordinator()).port, bytes, 100),
    ).toMatch(/^HTTP\/1\.1 (200 OK|500 Internal Error)/)
    expect(await call(url, 'pool.get_all', session)).toHaveLength(1)
  })

  test('heads: 1006 bytes are taken, 1007 refused', async () => {
    const { port } = simulator.pool.server(simulator.pool.coordinator())
    expect(await exchange(port, head(1006), 100)).toMatch(/^HTTP\/1\.1 403/)
    expect(await exchange(port, head(1007), 100)).toMatch(/^HTTP\/1\.1 431/)
  })
})
