import { describe, expect, it } from 'vitest'
import { withAll, withRange, withToggled } from './selection.ts'

const ids = ['a', 'b', 'c', 'd']

describe('selection', () => {
  it('toggles without changing what was given', () => {
    const before = new Set(['a'])
    expect([...withToggled(before, 'b')]).toEqual(['a', 'b'])
    expect([...withToggled(before, 'a')]).toEqual([])
    expect([...before]).toEqual(['a'])
  })

  it('extends from the anchor, in both directions', () => {
    expect([...withRange(new Set(['b']), ids, 'b', 3)]).toEqual(['b', 'c', 'd'])
    expect(withRange(new Set(['c']), ids, 'c', 0)).toEqual(new Set(['a', 'b', 'c']))
  })

  it('takes a range out when the anchor is out', () => {
    expect([...withRange(new Set(['b', 'c', 'd']), ids, 'a', 2)]).toEqual(['d'])
  })

  it('adds one where the anchor is gone', () => {
    expect([...withRange(new Set(), ids, 'gone', 1)]).toEqual(['b'])
  })

  it('selects all that is shown, then none of it, and leaves what is hidden', () => {
    const all = withAll(new Set(['hidden']), ids)
    expect(all).toEqual(new Set(['hidden', ...ids]))
    expect([...withAll(all, ids)]).toEqual(['hidden'])
  })
})
