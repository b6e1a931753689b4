import type { Loose } from './view.ts'

/** XenAPI keeps VMs, templates, snapshots and control domains in one class. */
export function kindOfVm(vm: Loose<'VM'>): 'vm' | 'template' | 'snapshot' | undefined {
  if (vm.is_control_domain === true) return undefined
  // A snapshot is a template as well, save where Xen Orchestra has cleared that flag.
  if (vm.is_a_snapshot === true) return 'snapshot'
  return vm.is_a_template === true ? 'template' : 'vm'
}

/** Before is_default_template a key of other_config said so (PROTOCOL 5.6). */
export function isDefaultTemplate(vm: Loose<'VM'>): boolean {
  if (vm.is_a_template !== true) return false
  return vm.is_default_template === true || vm.other_config?.['default_template'] === 'true'
}
