/** What all hosts, guests and templates of a made-up pool have in common: those of XCP-ng 8.3. */
import type { Row } from '../db/database.ts'

export const GIB = 2 ** 30
export const MIB = 2 ** 20

export const FEATURES = {
  'feature-balloon': '1',
  'feature-poweroff': '1',
  'feature-reboot': '1',
  'feature-shutdown': '1',
  'feature-suspend': '1',
  'feature-vcpu-hotplug': '1',
  'has-vendor-device': '0',
  'platform-feature-multiprocessor-suspend': '1',
}

export const SOFTWARE = {
  product_version: '8.3.0',
  product_version_text: '8.3',
  product_version_text_short: '8.3',
  platform_name: 'XCP',
  platform_version: '3.4.0',
  product_brand: 'XCP-ng',
  build_number: 'cloud',
  hostname: 'localhost',
  date: '2025-09-16',
  dbv: '0.0.1',
  xapi: '25.6',
  xapi_build: '25.6.0',
  xen: '4.17.5-15',
  linux: '4.19.0+1',
  xencenter_min: '2.21',
  xencenter_max: '2.21',
  network_backend: 'openvswitch',
  db_schema: '5.786',
}

export function templateFields(
  reference: string,
  windows: boolean,
  vcpus: number,
  memory: number,
): Row {
  return {
    reference_label: reference,
    domain_type: 'hvm',
    HVM_boot_policy: 'BIOS order',
    HVM_boot_params: { order: 'cdn', firmware: windows ? 'uefi' : 'bios' },
    platform: {
      vga: 'std',
      videoram: '8',
      viridian: windows ? 'true' : 'false',
      device_id: windows ? '0002' : '0001',
      nx: 'true',
      acpi: '1',
      apic: 'true',
      pae: 'true',
      hpet: 'true',
      'device-model': 'qemu-upstream-compat',
      secureboot: 'false',
    },
    recommendations: `<restrictions><restriction field="memory-static-max" max="${1536 * GIB}"/><restriction field="vcpus-max" max="64"/><restriction property="number-of-vbds" max="255"/><restriction property="number-of-vifs" max="7"/></restrictions>`,
    memory_static_min: Math.min(memory, windows ? 2 * GIB : GIB),
    memory_dynamic_min: memory,
    memory_dynamic_max: memory,
    memory_static_max: memory,
    memory_target: memory,
    VCPUs_max: vcpus,
    VCPUs_at_startup: vcpus,
    actions_after_shutdown: 'destroy',
    actions_after_reboot: 'restart',
    actions_after_crash: 'restart',
    user_version: 1,
    has_vendor_device: false,
    hardware_platform_version: 2,
  }
}
