import {
  can,
  operationNames,
  standingOf,
  type KindOf,
  type OperationName,
  type Vm,
} from '@xendeck/contract'
import { describe, expect, test } from 'vitest'
import { administrator, aVm } from './fixture.ts'
import { groupVms } from './groups.ts'

type VmOperation = { [N in OperationName]: KindOf<N> extends 'vm' ? N : never }[OperationName]
const isOfVm = (name: OperationName): name is VmOperation => name.startsWith('vm.')

const answersOf = (vm: Vm) =>
  operationNames
    .filter(isOfVm)
    .map((operation) => can(operation, vm, { ...administrator, pools: ['pool-1'] }))

describe('the standing of a VM', () => {
  const base = aVm()
  const allowed = ['start', 'snapshot']
  const current = [{ operation: 'clean_reboot', taskId: null }]
  const changes: Partial<Vm>[] = [
    { poolId: 'pool-2' },
    { allowed },
    { powerState: 'suspended' },
    { powerState: 'halted', allowed: [] },
    { allowed: [], current },
    { allowed: [], tools: { state: 'absent', version: null } },
    { allowed: [], blockedOperations: { start: 'maintenance' } },
    { allowed: [], blockedOperations: { start: 'another reason' } },
  ]

  test.each(changes)('tells %j apart from each other VM that is answered otherwise', (change) => {
    const changed = aVm({ ...base, ...change })
    const twins = [{}, ...changes]
      .map((facts) => aVm({ ...base, ...facts }))
      .filter((other) => standingOf(other) === standingOf(changed))
    for (const twin of twins) expect(answersOf(twin)).toEqual(answersOf(changed))
    expect(standingOf(changed)).not.toBe(standingOf(base))
  })

  const unread = Object.keys(base).filter(
    (key) =>
      !['poolId', 'allowed', 'powerState', 'current', 'tools', 'blockedOperations'].includes(key),
  )
  test.each(unread)('leaves out %s, which no action reads', (key) => {
    const read: string[] = []
    const spied = new Proxy(base, {
      get(target, name, receiver): unknown {
        read.push(String(name))
        return Reflect.get(target, name, receiver)
      },
    })
    answersOf(spied)
    expect(read).not.toContain(key)
  })
})

test('VMs of one standing are one group, and the same selection is counted once', () => {
  const halted = (id: string) => aVm({ id, powerState: 'halted', allowed: ['start'] })
  const vms = [halted('a'), aVm({ id: 'b' }), halted('c')]
  expect(groupVms(vms).map(({ sample, count }) => [sample.id, count])).toEqual([
    ['a', 2],
    ['b', 1],
  ])
  expect(groupVms(vms)).toBe(groupVms(vms))
})
