import { describe, expect, test } from 'vitest'
import { filterTerms } from '../../lib/filter.ts'
import { aVm } from './fixture.ts'
import { filterVms, formatSort, parseSort, sortVms, type VmNames } from './vm-list.ts'
import { vmState } from './vm-state.ts'

const names: VmNames = {
  host: (id) => (id === 'host-1' ? 'xs-fra-1' : undefined),
  pool: () => 'Frankfurt',
  state: (vm) => (vm.powerState === 'running' ? 'Läuft' : 'Aus'),
}
const vms = [
  aVm({ id: '1', name: 'web-10', addresses: ['10.20.0.9'], tags: ['web'] }),
  aVm({ id: '2', name: 'web-2', addresses: ['10.3.0.1'] }),
  aVm({
    id: '3',
    name: 'db',
    powerState: 'halted',
    hostId: null,
    current: [{ operation: 'start', taskId: 't' }],
  }),
]
const ids = (list: readonly { id: string }[]) => list.map((vm) => vm.id).join('')

describe('the quick filter', () => {
  test.each([
    ['web', '12'],
    ['10.3.', '2'],
    ['fra-1 web-10', '1'],
    ['läuft', '12'],
    ['halted', '3'],
    ['frankfurt', '123'],
    ['nothing', ''],
  ])('%s finds %s', (text, found) => {
    expect(ids(filterVms(vms, filterTerms(text), names))).toBe(found)
  })
})

describe('sorting', () => {
  test.each([
    ['name', '321'],
    ['-name', '123'],
    ['address', '213'],
    ['-address', '123'],
    ['host', '213'],
    ['-host', '213'],
    ['state', '321'],
  ])('by %s gives %s', (sort, order) => {
    expect(ids(sortVms(vms, parseSort(sort), names))).toBe(order)
  })
  test('goes into the URL and back', () => {
    for (const text of ['memory', '-memory', '-name'])
      expect(formatSort(parseSort(text))).toBe(text)
    expect(formatSort(parseSort('name'))).toBeUndefined()
    expect(formatSort(parseSort('-nonsense'))).toBeUndefined()
  })
})

test('what a VM is in the middle of comes before its power state', () => {
  expect(vmState(aVm({ current: [{ operation: 'pool_migrate', taskId: 't' }] }))).toEqual({
    power: 'running',
    activity: 'migrating',
    taskId: 't',
    shape: 'moving',
  })
  expect(
    vmState(aVm({ current: [{ operation: 'data_source_op', taskId: null }] })).activity,
  ).toBeNull()
})
