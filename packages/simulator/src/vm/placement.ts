/** Where a VM can run: the checks of a host in xapi's order, and the choice (PROTOCOL section 5.4). */
import { isLive } from '../host/allowed.ts'
import type { Database, Row } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { XapiError } from '../rpc/errors.ts'
import { hostSees } from '../storage/operation.ts'
import { freeMemory, memoryToStart } from './host-memory.ts'
import { assertMemoryOrder } from './memory-constraints.ts'
import { flag, int, list, map, raise, refOrNone, text } from './row.ts'
import type { Failure } from './row.ts'
import { domainType, follow, isDomainZero } from './views.ts'

/** SRs of the VM's disks, inserted discs and suspend image. */
function requiredSrs(db: Database, vm: Row): Set<string> {
  const srs = new Set<string>()
  const add = (vdi: Row | undefined): void => {
    const sr = vdi && refOrNone(vdi, 'SR')
    if (sr !== undefined && db.get('SR', sr)) srs.add(sr)
  }
  for (const vbd of list(vm, 'VBDs')) {
    const row = db.get('VBD', vbd)
    if (row && !flag(row, 'empty')) add(follow(db, 'VDI', row, 'VDI'))
  }
  add(follow(db, 'VDI', vm, 'suspend_VDI'))
  return srs
}

/** The host that already runs a VM on a network without PIFs: such a network is one host's own. */
function pinnedTo(db: Database, network: Row): string | undefined {
  for (const vif of list(network, 'VIFs')) {
    const row = db.get('VIF', vif)
    if (row?.['currently_attached'] !== true) continue
    const host = follow(db, 'VM', row, 'VM')?.['resident_on']
    if (typeof host === 'string' && db.get('host', host)) return host
  }
  return undefined
}

function hostHasNetwork(db: Database, host: string, network: Row): boolean {
  const pifs = list(network, 'PIFs')
  if (pifs.length > 0) return pifs.some((pif) => db.get('PIF', pif)?.['host'] === host)
  const pinned = pinnedTo(db, network)
  return pinned === undefined || pinned === host
}

function storageError(db: Database, ref: string, vm: Row, host: string): Failure | undefined {
  for (const sr of requiredSrs(db, vm)) {
    if (!hostSees(db, host, sr)) return ['VM_REQUIRES_SR', ref, sr]
  }
  return undefined
}

function networkError(db: Database, ref: string, vm: Row, host: string): Failure | undefined {
  for (const vif of list(vm, 'VIFs')) {
    const row = db.get('VIF', vif)
    const network = row && refOrNone(row, 'network')
    const networkRow = network === undefined ? undefined : db.get('network', network)
    if (network !== undefined && networkRow && !hostHasNetwork(db, host, networkRow)) {
      return ['VM_REQUIRES_NETWORK', ref, network]
    }
  }
  return undefined
}

function platformError(ref: string, vm: Row, host: Row, hostRef: string): Failure | undefined {
  const versions = host['virtual_hardware_platform_versions']
  const needed = int(vm, 'hardware_platform_version')
  if (Array.isArray(versions) && versions.length > 0 && !versions.map(Number).includes(needed)) {
    const offered = `[${versions.map(String).join('; ')}]`
    const code = 'VM_HOST_INCOMPATIBLE_VIRTUAL_HARDWARE_PLATFORM_VERSION'
    return [code, hostRef, offered, ref, String(needed)]
  }
  return undefined
}

function hvmError(ref: string, vm: Row, host: Row): Failure | undefined {
  const capabilities = list(host, 'capabilities')
  if (domainType(vm) === 'pv' || capabilities.length === 0) return undefined
  return capabilities.some((capability) => capability.startsWith('hvm'))
    ? undefined
    : ['VM_HVM_REQUIRED', ref]
}

/** Whether the VM is not yet, and not about to be, counted in the host's memory. */
function capacityError(db: Database, vm: Row, host: Row, hostRef: string): Failure | undefined {
  const here = vm['resident_on'] === hostRef || vm['scheduled_to_be_resident_on'] === hostRef
  const needed = memoryToStart(vm)
  const available = freeMemory(db, hostRef) + (here ? needed : 0)
  if (needed > available) {
    return ['HOST_NOT_ENOUGH_FREE_MEMORY', String(needed), String(available)]
  }
  const vcpus = int(vm, 'VCPUs_max')
  const pcpus = Number(map(host, 'cpu_info')['cpu_count'] ?? Number.NaN)
  if (vcpus > pcpus && map(vm, 'platform')['vcpu-unrestricted'] !== 'true') {
    return ['HOST_NOT_ENOUGH_PCPUS', String(vcpus), String(pcpus)]
  }
  return undefined
}

/** The first reason why the host cannot run the VM now. */
export function bootError(db: Database, ref: string, hostRef: string): Failure | undefined {
  const vm = db.must('VM', ref)
  const host = db.must('host', hostRef)
  const vcpus = int(vm, 'VCPUs_at_startup')
  if (vcpus <= 0 || vcpus > int(vm, 'VCPUs_max'))
    return ['INVALID_VALUE', 'VCPUs_at_startup', String(vcpus)]
  assertMemoryOrder(vm)
  if (!isLive(db, hostRef)) return ['HOST_NOT_LIVE']
  const controlDomain = flag(vm, 'is_control_domain')
  if (controlDomain && refOrNone(vm, 'affinity') !== hostRef) {
    return [
      'OPERATION_NOT_ALLOWED',
      'Cannot start a control domain on a host other than its affinity',
    ]
  }
  const staysHere = vm['power_state'] === 'Running' && vm['resident_on'] === hostRef
  if (!controlDomain && !staysHere && !flag(host, 'enabled')) return ['HOST_DISABLED', hostRef]
  return (
    platformError(ref, vm, host, hostRef) ??
    storageError(db, ref, vm, hostRef) ??
    networkError(db, ref, vm, hostRef) ??
    hvmError(ref, vm, host) ??
    capacityError(db, vm, host, hostRef)
  )
}

/** @throws XapiError as PROTOCOL 5.4 orders */
export function assertCanBootHere(db: Database, vm: string, host: string): void {
  raise(bootError(db, vm, host))
}

/** Hosts that could run the VM now. */
export function possibleHosts(db: Database, vm: string): string[] {
  const hosts = [...db.all('host')].map(([ref]) => ref)
  return hosts.filter((host) => !bootError(db, vm, host))
}

/**
 * The VM's affinity host where that one can run it, else the possible host with most free memory.
 * @throws XapiError NO_HOSTS_AVAILABLE, or in a pool of one host what speaks against that host
 */
export function chooseHost(pool: Pool, vm: string): string {
  const { db } = pool
  const possible = possibleHosts(db, vm)
  if (possible.length === 0) {
    const hosts = [...db.all('host')].map(([ref]) => ref)
    if (hosts.length === 1 && hosts[0] !== undefined) assertCanBootHere(db, vm, hosts[0])
    throw new XapiError('NO_HOSTS_AVAILABLE')
  }
  const affinity = text(db.must('VM', vm), 'affinity')
  if (possible.includes(affinity)) return affinity
  const free = possible.map((host) => freeMemory(db, host))
  return possible[free.indexOf(Math.max(...free))] ?? affinity
}

/** Domain 0 is never started or moved. */
export function isGuest(vm: Row): boolean {
  return !isDomainZero(vm) && !flag(vm, 'is_a_template') && !flag(vm, 'is_control_domain')
}
