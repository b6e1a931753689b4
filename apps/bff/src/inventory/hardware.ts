import type { Drive } from '@xendeck/contract'
import { comparePositions, numberIn, sorted } from './fields.ts'
import type { Loose, View } from './view.ts'

/** What a VM, a template and a snapshot have in common: the contract's `hardware`. */
export function hardware(view: View, vm: Loose<'VM'>) {
  return {
    vcpus: {
      atStartup: vm.VCPUs_at_startup ?? 0,
      max: vm.VCPUs_max ?? 0,
      coresPerSocket: numberIn(vm.platform, 'cores-per-socket'),
    },
    memory: {
      staticMin: vm.memory_static_min ?? 0,
      dynamicMin: vm.memory_dynamic_min ?? 0,
      dynamicMax: vm.memory_dynamic_max ?? 0,
      staticMax: vm.memory_static_max ?? 0,
    },
    virtualization: domainType(vm),
    firmware: firmware(vm),
    bootOrder: vm.HVM_boot_params?.['order'] ?? '',
    drives: drives(view, vm.VBDs),
    nicIds: nicIds(view, vm.VIFs),
    tags: sorted(vm.tags),
  }
}

/** Before domain_type a VM was HVM where it had a boot policy: PROTOCOL 5.5. */
function domainType(vm: Loose<'VM'>): string {
  const type: string | undefined = vm.domain_type
  if (type !== undefined && type !== 'unspecified') return type
  if (vm.HVM_boot_policy === undefined) return 'unspecified'
  return vm.HVM_boot_policy === '' ? 'pv' : 'hvm'
}

function firmware(vm: Loose<'VM'>): 'bios' | 'uefi' | null {
  if (domainType(vm) !== 'hvm') return null
  return vm.HVM_boot_params?.['firmware'] === 'uefi' ? 'uefi' : 'bios'
}

const driveTypes: Record<string, Drive['type']> = { Disk: 'disk', CD: 'cd', Floppy: 'floppy' }

function drives(view: View, refs: readonly string[] | undefined): Drive[] {
  const found: Drive[] = []
  for (const ref of refs ?? []) {
    const vbd = view.get('VBD', ref)
    const id = view.id('VBD', ref)
    if (!vbd || id === null) continue
    found.push({
      id,
      type: driveTypes[vbd.type ?? 'Disk'] ?? 'disk',
      position: vbd.userdevice ?? '',
      device: vbd.device ?? '',
      diskId: vbd.empty === true ? null : view.id('VDI', vbd.VDI),
      attached: vbd.currently_attached ?? false,
      bootable: vbd.bootable ?? false,
      readOnly: vbd.mode === 'RO',
    })
  }
  return found.toSorted((a, b) => comparePositions(a.position, b.position))
}

function nicIds(view: View, refs: readonly string[] | undefined): string[] {
  const found: { id: string; device: string }[] = []
  for (const ref of refs ?? []) {
    const id = view.id('VIF', ref)
    if (id !== null) found.push({ id, device: view.get('VIF', ref)?.device ?? '' })
  }
  return found.toSorted((a, b) => comparePositions(a.device, b.device)).map((nic) => nic.id)
}
