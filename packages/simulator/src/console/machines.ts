/** The simulated machines behind the consoles: what a guest is told about itself and may do. */
import { fromIso } from '../clock.ts'
import type { Row } from '../db/database.ts'
import { loadAverage, vmLoad } from '../metrics/load.ts'
import type { Pool } from '../pool.ts'
import { guestReboot, guestShutdown } from '../vm/index.ts'
import { linuxDevice } from '../vm/device-name.ts'
import { flag, int, list, map, refOrNone, text } from '../vm/row.ts'
import { dom0Commands } from './dom0-commands.ts'
import type {
  GuestDisk,
  GuestFacts,
  GuestInterface,
  GuestMachine,
  GuestSystem,
} from './guest/facts.ts'
import { guestSystem, hostnameOf } from './guest/system.ts'

/** @throws XapiError HANDLE_INVALID["VM", ref] from its methods once the VM is gone */
export function machineOf(pool: Pool, vm: string, log: (line: string) => void): GuestMachine {
  const row = (): Row => pool.db.must('VM', vm)
  const isControlDomain = flag(row(), 'is_control_domain')
  const now = (): number => pool.clock.now()
  const run = (name: string, action: () => Promise<void>): void => {
    action().catch((error: unknown) => log(`console: ${name} of ${vm} failed: ${String(error)}`))
  }
  return {
    facts: () => facts(pool, row()),
    now,
    isRunning: () => pool.db.get('VM', vm)?.['power_state'] === 'Running',
    load() {
      const uuid = text(row(), 'uuid')
      const { cpu, memory } = vmLoad(uuid, now() / 1000)
      const average = loadAverage(uuid, int(row(), 'VCPUs_at_startup'), now() / 1000)
      return { cpu, memory, average }
    },
    // A host is switched off with host.shutdown, not from inside.
    powerOff() {
      if (!isControlDomain) run('shutdown', () => guestShutdown(pool, vm))
    },
    reboot() {
      if (!isControlDomain) run('reboot', () => guestReboot(pool, vm))
    },
    ...(isControlDomain && { commands: dom0Commands(pool, vm) }),
  }
}

function facts(pool: Pool, vm: Row): GuestFacts {
  const host = pool.db.get('host', refOrNone(vm, 'resident_on') ?? '')
  const isControlDomain = flag(vm, 'is_control_domain')
  const guest = pool.db.get('VM_guest_metrics', text(vm, 'guest_metrics'))
  const metrics = pool.db.get('VM_metrics', text(vm, 'metrics'))
  const started = metrics === undefined ? Number.NaN : fromIso(text(metrics, 'start_time'))
  const memory =
    (metrics && int(metrics, 'memory_actual')) ||
    int(vm, 'memory_target') ||
    int(vm, 'memory_dynamic_max')
  return {
    uuid: text(vm, 'uuid'),
    label: text(vm, 'name_label'),
    hostname:
      isControlDomain && host !== undefined
        ? text(host, 'hostname')
        : hostnameOf(text(vm, 'name_label')),
    system: isControlDomain ? hostSystem(host) : system(vm, guest),
    memory,
    vcpus: Math.max(1, int(vm, 'VCPUs_at_startup')),
    cpuModel: (host && map(host, 'cpu_info')['modelname']) ?? 'Intel(R) Xeon(R) CPU',
    interfaces: isControlDomain
      ? hostInterfaces(pool, host)
      : guestInterfaces(pool, vm, guest === undefined ? {} : map(guest, 'networks')),
    disks: isControlDomain ? [HOST_DISK] : guestDisks(pool, vm),
    // A VM whose start nobody wrote down has been up for as long as anybody can tell.
    bootedAt: Number.isNaN(started) ? 0 : started,
  }
}

const HOST_DISK: GuestDisk = { name: 'sda', size: 19 * 2 ** 30, used: 4 * 2 ** 30 }

function system(vm: Row, guest: Row | undefined): GuestSystem {
  const reported = guest === undefined ? {} : map(guest, 'os_version')
  const names = [
    reported['name'] ?? '',
    map(vm, 'other_config')['base_template_name'] ?? '',
    text(vm, 'reference_label'),
    text(vm, 'name_label'),
  ]
  return guestSystem(names, reported['uname'] ?? '')
}

function hostSystem(host: Row | undefined): GuestSystem {
  const version = host === undefined ? {} : map(host, 'software_version')
  const brand = version['product_brand'] ?? 'XenServer'
  return {
    family: 'dom0',
    name: `${brand} ${version['product_version'] ?? ''}`.trim(),
    distribution: 'xenenterprise',
    kernel: version['linux'] ?? '4.19.0+1',
  }
}

function guestInterfaces(
  pool: Pool,
  vm: Row,
  networks: Readonly<Record<string, string>>,
): GuestInterface[] {
  const interfaces: GuestInterface[] = []
  for (const ref of list(vm, 'VIFs')) {
    const vif = pool.db.get('VIF', ref)
    if (vif === undefined || !flag(vif, 'currently_attached')) continue
    const device = text(vif, 'device')
    const addresses = (kind: string): string[] =>
      Object.entries(networks)
        .filter(([key]) => key.startsWith(`${device}/${kind}/`))
        .map(([, address]) => address)
    const ipv4 = addresses('ipv4')
    const only = networks[`${device}/ip`]
    if (only !== undefined && !ipv4.includes(only)) ipv4.unshift(only)
    interfaces.push({
      name: `enX${device}`,
      mac: text(vif, 'MAC'),
      ipv4,
      ipv6: addresses('ipv6'),
    })
  }
  return interfaces.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function hostInterfaces(pool: Pool, host: Row | undefined): GuestInterface[] {
  const interfaces: GuestInterface[] = []
  for (const ref of host === undefined ? [] : list(host, 'PIFs')) {
    const pif = pool.db.get('PIF', ref)
    if (pif === undefined || text(pif, 'IP') === '') continue
    const network = pool.db.get('network', text(pif, 'network'))
    interfaces.push({
      name: network === undefined ? text(pif, 'device') : text(network, 'bridge'),
      mac: text(pif, 'MAC'),
      ipv4: [text(pif, 'IP')],
      ipv6: list(pif, 'IPv6'),
    })
  }
  return interfaces
}

function guestDisks(pool: Pool, vm: Row): GuestDisk[] {
  const disks: GuestDisk[] = []
  for (const ref of list(vm, 'VBDs')) {
    const vbd = pool.db.get('VBD', ref)
    const vdi = vbd && pool.db.get('VDI', text(vbd, 'VDI'))
    if (vbd === undefined || vdi === undefined || vbd['type'] !== 'Disk') continue
    const size = int(vdi, 'virtual_size')
    const number = Number(text(vbd, 'userdevice'))
    disks.push({
      name: text(vbd, 'device') || linuxDevice(Number.isInteger(number) ? number : 0),
      size,
      used: Math.min(int(vdi, 'physical_utilisation') * 0.9, size * 0.97),
    })
  }
  return disks.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
