import type { Snapshot } from '@xendeck/contract'
import { instant, operable } from './fields.ts'
import { hardware } from './hardware.ts'
import { isRef, type View } from './view.ts'

/** XenAPI `VM` with is_a_snapshot. */
export function projectSnapshot(view: View, ref: string): Snapshot | undefined {
  const vm = view.get('VM', ref)
  const id = view.id('VM', ref)
  if (!vm || id === null) return undefined
  return {
    id,
    poolId: view.poolId,
    name: vm.name_label ?? '',
    description: vm.name_description ?? '',
    ...operable(view, vm),
    ...hardware(view, vm),
    vmId: view.id('VM', vm.snapshot_of),
    takenAt: instant(vm.snapshot_time),
    parentId: view.id('VM', vm.parent),
    // A checkpoint is a suspended VM (PROTOCOL 5.7).
    withMemory: vm.power_state === 'Suspended' || isRef(vm.suspend_VDI),
  }
}
