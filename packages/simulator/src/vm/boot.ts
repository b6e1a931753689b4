/** What xapi settles in a VM's record when it starts it (PROTOCOL section 5.3). */
import type { Row } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { memoryOverhead } from './host-memory.ts'
import { map, text } from './row.ts'
import { domainType } from './views.ts'

const GENERIC_BIOS: Record<string, string> = {
  'bios-vendor': 'Xen',
  'bios-version': '',
  'system-manufacturer': 'Xen',
  'system-product-name': 'HVM domU',
  'system-version': '',
  'system-serial-number': '',
  'baseboard-manufacturer': '',
  'baseboard-product-name': '',
  'baseboard-version': '',
  'baseboard-serial-number': '',
  'baseboard-asset-tag': '',
  'baseboard-location-in-chassis': '',
  'enclosure-asset-tag': '',
  'hp-rombios': '',
  'oem-1': 'Xen',
  'oem-2': 'MS_VM_CERT/SHA1/bdbeb6e0a816d43fa6d3fe8aaef04c2bad9d3e3d',
}

/** Domain type, memory overhead, BIOS strings, device model, secure boot, HA. */
export function prepareBoot(pool: Pool, ref: string): void {
  const vm = pool.db.must('VM', ref)
  const type = domainType(vm)
  const platform = map(vm, 'platform')
  const fields: Row = { domain_type: type, memory_overhead: memoryOverhead(vm, type) }
  if (Object.keys(map(vm, 'bios_strings')).length === 0) fields['bios_strings'] = GENERIC_BIOS
  platform['timeoffset'] ??= '0'
  if (type === 'hvm') {
    const uefi = map(vm, 'HVM_boot_params')['firmware'] === 'uefi'
    platform['device-model'] ??= uefi ? 'qemu-upstream-uefi' : 'qemu-upstream-compat'
    if (platform['secureboot'] === 'auto') platform['secureboot'] = 'false'
  }
  fields['platform'] = platform
  if (text(vm, 'ha_restart_priority') === 'restart') fields['ha_always_run'] = true
  pool.db.write('VM', ref, fields)
}
