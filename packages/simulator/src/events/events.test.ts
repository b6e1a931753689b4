import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSimulator } from '../index.ts'
import type { Simulator } from '../index.ts'
import { call, login } from '../testing/client.ts'
import type { Reply } from '../testing/client.ts'

let simulator: Simulator
let session: string

beforeAll(async () => {
  simulator = await startSimulator({ data: { hosts: 1, vms: 2, seed: 4 }, timeScale: 0 })
  session = await login(simulator.url)
})

afterAll(() => simulator.close())

const from = (classes: string[], token: string, timeout = 5.5): Promise<Reply> =>
  call(simulator.url, 'event.from', session, classes, token, timeout)

const brief = (batch: Reply) =>
  [...batch['events']!].map((event) => `${event['class']} ${event['operation']}`)

test('the empty token gives everything as add, with counts of every table', async () => {
  const { db } = simulator.pool
  const batch = await from(['vm', 'SR'], '')
  expect(brief(batch).filter((each) => each === 'vm add')).toHaveLength(db.count('VM'))
  expect(brief(batch).filter((each) => each === 'sr add')).toHaveLength(db.count('SR'))
  expect(Object.keys(batch['valid_ref_counts']!)).toHaveLength(73)
  expect(batch['valid_ref_counts']!['vbd']).toBe(db.count('VBD'))
  expect(batch['token']).toMatch(/^\d{20},\d{20}$/)
})

test('changes are coalesced; a deletion has no snapshot; what came and went is not seen', async () => {
  const { db } = simulator.pool
  const doomed = db.create('network', { name_label: 'doomed' })
  const kept = db.create('network', { name_label: 'kept' })
  const { token } = await from(['network'], '')
  db.write('network', kept, { name_label: 'kept 1' })
  db.write('network', kept, { name_label: 'kept 2' })
  db.destroy('network', db.create('network', {}))
  db.destroy('network', doomed)
  db.create('network', { name_label: 'new' })
  const batch = await from(['network'], String(token))
  expect(brief(batch)).toEqual(['network add', 'network mod', 'network del'])
  expect(batch['events']![1]!['snapshot']!['name_label']).toBe('kept 2')
  expect(batch['events']![2]!).not.toHaveProperty('snapshot')
  expect(batch['events']![2]!['ref']).toBe(doomed)
})

test('a waiting client is woken by a change, and only by one it wants', async () => {
  const { pool } = simulator
  const { token } = await from(['*'], '')
  const waiting = from([`pool/${pool.ref}`], String(token), 20.5)
  await expect.poll(() => pool.events.waiting).toBe(1)
  pool.db.create('network', { name_label: 'other' })
  pool.db.write('pool', pool.ref, { name_description: 'woken' })
  expect(brief(await waiting)).toEqual(['pool mod'])
})

test('event.inject gives a token below the next one', async () => {
  const injected = String(
    await call(simulator.url, 'event.inject', session, 'pool', simulator.pool.ref),
  )
  const batch = await from(['pool'], injected)
  expect(String(batch['token']) > injected).toBe(true)
  expect(await call(simulator.url, 'event.inject', session, 'Pool', simulator.pool.ref)).toEqual([
    'HANDLE_INVALID',
    'Pool',
    simulator.pool.ref,
  ])
})

test('messages come first, with their record', async () => {
  const { token } = await from(['*'], '')
  const { db, ref, messages } = simulator.pool
  messages.create('ALARM', 3, 'Pool', String(db.must('pool', ref)['uuid']), 'body')
  db.write('pool', ref, { name_description: 'with a message' })
  const batch = await from(['message', 'pool'], String(token))
  expect(brief(batch)).toEqual(['message add', 'pool mod'])
  expect(batch['events']![0]!['snapshot']).toMatchObject({ name: 'ALARM', body: 'body' })
})

test('log-out wakes event.from with SESSION_INVALID', async () => {
  const own = await login(simulator.url)
  const { token } = simulator.pool.events
  const waiting = call(simulator.url, 'event.from', own, ['secret'], token, 20.5)
  await expect.poll(() => simulator.pool.events.waiting).toBe(1)
  await call(simulator.url, 'session.logout', own)
  expect(await waiting).toEqual(['SESSION_INVALID', own])
})

test('a client that leaves is not waited for', async () => {
  const { events } = simulator.pool
  const abort = new AbortController()
  const body = `<methodCall><methodName>event.from</methodName><params>${[
    `<string>${session}</string>`,
    '<array><data><value>secret</value></data></array>',
    `<string>${events.token}</string>`,
    '<double>30</double>',
  ]
    .map((each) => `<param><value>${each}</value></param>`)
    .join('')}</params></methodCall>`
  const request = fetch(simulator.url, { method: 'POST', body, signal: abort.signal })
  await expect.poll(() => events.waiting).toBe(1)
  abort.abort()
  await expect(request).rejects.toThrow('aborted')
  await expect.poll(() => events.waiting).toBe(0)
})

test('a bad token is refused', async () => {
  expect(await from(['vm'], '1,2,3,4')).toEqual(['EVENT_FROM_TOKEN_PARSE_FAILURE', '1,2,3,4'])
})

test('a dropped event stream ends the connection, not the session', async () => {
  const { events, faults } = simulator.pool
  const waiting = from(['secret'], events.token, 20.5)
  await expect.poll(() => events.waiting).toBe(1)
  faults.dropEventStreams()
  await expect(waiting).rejects.toThrow('fetch failed')
  expect(await call(simulator.url, 'pool.get_all', session)).toEqual([simulator.pool.ref])
})
