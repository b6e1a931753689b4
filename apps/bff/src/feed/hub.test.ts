import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { FeedMessage, Subject } from '@xendeck/contract'
import { FeedHub, type FeedPeer } from './hub.ts'
import { scopeOf } from './scope.ts'
import { ResourceTable, type Put } from './table.ts'

beforeEach(() =>
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'],
  }),
)
afterEach(() => vi.useRealTimers())

const everyone: Subject = { userId: 'u', name: 'u', role: 'administrator', pools: 'all' }
const ofPoolOne: Subject = { ...everyone, pools: ['one'] }

function vm(id: string, state = 'halted', poolId = 'one'): Put {
  return { kind: 'vm', id, poolId, json: JSON.stringify({ id, poolId, state }) }
}

/** A browser that takes frames as fast as it is let. */
class TestPeer implements FeedPeer {
  readonly frames: Buffer[] = []
  #waiting: (() => void)[] = []
  isStuck = false
  isClosed = false

  get bufferedAmount(): number {
    return this.#waiting.length > 0 ? 1_000_000 : 0
  }

  readonly send = (frame: Buffer, done: () => void) => {
    this.frames.push(frame)
    if (this.isStuck) this.#waiting.push(done)
    else done()
  }

  readonly close = () => {
    this.isClosed = true
  }

  drain(): void {
    this.isStuck = false
    const waiting = this.#waiting
    this.#waiting = []
    for (const done of waiting) done()
  }

  get messages(): FeedMessage[] {
    return this.frames.map((frame) => JSON.parse(frame.toString()) as FeedMessage)
  }

  /** Ids put and removed (with a minus), over all messages from `from` on. */
  ids(from = 0): string[] {
    return this.messages.slice(from).flatMap((message) => {
      if (!('revision' in message)) return []
      const put = Object.values(message.put ?? {})
        .flat()
        .map(({ id }) => id)
      const removed = Object.values(message.remove ?? {})
        .flat()
        .map((id) => `-${id}`)
      return [...put, ...removed]
    })
  }
}

function setUp() {
  const table = new ResourceTable()
  const hub = new FeedHub(table, () => new Date('2026-11-01T00:00:00Z'))
  const join = (since: string | null = table.revision, subject = everyone) => {
    const peer = new TestPeer()
    const leave = hub.join(peer, scopeOf(subject, null), since)
    return { peer, leave }
  }
  return { table, hub, join }
}

it('greets, then sends what has changed since, with what is gone', () => {
  const { table, join } = setUp()
  table.commit([vm('a'), vm('b'), vm('c')])
  const { revision } = table
  table.commit([vm('b', 'running'), vm('d')], [{ kind: 'vm', id: 'c' }])
  const { peer } = join(revision)
  expect(peer.messages[0]).toEqual({
    hello: { revision: table.revision, now: '2026-11-01T00:00:00.000Z' },
  })
  expect(peer.ids().toSorted()).toEqual(['-c', 'b', 'd'])
  expect(peer.messages.at(-1)).toMatchObject({ revision: table.revision })
})

it.each(['', 'other.1', 'x', '.', '-1'])(
  'tells a reader of revision %j to start again',
  (revision) => {
    const { join } = setUp()
    expect(join(revision).peer.messages[1]).toEqual({ reset: true })
  },
)

it('tells a reader of the future, or of too long ago, to start again', () => {
  const { table, join } = setUp()
  expect(join(`${table.epoch}.99`).peer.messages[1]).toEqual({ reset: true })
  const { revision } = table
  for (let n = 0; n < 21_000; n += 1) {
    table.commit([vm('x')])
    table.commit([], [{ kind: 'vm', id: 'x' }])
  }
  expect(join(revision).peer.messages[1]).toEqual({ reset: true })
  expect(join(table.revision).peer.messages).toHaveLength(1)
})

it('sends a change of a quiet pool in the next turn, and those of a busy one ten times a second', async () => {
  const { table, join } = setUp()
  const { peer } = join()
  table.commit([vm('a')])
  expect(peer.frames).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(0)
  expect(peer.ids()).toEqual(['a'])
  for (let ms = 0; ms < 2000; ms += 10) {
    table.commit([vm('a', String(ms))])
    await vi.advanceTimersByTimeAsync(10)
  }
  expect(peer.frames.length).toBeGreaterThan(15)
  expect(peer.frames.length).toBeLessThan(30)
  await vi.advanceTimersByTimeAsync(200)
  expect(peer.messages.at(-1)).toMatchObject({
    revision: table.revision,
    put: { vm: [{ state: '1990' }] },
  })
})

it('shares the bytes between those who see the same', async () => {
  const { table, join } = setUp()
  const [first, second, other] = [join(), join(), join(undefined, ofPoolOne)]
  table.commit([vm('a'), vm('b', 'halted', 'two')])
  await vi.advanceTimersByTimeAsync(1)
  expect(first.peer.frames[1]).toBe(second.peer.frames[1])
  expect(first.peer.ids()).toEqual(['a', 'b'])
  expect(other.peer.ids()).toEqual(['a'])
})

it('keeps for a slow reader which rows have changed, and sends their latest state when it has drained', async () => {
  const { table, join } = setUp()
  const { peer } = join()
  const { peer: fast } = join()
  peer.isStuck = true
  table.commit([vm('a', '0')])
  await vi.advanceTimersByTimeAsync(1)
  const sent = peer.frames.length
  for (let state = 1; state <= 50; state += 1) {
    table.commit([vm('a', String(state)), vm('b', String(state)), vm(`gone${state}`)])
    table.commit([], [{ kind: 'vm', id: `gone${state}` }])
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(peer.frames).toHaveLength(sent)
  expect(fast.frames.length).toBeGreaterThan(40)
  peer.drain()
  expect(peer.frames).toHaveLength(sent + 1)
  expect(peer.messages.at(-1)).toMatchObject({
    revision: table.revision,
    put: {
      vm: [
        { id: 'a', state: '50' },
        { id: 'b', state: '50' },
      ],
    },
  })
})

it('ends a reader that is slow for so long that its notes outgrow the inventory', async () => {
  const { table, join } = setUp()
  const { peer } = join()
  peer.isStuck = true
  table.commit([vm('a')])
  await vi.advanceTimersByTimeAsync(1)
  for (let n = 0; n < 12_000; n += 1) {
    table.commit([vm(`t${n}`)])
    table.commit([], [{ kind: 'vm', id: `t${n}` }])
  }
  await vi.advanceTimersByTimeAsync(1000)
  expect(peer.isClosed).toBe(true)
})

it('sends a pool that appears in parts, and lets the revision stay until the last', async () => {
  const { table, join } = setUp()
  const before = table.revision
  const { peer } = join()
  const filler = 'x'.repeat(1000)
  table.commit(Array.from({ length: 1000 }, (_, index) => vm(`vm${index}`, filler)))
  await vi.advanceTimersByTimeAsync(1)
  const parts = peer.messages.slice(1)
  expect(parts.length).toBeGreaterThan(2)
  expect(new Set(peer.ids()).size).toBe(1000)
  expect(parts.slice(0, -1).every((part) => 'revision' in part && part.revision === before)).toBe(
    true,
  )
  expect(parts.at(-1)).toMatchObject({ revision: table.revision })
})

it('forgets who has left', async () => {
  const { table, hub, join } = setUp()
  const { peer, leave } = join()
  leave()
  table.commit([vm('a')])
  await vi.advanceTimersByTimeAsync(1000)
  expect(peer.frames).toHaveLength(1)
  expect(hub.readers).toBe(0)
})
