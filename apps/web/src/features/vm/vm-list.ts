import type { Vm } from '@xendeck/contract'
import { matches, type FilterTerms } from '../../lib/filter.ts'
import { byName, compareKnown, compareNumber, compareText, learnOrder } from '../../lib/sort.ts'
import { vmState } from './vm-state.ts'

export const vmColumns = [
  'name',
  'state',
  'address',
  'host',
  'vcpus',
  'memory',
  'os',
  'tags',
  'pool',
] as const
export type VmColumn = (typeof vmColumns)[number]

export interface VmSort {
  column: VmColumn
  descending: boolean
}

/** What a list knows beside the VM itself. */
export interface VmNames {
  host(id: string | null): string | undefined
  pool(id: string): string | undefined
  /** The state in the reader's words, which is what they will type. */
  state(vm: Vm): string
}

export function filterVms(vms: readonly Vm[], terms: FilterTerms, names: VmNames): readonly Vm[] {
  if (terms.length === 0) return vms
  return vms.filter((vm) =>
    matches(terms, [
      vm.name,
      vm.id,
      names.state(vm),
      vm.powerState,
      names.host(vm.hostId),
      names.pool(vm.poolId),
      vm.os?.name,
      ...vm.addresses,
      ...vm.tags,
    ]),
  )
}

/** Sorts by a column, then by name: equal rows keep their places while their data moves. */
export function sortVms(vms: readonly Vm[], sort: VmSort, names: VmNames): Vm[] {
  const { column, descending } = sort
  learnOrder(vms.map((vm) => vm.name))
  const by = <T>(valueOf: (vm: Vm) => T | null | undefined, compare: (a: T, b: T) => number) => {
    // Each value is looked up once, not once per comparison.
    const values = new Map(vms.map((vm) => [vm.id, valueOf(vm)]))
    return vms.toSorted(
      (a, b) =>
        compareKnown(values.get(a.id), values.get(b.id), descending, compare) || byName(a, b),
    )
  }
  switch (column) {
    case 'name':
      return vms.toSorted((a, b) => (descending ? byName(b, a) : byName(a, b)))
    case 'state':
      return by((vm) => stateRank(vm), compareNumber)
    case 'address':
      return by((vm) => vm.addresses[0], compareText)
    case 'host':
      return by((vm) => names.host(vm.hostId), compareText)
    case 'vcpus':
      return by((vm) => vm.vcpus.atStartup, compareNumber)
    case 'memory':
      return by((vm) => memoryOf(vm), compareNumber)
    case 'os':
      return by((vm) => vm.os?.name, compareText)
    case 'tags':
      return by((vm) => vm.tags.join(' '), compareText)
    case 'pool':
      return by((vm) => names.pool(vm.poolId), compareText)
  }
}

/** Bytes: what the VM may use, which is what it was given; actual use is a detail. */
export function memoryOf(vm: Pick<Vm, 'memory'>): number {
  return vm.memory.dynamicMax
}

const ranks = { running: 1, paused: 2, suspended: 3, halted: 4 }
/** What is going on first, then by how much of it is alive. */
function stateRank(vm: Vm): number {
  return vmState(vm).activity ? 0 : ranks[vm.powerState]
}

/** Out of the URL: `name`, `-memory`. Anything else sorts by name. */
export function parseSort(text: string | undefined): VmSort {
  const descending = text?.startsWith('-') ?? false
  const name = descending ? text?.slice(1) : text
  const column = vmColumns.find((each) => each === name)
  return column ? { column, descending } : { column: 'name', descending: false }
}

/** Into the URL; the default is left out. */
export function formatSort({ column, descending }: VmSort): string | undefined {
  if (column === 'name' && !descending) return undefined
  return descending ? `-${column}` : column
}
