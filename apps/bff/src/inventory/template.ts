import type { Template } from '@xendeck/contract'
import { operable } from './fields.ts'
import { hardware } from './hardware.ts'
import { isDefaultTemplate } from './kind-of-vm.ts'
import type { View } from './view.ts'

/** XenAPI `VM` with is_a_template and not is_a_snapshot. */
export function projectTemplate(view: View, ref: string): Template | undefined {
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
    isDefault: isDefaultTemplate(vm),
  }
}
