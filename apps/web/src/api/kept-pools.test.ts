import type { Connection, Pool, Task } from '@xendeck/contract'
import { describe, expect, test } from 'vitest'
import { aVm } from '../features/vm/fixture.ts'
import { poolsToKeep, settles, withKept } from './kept-pools.ts'

const shown = [{ id: 'pool-1', connectionId: 'c-1' }]
const connection = (state: Connection['state'], id = 'c-1') => ({ id, state })
const kept = new Map([['pool-1', 'c-1']])

describe('pools that a restarted server has not reached', () => {
  test('are kept while it tries', () => {
    for (const state of ['connecting', 'reconnecting', 'failed', 'connected'] as const) {
      expect(poolsToKeep(shown, { connections: [connection(state)], pools: [] })).toEqual(kept)
    }
  })

  test('are not kept when their connection is gone or was ended', () => {
    expect(poolsToKeep(shown, { connections: [], pools: [] }).size).toBe(0)
    expect(poolsToKeep(shown, { connections: [connection('disconnected')], pools: [] }).size).toBe(
      0,
    )
  })

  test('are not kept when they are there, or another one is at the address', () => {
    const connections = [connection('connected')]
    expect(poolsToKeep(shown, { connections, pools: shown }).size).toBe(0)
    const other = [{ id: 'pool-2', connectionId: 'c-1' }]
    expect(poolsToKeep(shown, { connections, pools: other }).size).toBe(0)
    const through = [{ id: 'pool-1', connectionId: 'c-2' }]
    const both = [connection('failed'), connection('connected', 'c-2')]
    expect(poolsToKeep(shown, { connections: both, pools: through }).size).toBe(0)
  })

  test('their objects stay beside what the server has', () => {
    const mine = aVm({ id: 'a', poolId: 'pool-1' })
    const gone = aVm({ id: 'b', poolId: 'pool-2' })
    const fresh = aVm({ id: 'c', poolId: 'pool-3' })
    expect(withKept([fresh], [mine, gone], kept)).toEqual([fresh, mine])
    const ours = { id: 't', poolId: null } as Task
    expect(withKept([], [ours], kept)).toEqual([])
  })

  test('are shown as not live', () => {
    const pool = { id: 'pool-1', poolId: 'pool-1', connectionId: 'c-1', live: true } as Pool
    expect(withKept([], [pool], kept)).toEqual([{ ...pool, live: false }])
  })

  test('everything is asked for again as soon as it is known what became of them', () => {
    const back = { id: 'pool-1', connectionId: 'c-1' } as Pool
    expect(settles({ put: { pool: [back] } }, kept)).toBe(true)
    expect(settles({ put: { pool: [{ ...back, connectionId: 'c-9' }] } }, kept)).toBe(false)
    const failed = { id: 'c-1', state: 'failed' } as Connection
    expect(settles({ put: { connection: [failed] } }, kept)).toBe(false)
    expect(settles({ put: { connection: [{ ...failed, state: 'disconnected' }] } }, kept)).toBe(
      true,
    )
    expect(settles({ remove: { connection: ['c-1'] } }, kept)).toBe(true)
    expect(settles({ remove: { connection: ['c-1'] } }, new Map())).toBe(false)
  })
})
