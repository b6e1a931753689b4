import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LoadPoller, type FetchLoad } from './load-poller.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function setUp(visible = { now: true }) {
  const fetch = vi.fn<FetchLoad>(async (_kind, ids) => ({
    step: 5,
    series: Object.fromEntries(
      ids.filter((id) => id !== 'halted').map((id) => [id, { end: '', cpu: [0.5] }]),
    ),
  }))
  return { fetch, visible, poller: new LoadPoller(fetch, () => visible.now) }
}

test('rows on the screen are asked for together, again and again', async () => {
  const { fetch, poller } = setUp()
  const told = vi.fn<() => void>()
  poller.subscribe('vm', 'a', told)
  poller.subscribe('vm', 'b', () => undefined)
  poller.subscribe('host', 'h', () => undefined)
  await vi.advanceTimersByTimeAsync(200)
  expect(fetch.mock.calls).toEqual([
    ['vm', ['a', 'b']],
    ['host', ['h']],
  ])
  expect(poller.get('vm', 'a')).toEqual([0.5])
  expect(told).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(5000)
  expect(fetch).toHaveBeenCalledTimes(4)
})

test('nothing is asked for what has left the screen, or while nobody sees it', async () => {
  const { fetch, visible, poller } = setUp()
  const leave = poller.subscribe('vm', 'a', () => undefined)
  await vi.advanceTimersByTimeAsync(200)
  visible.now = false
  await vi.advanceTimersByTimeAsync(20_000)
  expect(fetch).toHaveBeenCalledTimes(1)
  visible.now = true
  leave()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(fetch).toHaveBeenCalledTimes(1)
})

test('a curve that is not renewed for a minute is forgotten', async () => {
  const { fetch, poller } = setUp()
  poller.subscribe('vm', 'a', () => undefined)
  await vi.advanceTimersByTimeAsync(200)
  fetch.mockRejectedValue(new Error('away'))
  await vi.advanceTimersByTimeAsync(30_000)
  expect(poller.get('vm', 'a')).toEqual([0.5])
  await vi.advanceTimersByTimeAsync(40_000)
  expect(poller.get('vm', 'a')).toBeUndefined()
})
