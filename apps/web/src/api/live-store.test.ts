import type { Vm } from '@xendeck/contract'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LiveStore } from './live-store.ts'

const vm = (id: string, name: string) => ({ id, name }) as Vm

describe('LiveStore', () => {
  let flush: () => void
  let store: LiveStore
  beforeEach(() => {
    flush = () => undefined
    store = new LiveStore((next) => {
      flush = next
    })
  })

  it('keeps an object that did not change', () => {
    const first = vm('1', 'a')
    store.put({ vm: [first, vm('2', 'b')] })
    const list = store.list('vm')
    store.put({ vm: [vm('1', 'a')] })
    expect(store.get('vm', '1')).toBe(first)
    expect(store.list('vm')).toBe(list)
  })

  it('tells once a frame, and only who listens to what changed', () => {
    const onVms = vi.fn<() => void>()
    const onFirst = vi.fn<() => void>()
    const onSecond = vi.fn<() => void>()
    const onHosts = vi.fn<() => void>()
    store.onKind('vm', onVms)
    store.onResource('vm', '1', onFirst)
    store.onResource('vm', '2', onSecond)
    store.onKind('host', onHosts)
    store.put({ vm: [vm('1', 'a')] })
    store.put({ vm: [vm('1', 'b')] })
    expect(onVms).not.toHaveBeenCalled()
    flush()
    expect(onVms).toHaveBeenCalledTimes(1)
    expect(onFirst).toHaveBeenCalledTimes(1)
    expect(onSecond).not.toHaveBeenCalled()
    expect(onHosts).not.toHaveBeenCalled()
  })

  it('replaces a kind: what is gone goes, what is equal stays the same object', () => {
    const kept = vm('1', 'a')
    store.put({ vm: [kept, vm('2', 'b')] })
    store.replace('vm', [vm('1', 'a'), vm('3', 'c')])
    expect(store.list('vm').map(({ id }) => id)).toEqual(['1', '3'])
    expect(store.get('vm', '1')).toBe(kept)
  })

  it('removes, and does not mind what it does not know', () => {
    store.put({ vm: [vm('1', 'a')] })
    store.remove({ vm: ['1', 'unknown'] })
    expect(store.list('vm')).toEqual([])
  })

  it('tells nobody who has left', () => {
    const listener = vi.fn<() => void>()
    const leave = store.onKind('vm', listener)
    leave()
    store.put({ vm: [vm('1', 'a')] })
    flush()
    expect(listener).not.toHaveBeenCalled()
  })
})
