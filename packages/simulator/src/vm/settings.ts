/** Setters of a VM that are no plain database writes, or are custom messages in the data model. */
import type { Value } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import { assertLegal } from '../rpc/generic.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { refreshVm, refreshVmAndDevices } from './allowed.ts'
import { memoryOverhead } from './host-memory.ts'
import { withVmOperation } from './operation.ts'
import { map, text } from './row.ts'
import { domainType } from './views.ts'

/** @throws XapiError VM_BAD_POWER_STATE[vm, "halted", actual] */
function assertHalted(call: Call, vm: string): void {
  const state = text(call.pool.db.must('VM', vm), 'power_state')
  if (state !== 'Halted')
    throw new XapiError('VM_BAD_POWER_STATE', vm, 'halted', state.toLowerCase())
}

function setter(field: string): Handler {
  return (call: Call, vm: string, value: Value) => {
    assertLegal(value)
    call.pool.db.write('VM', vm, { [field]: value })
    refreshVm(call.pool.db, vm)
  }
}

function haltedSetter(field: string): Handler {
  return (call: Call, vm: string, value: Value) => {
    assertHalted(call, vm)
    call.pool.db.write('VM', vm, { [field]: value })
    refreshVm(call.pool.db, vm)
  }
}

/** The three messages of a map field that the data model lists as custom. */
function mapMessages(field: string): Record<string, Handler> {
  return {
    [`VM.set_${field}`]: setter(field),
    [`VM.add_to_${field}`]: (call: Call, vm: string, key: string, value: string) => {
      const before = map(call.pool.db.must('VM', vm), field)
      if (Object.hasOwn(before, key)) {
        throw new XapiError('MAP_DUPLICATE_KEY', 'VM', field, vm, key)
      }
      assertLegal({ [key]: value })
      call.pool.db.write('VM', vm, { [field]: { ...before, [key]: value } })
      refreshVm(call.pool.db, vm)
    },
    [`VM.remove_from_${field}`]: (call: Call, vm: string, key: string) => {
      const { [key]: _removed, ...rest } = map(call.pool.db.must('VM', vm), field)
      call.pool.db.write('VM', vm, { [field]: rest })
      refreshVm(call.pool.db, vm)
    },
  }
}

function setBootPolicy(call: Call, vm: string, policy: string): void {
  assertHalted(call, vm)
  const domain_type = policy === '' ? 'pv' : 'hvm'
  call.pool.db.write('VM', vm, { HVM_boot_policy: policy, domain_type })
  refreshVmAndDevices(call.pool.db, vm)
}

function setDomainType(call: Call, vm: string, type: string): void {
  assertHalted(call, vm)
  const row = call.pool.db.must('VM', vm)
  const policy = text(row, 'HVM_boot_policy')
  const hvm = type === 'hvm' ? policy || 'BIOS order' : ''
  call.pool.db.write('VM', vm, { domain_type: type, HVM_boot_policy: hvm })
  refreshVmAndDevices(call.pool.db, vm)
}

const PRIORITIES = new Set(['', 'restart', 'best-effort'])

function setHaPriority(call: Call, vm: string, priority: string): void {
  const row = call.pool.db.must('VM', vm)
  if (!PRIORITIES.has(priority)) {
    throw new XapiError('INVALID_VALUE', 'ha_restart_priority', priority)
  }
  const live = row['power_state'] === 'Running'
  call.pool.db.write('VM', vm, {
    ha_restart_priority: priority,
    ha_always_run: live && priority === 'restart',
  })
  refreshVm(call.pool.db, vm)
}

async function setShadowMultiplier(call: Call, vm: string, value: number): Promise<void> {
  const { db } = call.pool
  db.must('VM', vm)
  if (value < 1) throw new XapiError('INVALID_VALUE', 'multiplier', `${value}.`)
  await withVmOperation(call, vm, 'changing_shadow_memory', () => {
    db.write('VM', vm, { HVM_shadow_multiplier: value })
    const row = db.must('VM', vm)
    db.write('VM', vm, { memory_overhead: memoryOverhead(row, domainType(row)) })
  })
}

/** @throws XapiError INVALID_VALUE["<field> must be non-negative", value], as recorded */
function nonNegative(field: string): Handler {
  return (call: Call, vm: string, value: number) => {
    call.pool.db.must('VM', vm)
    if (value < 0)
      throw new XapiError('INVALID_VALUE', `${field} must be non-negative`, String(value))
    call.pool.db.write('VM', vm, { [field]: value })
  }
}

/** @throws XapiError VM_BIOS_STRINGS_ALREADY_SET[] */
function assertNoBiosStrings(call: Call, vm: string): void {
  if (Object.keys(map(call.pool.db.must('VM', vm), 'bios_strings')).length > 0) {
    throw new XapiError('VM_BIOS_STRINGS_ALREADY_SET')
  }
}

function copyBiosStrings(call: Call, vm: string, host: string): void {
  assertNoBiosStrings(call, vm)
  const bios_strings = map(call.pool.db.must('host', host), 'bios_strings')
  call.pool.db.write('VM', vm, { bios_strings })
}

function setBiosStrings(call: Call, vm: string, value: Value): void {
  assertNoBiosStrings(call, vm)
  call.pool.db.write('VM', vm, { bios_strings: value })
}

export const settingHandlers: Readonly<Record<string, Handler>> = {
  ...mapMessages('other_config'),
  ...mapMessages('platform'),
  ...mapMessages('blocked_operations'),
  ...mapMessages('NVRAM'),
  'VM.set_HVM_boot_policy': setBootPolicy,
  'VM.set_domain_type': setDomainType,
  'VM.set_HVM_shadow_multiplier': setShadowMultiplier,
  'VM.set_actions_after_crash': setter('actions_after_crash'),
  'VM.set_has_vendor_device': haltedSetter('has_vendor_device'),
  'VM.set_ha_restart_priority': setHaPriority,
  'VM.set_order': nonNegative('order'),
  'VM.set_start_delay': nonNegative('start_delay'),
  'VM.set_shutdown_delay': nonNegative('shutdown_delay'),
  'VM.set_suspend_VDI': setter('suspend_VDI'),
  'VM.set_appliance': setter('appliance'),
  'VM.set_groups': setter('groups'),
  'VM.set_bios_strings': setBiosStrings,
  'VM.copy_bios_strings': copyBiosStrings,
}
