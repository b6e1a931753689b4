import { describe, expect, test } from 'vitest'
import { administrator, aVm } from './fixture.ts'
import { countReasons, splitTargets, type Split } from './split.ts'

/** One by one. */
const reasonsOf = ({ refused }: Split<unknown>) =>
  countReasons(refused.map(({ refusal }) => ({ refusal, count: 1 })))

const halted = (id: string) => aVm({ id, powerState: 'halted', hostId: null, allowed: ['start'] })

describe('a bulk action', () => {
  const selection = [
    halted('a'),
    aVm({ id: 'b' }),
    halted('c'),
    aVm({ id: 'd' }),
    aVm({ id: 'e', powerState: 'suspended', allowed: ['resume'] }),
  ]

  test('runs on those that can, and knows why the others cannot', () => {
    const split = splitTargets('vm.start', selection, administrator)
    expect(split.able.map((vm) => vm.id)).toEqual(['a', 'c'])
    expect(split.refused.map(({ target, refusal }) => [target.id, refusal.code])).toEqual([
      ['b', 'already'],
      ['d', 'already'],
      ['e', 'powerState'],
    ])
    expect(reasonsOf(split)).toEqual([
      { refusal: { code: 'already', params: { state: 'running' } }, count: 2 },
      {
        refusal: { code: 'powerState', params: { actual: 'suspended', needed: 'halted' } },
        count: 1,
      },
    ])
  })

  test('is refused where the pool cannot be told, to those that are entitled as well', () => {
    const isLive = (poolId: string) => poolId !== 'pool-1'
    const split = splitTargets('vm.start', selection, administrator, isLive)
    expect(reasonsOf(split)).toEqual([{ refusal: { code: 'stale', params: {} }, count: 5 }])
    const auditor = { ...administrator, role: 'auditor' } as const
    expect(splitTargets('vm.start', selection, auditor, isLive).refused[0]?.refusal.code).toBe(
      'forbidden',
    )
  })

  test('is refused to who may not', () => {
    const split = splitTargets('vm.start', selection, { ...administrator, role: 'auditor' })
    expect(split.able).toEqual([])
    expect(reasonsOf(split)).toEqual([{ refusal: { code: 'forbidden', params: {} }, count: 5 }])
  })
})
