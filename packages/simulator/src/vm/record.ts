/** Making and removing VM records, and turning VMs into templates and back (PROTOCOL 5.5). */
import type { Row } from '../db/database.ts'
import { NULL_REF, isNull } from '../db/database.ts'
import { NEVER } from '../clock.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { refreshVm, refreshVmAndDevices } from './allowed.ts'
import { destroyVbd, destroyVif } from './device-copy.ts'
import { dropGuest } from './guest.ts'
import { memoryOverhead } from './host-memory.ts'
import { assertVmOperation, withVmOperation } from './operation.ts'
import { flag, list, map, refOrNone, text } from './row.ts'
import { domainType } from './views.ts'

/** Ignored in the record of VM.create: state is what operations make it. */
const IGNORED = new Set([
  'uuid',
  'allowed_operations',
  'current_operations',
  'blocked_operations',
  'protection_policy',
  'snapshot_schedule',
  'resident_on',
  'scheduled_to_be_resident_on',
  'consoles',
  'VBDs',
  'VIFs',
  'VUSBs',
  'VGPUs',
  'VTPMs',
  'crash_dumps',
  'snapshots',
  'children',
  'attached_PCIs',
  'metrics',
  'guest_metrics',
  'blobs',
])

/** A suspended VM can only be made together with everything its resume needs. */
function assertPowerState(record: Row): void {
  if (record['power_state'] === 'Halted' || record['power_state'] === undefined) return
  const complete =
    record['power_state'] === 'Suspended' &&
    !isNull(record['suspend_VDI']) &&
    record['last_booted_record'] !== '' &&
    Object.keys(map(record, 'last_boot_CPU_flags')).length > 0
  if (!complete) {
    const state = String(record['power_state']).toLowerCase()
    throw new XapiError('VM_BAD_POWER_STATE', NULL_REF, 'halted', state)
  }
}

function create(call: Call, record: Row): string {
  const { db, random } = call.pool
  assertPowerState(record)
  const fields: Row = {}
  for (const [field, value] of Object.entries(record)) {
    if (!IGNORED.has(field)) fields[field] = value
  }
  const otherConfig = map(record, 'other_config')
  otherConfig['mac_seed'] ??= random.uuid()
  const type = domainType({ domain_type: 'unspecified', HVM_boot_policy: '', ...fields })
  const vm = db.create('VM', {
    ...fields,
    other_config: otherConfig,
    domain_type: type,
    domid: -1,
    resident_on: NULL_REF,
    is_control_domain: false,
    metrics: db.create('VM_metrics', { install_time: NEVER, start_time: NEVER }),
  })
  db.write('VM', vm, { memory_overhead: memoryOverhead(db.must('VM', vm), type) })
  refreshVm(db, vm)
  return vm
}

/** Devices and metrics go with the VM, disks stay; its snapshots' tree is closed over the gap. */
async function destroy(call: Call, vm: string): Promise<void> {
  const { pool } = call
  const { db } = pool
  const row = db.must('VM', vm)
  await withVmOperation(call, vm, 'destroy', () => {
    const parent = text(row, 'parent')
    for (const child of list(row, 'children')) {
      if (db.get('VM', child)) db.write('VM', child, { parent })
    }
    for (const vbd of list(row, 'VBDs')) destroyVbd(pool, vbd)
    for (const vif of list(row, 'VIFs')) destroyVif(pool, vif)
    for (const cls of ['VGPU', 'VTPM', 'VUSB', 'console']) {
      const field = cls === 'console' ? 'consoles' : `${cls}s`
      for (const device of list(row, field)) if (db.get(cls, device)) db.destroy(cls, device)
    }
    for (const blob of Object.values(map(row, 'blobs'))) {
      if (db.get('blob', blob)) db.destroy('blob', blob)
    }
    dropGuest(pool, vm)
    const metrics = refOrNone(row, 'metrics')
    if (metrics !== undefined && db.get('VM_metrics', metrics)) db.destroy('VM_metrics', metrics)
    db.destroy('VM', vm)
  })
}

/** What set_is_a_template does besides the flag; VM.provision needs it too. */
export function makeVm(call: Call, vm: string): void {
  const { db, clock } = call.pool
  const row = db.must('VM', vm)
  const metrics = refOrNone(row, 'metrics')
  const install_time = clock.iso()
  if (metrics !== undefined && db.get('VM_metrics', metrics)) {
    db.write('VM_metrics', metrics, { install_time })
  } else
    db.write('VM', vm, { metrics: db.create('VM_metrics', { install_time, start_time: NEVER }) })
  db.write('VM', vm, { is_a_template: false, is_default_template: false })
}

function makeTemplate(call: Call, vm: string): void {
  const { db } = call.pool
  const row = db.must('VM', vm)
  if (flag(row, 'ha_always_run') || text(row, 'ha_restart_priority') === 'restart') {
    throw new XapiError('VM_IS_PROTECTED', vm)
  }
  assertVmOperation(call, vm, 'make_into_template')
  for (const vusb of list(row, 'VUSBs')) if (db.get('VUSB', vusb)) db.destroy('VUSB', vusb)
  const metrics = refOrNone(row, 'metrics')
  if (metrics !== undefined && db.get('VM_metrics', metrics)) db.destroy('VM_metrics', metrics)
  db.write('VM', vm, { metrics: NULL_REF, groups: [], is_a_template: true })
}

function setIsATemplate(call: Call, vm: string, value: boolean): void {
  const row = call.pool.db.must('VM', vm)
  if (flag(row, 'is_a_template') !== value) {
    if (value) makeTemplate(call, vm)
    else if (flag(row, 'is_a_snapshot')) {
      throw new XapiError('VM_IS_SNAPSHOT', vm, 'make_into_template')
    } else makeVm(call, vm)
  }
  refreshVmAndDevices(call.pool.db, vm)
}

function setIsDefaultTemplate(call: Call, vm: string, value: boolean): void {
  call.pool.db.write('VM', vm, { is_default_template: value })
  refreshVm(call.pool.db, vm)
}

export const recordHandlers: Readonly<Record<string, Handler>> = {
  'VM.create': create,
  'VM.destroy': destroy,
  'VM.set_is_a_template': setIsATemplate,
  'VM.set_is_default_template': setIsDefaultTemplate,
}
