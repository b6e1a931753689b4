/** Reads from the database what the checks of lifecycle.ts and device-operations.ts look at. */
import type { Database, Row } from '../db/database.ts'
import type { DeviceVmView, VbdView, VdiOfVbd, VifView } from './device-operations.ts'
import type { PowerState, VmView } from './lifecycle.ts'
import { flag, int, list, map, refOrNone, text } from './row.ts'

const POWER_STATES: readonly PowerState[] = ['Halted', 'Paused', 'Running', 'Suspended']

/** Facts about the whole pool, read once for a batch of views. */
export interface PoolFacts {
  readonly allowCloneSuspended: boolean
}

export function poolFacts(db: Database): PoolFacts {
  for (const [, row] of db.all('pool')) {
    return { allowCloneSuspended: map(row, 'other_config')['allow_clone_suspended_vm'] === 'true' }
  }
  return { allowCloneSuspended: false }
}

export function powerStateOf(vm: Row): PowerState {
  const state = POWER_STATES.find((candidate) => candidate === vm['power_state'])
  if (!state) throw new TypeError(`unknown power state ${String(vm['power_state'])}`)
  return state
}

/** Row behind a reference field, undefined for NULL and dangling references. */
export function follow(db: Database, cls: string, row: Row, field: string): Row | undefined {
  const ref = refOrNone(row, field)
  return ref === undefined ? undefined : db.get(cls, ref)
}

function existing(db: Database, cls: string, row: Row, field: string): string | undefined {
  const ref = refOrNone(row, field)
  return ref !== undefined && db.get(cls, ref) ? ref : undefined
}

/** PV drivers count once they say which version they are (xapi_pv_driver_version.ml). */
function hasPvDrivers(guest: Row | undefined): boolean {
  if (!guest) return false
  const version = map(guest, 'PV_drivers_version')
  return /^\d+$/.test(version['major'] ?? '') && /^\d+$/.test(version['minor'] ?? '')
}

/** The domain a VM runs as, or will: VM.domain_type, in old databases the boot policy. */
export function domainType(vm: Row): string {
  const type = text(vm, 'domain_type')
  if (type !== 'unspecified' && type !== '') return type
  return text(vm, 'HVM_boot_policy') === '' ? 'pv' : 'hvm'
}

export function isDomainZero(vm: Row): boolean {
  return flag(vm, 'is_control_domain') && int(vm, 'domid') === 0
}

export function vmView(db: Database, ref: string, facts: PoolFacts): VmView {
  const vm = db.must('VM', ref)
  const metrics = follow(db, 'VM_metrics', vm, 'metrics')
  const guest = follow(db, 'VM_guest_metrics', vm, 'guest_metrics')
  const platform = map(vm, 'platform')
  const otherConfig = map(vm, 'other_config')
  let onBootReset = false
  let onBootResetCached = false
  for (const vbd of list(vm, 'VBDs')) {
    const row = db.get('VBD', vbd)
    const vdi = row && follow(db, 'VDI', row, 'VDI')
    if (!vdi) continue
    const smConfig = map(vdi, 'sm_config')
    if (smConfig['on_boot'] !== 'reset') continue
    onBootReset = true
    onBootResetCached ||= smConfig['caching'] === 'true'
  }
  return {
    ref,
    powerState: powerStateOf(vm),
    isTemplate: flag(vm, 'is_a_template'),
    isDefaultTemplate:
      flag(vm, 'is_default_template') || otherConfig['default_template'] === 'true',
    isSnapshot: flag(vm, 'is_a_snapshot'),
    isControlDomain: flag(vm, 'is_control_domain'),
    isDomainZero: isDomainZero(vm),
    blockedOperations: map(vm, 'blocked_operations'),
    currentOperations: map(vm, 'current_operations'),
    allowCloneSuspended: facts.allowCloneSuspended,
    nomigrate: metrics ? flag(metrics, 'nomigrate') : platform['nomigrate'] === 'true',
    nestedVirt: metrics ? flag(metrics, 'nested_virt') : platform['nested-virt'] === 'true',
    bootedPv: metrics ? text(metrics, 'current_domain_type').startsWith('pv') : false,
    hasPvDrivers: hasPvDrivers(guest),
    features: guest ? map(guest, 'other') : {},
    onBootReset,
    onBootResetCached,
    hasPci: list(vm, 'attached_PCIs').length > 0,
    hasVgpu: list(vm, 'VGPUs').length > 0,
    hasVusb: list(vm, 'VUSBs').length > 0,
    appliance: existing(db, 'VM_appliance', vm, 'appliance'),
    protectionPolicy: existing(db, 'VMPP', vm, 'protection_policy'),
    snapshotSchedule: existing(db, 'VMSS', vm, 'snapshot_schedule'),
    isSystemDomain: otherConfig['is_system_domain'] === 'true',
    vtpmCount: list(vm, 'VTPMs').length,
  }
}

/** What devices see of their VM; `kind` picks the hotplug field. */
export function deviceVmView(db: Database, ref: string, kind: 'vbd' | 'vif'): DeviceVmView {
  const vm = db.must('VM', ref)
  const guest = follow(db, 'VM_guest_metrics', vm, 'guest_metrics')
  return {
    ref,
    powerState: powerStateOf(vm),
    currentOperations: map(vm, 'current_operations'),
    isDomainZero: isDomainZero(vm),
    isHvm: domainType(vm) === 'hvm',
    hasPvDrivers: hasPvDrivers(guest),
    pvDriversDetected: guest ? flag(guest, 'PV_drivers_detected') : false,
    hotplug: guest ? text(guest, `can_use_hotplug_${kind}`) : 'unspecified',
  }
}

function isPlugged(device: Row): boolean {
  return flag(device, 'currently_attached') || flag(device, 'reserved')
}

function vdiOfVbd(db: Database, vbdRef: string, vdiRef: string): VdiOfVbd | undefined {
  const vdi = db.get('VDI', vdiRef)
  if (!vdi) return undefined
  const otherActiveModes: string[] = []
  for (const other of list(vdi, 'VBDs')) {
    const row = other === vbdRef ? undefined : db.get('VBD', other)
    if (!row) continue
    if (!isPlugged(row) && Object.keys(map(row, 'current_operations')).length === 0) continue
    // A suspended VM does not touch its disks.
    if (follow(db, 'VM', row, 'VM')?.['power_state'] === 'Suspended') continue
    otherActiveModes.push(text(row, 'mode'))
  }
  return {
    ref: vdiRef,
    managed: flag(vdi, 'managed'),
    sharable: flag(vdi, 'sharable'),
    readOnly: flag(vdi, 'read_only'),
    currentOperations: map(vdi, 'current_operations'),
    otherActiveModes,
  }
}

export function vbdView(db: Database, ref: string, vm?: DeviceVmView): VbdView {
  const vbd = db.must('VBD', ref)
  const empty = flag(vbd, 'empty')
  const vdi = empty ? undefined : refOrNone(vbd, 'VDI')
  return {
    ref,
    type: text(vbd, 'type'),
    mode: text(vbd, 'mode'),
    empty,
    unpluggable: flag(vbd, 'unpluggable'),
    plugged: isPlugged(vbd),
    currentOperations: map(vbd, 'current_operations'),
    vm: vm ?? deviceVmView(db, text(vbd, 'VM'), 'vbd'),
    vdi: vdi === undefined ? undefined : vdiOfVbd(db, ref, vdi),
  }
}

export function vifView(db: Database, ref: string, vm?: DeviceVmView): VifView {
  const vif = db.must('VIF', ref)
  return {
    ref,
    plugged: isPlugged(vif),
    currentOperations: map(vif, 'current_operations'),
    vm: vm ?? deviceVmView(db, text(vif, 'VM'), 'vif'),
  }
}
