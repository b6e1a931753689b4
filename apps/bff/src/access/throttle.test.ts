import { describe, expect, it } from 'vitest'
import { addressKey, Throttle } from './throttle.ts'

describe('Throttle', () => {
  const limits = { burst: 3, refill: 1000, keys: 100 }

  it('lets a burst through, then one for each refill', () => {
    const throttle = new Throttle(limits)
    expect([1, 2, 3].map(() => throttle.take('a', 0))).toEqual([0, 0, 0])
    expect(throttle.take('a', 0)).toBe(1000)
    expect(throttle.take('a', 400)).toBe(600)
    expect(throttle.take('a', 1000)).toBe(0)
    expect(throttle.take('a', 1000)).toBe(1000)
    expect(throttle.take('b', 1000)).toBe(0)
  })

  it('never holds more than the burst', () => {
    const throttle = new Throttle(limits)
    throttle.giveBack('a', 0)
    expect([1, 2, 3, 4].map(() => throttle.take('a', 1e9))).toEqual([0, 0, 0, 1000])
  })

  it('stands a clock that goes back', () => {
    const throttle = new Throttle(limits)
    throttle.take('a', 10_000)
    expect(throttle.take('a', 0)).toBe(0)
  })

  it('remembers a bounded number of keys, the ones used last', () => {
    const throttle = new Throttle(limits)
    for (let n = 0; n < 3; n++) throttle.take('watched', 0)
    for (let n = 0; n < 1000; n++) {
      throttle.take(`key ${n}`, 0)
      expect(throttle.take('watched', 0)).toBeGreaterThan(0)
    }
    expect(throttle.size).toBe(100)
  })
})

describe('addressKey', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })
})
