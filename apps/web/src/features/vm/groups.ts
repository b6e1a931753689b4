import { standingOf, type Vm } from '@xendeck/contract'

/** VMs of which every action says the same. */
export interface VmGroup {
  /** Any of them: asked for all. */
  sample: Vm
  count: number
}

const standings = new WeakMap<Vm, string>()
const groupings = new WeakMap<readonly Vm[], readonly VmGroup[]>()

/**
 * VMs by what can be done with them. A selection of 5,000 is looked at again at every change of the pool; a VM that did
 * not change is the same object, and is not read again.
 */
export function groupVms(vms: readonly Vm[]): readonly VmGroup[] {
  let groups = groupings.get(vms)
  if (!groups) {
    const byStanding = new Map<string, VmGroup>()
    for (const vm of vms) {
      let standing = standings.get(vm)
      if (standing === undefined) standings.set(vm, (standing = standingOf(vm)))
      const group = byStanding.get(standing)
      if (group) group.count += 1
      else byStanding.set(standing, { sample: vm, count: 1 })
    }
    groups = [...byStanding.values()]
    groupings.set(vms, groups)
  }
  return groups
}
