/** The side effects of a VM's change of power state (PROTOCOL section 5.3). */
import type { Row } from '../db/database.ts'
import { NULL_REF } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { refreshVmAndDevices } from './allowed.ts'
import { createConsoles, destroyConsoles } from './consoles.ts'
import { diskNumber, linuxDevice } from './device-name.ts'
import { resetGuestMetrics, scheduleGuestReport } from './guest.ts'
import { changeFreeMemory, freeMemory, memoryInUse, releaseMemory } from './host-memory.ts'
import { int, list, map, refOrNone, text } from './row.ts'
import { domainType, follow } from './views.ts'

/** Last domain number a host gave out, by host ref. */
const domains = new WeakMap<Pool, Map<string, number>>()

function nextDomid(pool: Pool, host: string): number {
  let last = domains.get(pool)
  if (!last) domains.set(pool, (last = new Map()))
  let highest = last.get(host) ?? 0
  for (const vm of list(pool.db.must('host', host), 'resident_VMs')) {
    const row = pool.db.get('VM', vm)
    if (row) highest = Math.max(highest, int(row, 'domid'))
  }
  last.set(host, highest + 1)
  return highest + 1
}

/** Memory the domain gets: all it may have, or less where the host has less. */
function memoryTarget(pool: Pool, vm: Row, host: string): number {
  const spare = freeMemory(pool.db, host) - int(vm, 'memory_overhead')
  const most = int(vm, 'memory_dynamic_max')
  return Math.max(int(vm, 'memory_dynamic_min'), Math.min(most, spare))
}

function attachDevices(pool: Pool, vm: Row): void {
  for (const vbd of list(vm, 'VBDs')) {
    const row = pool.db.get('VBD', vbd)
    if (!row) continue
    const disk = diskNumber(text(row, 'userdevice'))
    const device = disk === undefined ? text(row, 'userdevice') : linuxDevice(disk)
    pool.db.write('VBD', vbd, { currently_attached: true, reserved: false, device })
  }
  for (const vif of list(vm, 'VIFs')) {
    if (pool.db.get('VIF', vif)) {
      pool.db.write('VIF', vif, { currently_attached: true, reserved: false })
    }
  }
}

function writeMetrics(pool: Pool, ref: string, memory: number, fresh: boolean): void {
  const vm = pool.db.must('VM', ref)
  const metrics = refOrNone(vm, 'metrics')
  if (metrics === undefined || !pool.db.get('VM_metrics', metrics)) return
  const type = domainType(vm)
  const vcpus = int(vm, 'VCPUs_at_startup')
  const fields: Row = { memory_actual: memory, last_updated: pool.clock.iso() }
  if (fresh) {
    Object.assign(fields, {
      start_time: pool.clock.iso(),
      VCPUs_number: vcpus,
      VCPUs_utilisation: Object.fromEntries(Array.from({ length: vcpus }, (_, i) => [i, 0])),
      current_domain_type: type,
      hvm: type === 'hvm',
      nested_virt: map(vm, 'platform')['nested-virt'] === 'true',
      nomigrate: map(vm, 'platform')['nomigrate'] === 'true',
    })
  }
  pool.db.write('VM_metrics', metrics, fields)
}

export interface NewDomain {
  readonly host: string
  readonly paused: boolean
  /** false: resumed from disk, the guest goes on where it was. */
  readonly fresh: boolean
}

/** The VM has a domain on the host now. */
export function enterRunning(pool: Pool, ref: string, { host, paused, fresh }: NewDomain): void {
  const { db } = pool
  const vm = db.must('VM', ref)
  // Its own reservation must not count as somebody else's memory.
  releaseMemory(db, ref, host)
  const memory = memoryTarget(pool, vm, host)
  const cpu = map(db.must('host', host), 'cpu_info')
  attachDevices(pool, vm)
  writeMetrics(pool, ref, memory, fresh)
  if (fresh) resetGuestMetrics(pool, ref)
  db.write('VM', ref, {
    power_state: paused ? 'Paused' : 'Running',
    domid: nextDomid(pool, host),
    resident_on: host,
    memory_target: memory,
    last_boot_CPU_flags: {
      vendor: cpu['vendor'] ?? '',
      features: cpu['features_hvm'] ?? cpu['features'] ?? '',
    },
  })
  changeFreeMemory(db, host, -memoryInUse(db, db.must('VM', ref)))
  createConsoles(pool, ref, host)
  refreshVmAndDevices(db, ref)
  if (!paused) scheduleGuestReport(pool, ref)
}

/** Gives back the memory and the consoles of the VM's domain, if it has one. */
export function releaseDomain(pool: Pool, ref: string): void {
  const vm = pool.db.must('VM', ref)
  const host = refOrNone(vm, 'resident_on')
  if (host !== undefined) changeFreeMemory(pool.db, host, memoryInUse(pool.db, vm))
  destroyConsoles(pool, ref)
}

/** The VM has no domain: what xapi's force_state_reset does for Halted. */
export function enterHalted(pool: Pool, ref: string): void {
  const { db } = pool
  const vm = db.must('VM', ref)
  releaseDomain(pool, ref)
  for (const vbd of list(vm, 'VBDs')) {
    if (!db.get('VBD', vbd)) continue
    db.write('VBD', vbd, { currently_attached: false, reserved: false, current_operations: {} })
  }
  for (const vif of list(vm, 'VIFs')) {
    if (!db.get('VIF', vif)) continue
    const fields = { currently_attached: false, reserved: false, reserved_pci: NULL_REF }
    db.write('VIF', vif, { ...fields, current_operations: {} })
  }
  for (const cls of ['VGPU', 'VUSB']) {
    for (const device of list(vm, `${cls}s`)) {
      if (db.get(cls, device)) db.write(cls, device, { currently_attached: false })
    }
  }
  const guidances = list(vm, 'pending_guidances').filter(
    (guidance) => guidance !== 'restart_vm' && guidance !== 'restart_device_model',
  )
  db.write('VM', ref, {
    power_state: 'Halted',
    requires_reboot: false,
    pending_guidances: guidances,
    ...NOWHERE,
  })
  const metrics = refOrNone(vm, 'metrics')
  if (metrics !== undefined && db.get('VM_metrics', metrics)) {
    db.write('VM_metrics', metrics, { memory_actual: 0, last_updated: pool.clock.iso() })
  }
  refreshVmAndDevices(db, ref)
}

/** The guest is on disk; its devices stay attached (PROTOCOL section 5.3). */
export function enterSuspended(pool: Pool, ref: string): void {
  releaseDomain(pool, ref)
  pool.db.write('VM', ref, { power_state: 'Suspended', ...NOWHERE })
  refreshVmAndDevices(pool.db, ref)
}

const NOWHERE: Row = { resident_on: NULL_REF, scheduled_to_be_resident_on: NULL_REF, domid: -1 }

/** The domain moves: memory, consoles and domain number belong to the new host. */
export function moveDomain(pool: Pool, ref: string, host: string): void {
  const { db } = pool
  releaseDomain(pool, ref)
  releaseMemory(db, ref, host)
  db.write('VM', ref, {
    resident_on: host,
    domid: nextDomid(pool, host),
  })
  changeFreeMemory(db, host, -memoryInUse(db, db.must('VM', ref)))
  createConsoles(pool, ref, host)
  refreshVmAndDevices(db, ref)
}

/** The guest starts again in a new domain of the same host. */
export function rebootDomain(pool: Pool, ref: string): void {
  const { db } = pool
  const host = text(db.must('VM', ref), 'resident_on')
  const memory = follow(db, 'VM_metrics', db.must('VM', ref), 'metrics')?.['memory_actual']
  resetGuestMetrics(pool, ref)
  writeMetrics(pool, ref, typeof memory === 'number' ? memory : 0, true)
  db.write('VM', ref, {
    power_state: 'Running',
    domid: nextDomid(pool, host),
    requires_reboot: false,
  })
  attachDevices(pool, db.must('VM', ref))
  createConsoles(pool, ref, host)
  refreshVmAndDevices(db, ref)
  scheduleGuestReport(pool, ref)
}
