/**
 * Memory of a host: what is free for another VM (xapi's memory_check.ml) and host_metrics.memory_free,
 * which follows the VMs that come and go. All amounts in bytes.
 */
import type { Database, Row } from '../db/database.ts'
import { NULL_REF } from '../db/database.ts'
import { follow } from './views.ts'
import { int, list, refOrNone } from './row.ts'

/** What a VM takes on its host at least: PV and HVM guests may be ballooned down to dynamic_min. */
export function memoryToStart(vm: Row): number {
  const guest = vm['domain_type'] === 'pv_in_pvh' ? 'memory_static_max' : 'memory_dynamic_min'
  return int(vm, guest) + int(vm, 'memory_overhead')
}

/** VMs that are about to have a domain on a host: host to VMs. */
const reservations = new WeakMap<Database, Map<string, Set<string>>>()

function reservedOn(db: Database, host: string): Set<string> {
  let hosts = reservations.get(db)
  if (!hosts) reservations.set(db, (hosts = new Map()))
  let vms = hosts.get(host)
  if (!vms) hosts.set(host, (vms = new Set()))
  return vms
}

/** Counts the VM's memory on the host from now on; VM.scheduled_to_be_resident_on shows it. */
export function reserveMemory(db: Database, vm: string, host: string): void {
  reservedOn(db, host).add(vm)
  db.write('VM', vm, { scheduled_to_be_resident_on: host })
}

/** Ends the reservation; the VM's domain, if it has one by now, counts by itself. */
export function releaseMemory(db: Database, vm: string, host: string): void {
  reservedOn(db, host).delete(vm)
  if (db.get('VM', vm)) db.write('VM', vm, { scheduled_to_be_resident_on: NULL_REF })
}

/** Memory no VM can claim, with every VM that is or will be on the host at its minimum. */
export function freeMemory(db: Database, host: string): number {
  const row = db.must('host', host)
  const metrics = follow(db, 'host_metrics', row, 'metrics')
  if (!metrics) return 0
  let free = int(metrics, 'memory_total') - int(row, 'memory_overhead')
  const counted = new Set([...list(row, 'resident_VMs'), ...reservedOn(db, host)])
  for (const ref of counted) {
    const vm = db.get('VM', ref)
    if (vm) free -= memoryToStart(vm)
  }
  return Math.max(0, free)
}

/** Memory the running VM takes: what its domain has, and Xen's overhead for it. */
export function memoryInUse(db: Database, vm: Row): number {
  const metrics = follow(db, 'VM_metrics', vm, 'metrics')
  const actual = metrics ? int(metrics, 'memory_actual') : 0
  return (actual > 0 ? actual : int(vm, 'memory_dynamic_max')) + int(vm, 'memory_overhead')
}

/** Moves host_metrics.memory_free; negative `bytes` take memory away. */
export function changeFreeMemory(db: Database, host: string, bytes: number): void {
  const row = db.get('host', host)
  const metrics = row && refOrNone(row, 'metrics')
  const metricsRow = metrics === undefined ? undefined : db.get('host_metrics', metrics)
  if (metrics === undefined || !metricsRow) return
  const free = int(metricsRow, 'memory_free') + bytes
  const memory_free = Math.min(int(metricsRow, 'memory_total'), Math.max(0, free))
  db.write('host_metrics', metrics, { memory_free })
}

const MIB = 1024 * 1024
/** Pages of 4 KiB in a MiB. */
const PAGES = 256

/**
 * Xen's own memory for a VM (xapi-idl memory.ml): page tables and shadow of the guest's memory,
 * 1 MiB a VCPU and a little more. 20 MiB for an HVM guest of 2 GiB with one VCPU, as recorded.
 */
export function memoryOverhead(vm: Row, type: string): number {
  const staticMax = Math.ceil(int(vm, 'memory_static_max') / MIB)
  const vcpus = int(vm, 'VCPUs_max')
  const multiplier = type === 'pv' ? 1 : Number(vm['HVM_shadow_multiplier'])
  const tables = Math.ceil((PAGES * vcpus + 2 * staticMax) / PAGES)
  const shadow = Math.max(1, Math.floor(tables * multiplier))
  const fixed = type === 'pv' ? 1 : 2
  const shim = type === 'pv_in_pvh' ? 23 + Math.floor(staticMax / 90) : 0
  return (fixed + shadow + Math.ceil((38 * vcpus) / PAGES) + shim) * MIB
}
