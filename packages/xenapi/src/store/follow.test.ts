import { afterEach, describe, expect, it } from 'vitest'
import { XenConnection, type ConnectionOptions } from '../connection/connection.ts'
import { XenApiError } from '../errors.ts'
import { FakePool, servePool, until } from '../testing/fake-pool.ts'
import type { FakeXapi, Method } from '../testing/fake-xapi.ts'
import type { StoreChange } from './object-store.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

interface Followed {
  pool: FakePool
  server: FakeXapi
  connection: XenConnection
  /** What subscribers were told since the first state, one line a change. */
  told: string[]
}

function line({ class: cls, ref, record, previous }: StoreChange): string {
  const sign = record ? (previous ? '~' : '+') : '-'
  return `${sign}${cls} ${ref}`
}

async function follow(
  methods: Record<string, Method> = {},
  options: Partial<ConnectionOptions> = {},
): Promise<Followed> {
  const pool = new FakePool()
  pool.put('VM', 'a', { uuid: 'uuid-a', name_label: 'A', memory_target: '1', other_config: {} })
  pool.put('VM', 'b', { uuid: 'uuid-b', name_label: 'B', tags: ['x'] })
  pool.put('VM_metrics', 'm', { uuid: 'uuid-m', memory_actual: '5' })
  const server = await servePool(pool, { methods })
  cleanups.push(() => server.close())
  const connection = new XenConnection({
    address: server.address,
    username: 'root',
    password: pool.password,
    classes: ['VM', 'VM_metrics'],
    ...options,
  })
  cleanups.push(() => connection.close())
  connection.start()
  await connection.ready()
  const told: string[] = []
  connection.store.subscribe((changes) => void told.push(...changes.map(line)))
  return { pool, server, connection, told }
}

describe('the store', () => {
  it('holds the first answer, by class in the spelling of the model', async () => {
    const { connection } = await follow()
    expect(connection.store.size('VM')).toBe(2)
    expect(connection.store.byUuid('VM', 'uuid-a')).toMatchObject({
      ref: 'a',
      record: { name_label: 'A', memory_target: 1 },
    })
    expect([...connection.store.entries('VM_metrics')]).toEqual([
      ['m', expect.objectContaining({ memory_actual: 5 })],
    ])
    expect(Object.isFrozen(connection.store.get('VM', 'a'))).toBe(true)
    expect(connection.store.get('VM', 'nothing')).toBeUndefined()
    expect(connection.store.byUuid('VM', 'nothing')).toBeUndefined()
  })

  it('tells what came, changed and went, in batches and not more than that', async () => {
    const { pool, connection, told } = await follow()
    pool.put('VM', 'c', { uuid: 'uuid-c', name_label: 'C' })
    await until(() => told.length === 1, 'the addition')
    pool.put('VM', 'a', { uuid: 'uuid-a', name_label: 'A2' })
    await until(() => told.length === 2, 'the change')
    // A touch that changes nothing is told to nobody.
    pool.put('VM', 'b', { uuid: 'uuid-b', name_label: 'B', tags: ['x'] })
    pool.remove('VM', 'b')
    await until(() => told.includes('-VM b'), 'the removal')
    expect(told).toEqual(['+VM c', '~VM a', '-VM b'])
    expect(connection.store.byUuid('VM', 'uuid-b')).toBeUndefined()
  })

  it('gives up a pool that tells of more objects than anybody could show', async () => {
    const { pool, connection } = await follow({}, { maxObjects: 10 })
    for (let n = 0; n < 10; n++) pool.put('VM', `more-${n}`, { uuid: `uuid-${n}` })
    await until(() => connection.status.phase === 'reconnecting', 'the end of patience')
    expect(connection.status.error).toMatchObject({ name: 'DecodeError', reason: 'members' })
  })

  it('gives up a pool whose replies are longer than the limits', async () => {
    const { pool, connection } = await follow({}, { limits: { string: 1000 } })
    pool.put('VM', 'c', { uuid: 'uuid-c', name_label: 'n'.repeat(1001) })
    await until(() => connection.status.phase === 'reconnecting', 'the end of patience')
    expect(connection.status.error).toMatchObject({ name: 'DecodeError', reason: 'string' })
  })

  it('leaves a listener that throws behind', async () => {
    const { pool, connection, told } = await follow()
    connection.store.subscribe(() => {
      throw new Error('bad listener')
    })
    const later: string[] = []
    const unsubscribe = connection.store.subscribe(
      (changes) => void later.push(...changes.map(line)),
    )
    pool.remove('VM', 'a')
    await until(() => told.length === 1 && later.length === 1, 'both listeners')
    unsubscribe()
    pool.remove('VM', 'b')
    await until(() => told.length === 2, 'the first listener')
    expect(later).toEqual(['-VM a'])
    expect(connection.status.phase).toBe('ready')
  })

  it('finds deletions that xapi has forgotten by the counts', async () => {
    const { pool, server, told } = await follow()
    pool.silent = true
    pool.remove('VM', 'a')
    pool.silent = false
    pool.put('VM_metrics', 'm', { uuid: 'uuid-m', memory_actual: '6' })
    await until(() => told.includes('-VM a'), 'the lost deletion')
    expect(told).toEqual(['~VM_metrics m', '-VM a'])
    expect(server.count('VM.get_all_records')).toBe(1)
  })

  it('does not fetch again and again what the counts keep denying', async () => {
    const { pool, server, told } = await follow({
      'VM.get_all_records': () => ({ a: { uuid: 'uuid-a' } }),
    })
    pool.silent = true
    pool.remove('VM', 'a')
    pool.remove('VM', 'b')
    pool.put('VM', 'c', { uuid: 'uuid-c' })
    pool.put('VM', 'd', { uuid: 'uuid-d' })
    pool.put('VM', 'e', { uuid: 'uuid-e' })
    pool.silent = false
    for (const memory of ['7', '8', '9']) {
      const before = told.length
      pool.put('VM_metrics', 'm', { uuid: 'uuid-m', memory_actual: memory })
      await until(() => told.length > before, `memory ${memory}`)
    }
    expect(server.count('VM.get_all_records')).toBe(1)
  })

  it.each(['EVENTS_LOST', 'EVENT_FROM_TOKEN_PARSE_FAILURE'])(
    'begins anew after %s and tells only differences',
    async (code) => {
      let lost = false
      const { pool, server, connection, told } = await follow()
      const eventFrom = server.methods['event.from']
      server.methods['event.from'] = (params) => {
        if (lost && params[1] !== '') {
          lost = false
          throw new XenApiError(code, [])
        }
        return eventFrom?.(params) ?? ''
      }
      lost = true
      pool.put('VM', 'a', { uuid: 'uuid-a', name_label: 'A3' })
      await until(() => told.includes('~VM a'), 'the change')
      lost = true
      pool.put('VM', 'c', { uuid: 'uuid-c', name_label: 'C' })
      await until(() => told.includes('+VM c') && !lost, 'the addition')
      expect(told).toEqual(['~VM a', '+VM c'])
      expect(connection.status.phase).toBe('ready')
    },
  )

  it('begins anew when the token goes backwards', async () => {
    const { pool, server, told } = await follow()
    pool.generation = 10
    pool.forget()
    pool.silent = true
    pool.remove('VM', 'a')
    pool.put('VM', 'z', { uuid: 'uuid-z' })
    pool.silent = false
    // Something wakes the call that waits with the old token.
    const eventFrom = server.methods['event.from']
    server.methods['event.from'] = (params) =>
      params[1] === ''
        ? (eventFrom?.(params) ?? '')
        : { events: [], valid_ref_counts: {}, token: `${'0'.repeat(18)}11,${'0'.repeat(20)}` }
    pool.endSessions()
    await until(() => told.length >= 2, 'the resync')
    expect(told).toEqual(['+VM z', '-VM a'])
  })

  it('tells only the differences after a new session, and is never empty meanwhile', async () => {
    const { pool, server, connection, told } = await follow()
    const sizes: number[] = []
    connection.onStatus(() => void sizes.push(connection.store.size('VM')))
    pool.silent = true
    pool.put('VM', 'a', { uuid: 'uuid-a', name_label: 'A9' })
    pool.silent = false
    pool.endSessions()
    await until(() => told.length === 1, 'the difference')
    expect(told).toEqual(['~VM a'])
    expect(Math.min(...sizes)).toBe(2)
    expect(server.count('session.login_with_password')).toBe(2)
  })

  it('takes an event stream without a token for a malformed one', async () => {
    const { pool, server, connection } = await follow()
    server.methods['event.from'] = () => ({ events: [], valid_ref_counts: {}, token: 'x' })
    pool.endSessions()
    await until(
      () => connection.status.phase === 'reconnecting' && connection.status.retryAt !== null,
      'the failure',
    )
    expect(connection.status.error).toMatchObject({ name: 'DecodeError' })
    expect(connection.store.size('VM')).toBe(2)
  })
})
