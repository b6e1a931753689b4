/** Pools of any size for tests of scale, spread as real ones are. The same numbers, the same pool. */
import { NULL_REF } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { PoolBuilder } from './builder.ts'
import { GIB } from './defaults.ts'
import type { OsName } from './operating-systems.ts'
import { storageDrivers } from './storage-drivers.ts'

export interface GeneratedOptions {
  readonly hosts: number
  readonly vms: number
  readonly seed: number
}

const TIB = 1024 * GIB
const CPU = 'AMD EPYC 9454P 48-Core Processor'
const SIZES = [
  [1, 1, 10],
  [1, 2, 20],
  [2, 4, 30],
  [2, 4, 40],
  [2, 8, 40],
  [4, 8, 60],
  [4, 16, 80],
  [8, 32, 120],
] as const
/** Repeated by weight. */
const SYSTEMS: readonly OsName[] = [
  ...(['debian13', 'debian13', 'debian12', 'debian12', 'ubuntu2404', 'ubuntu2404'] as const),
  ...(['ubuntu2404', 'ubuntu2204', 'alma9', 'rocky9', 'windows2022', 'windows2019'] as const),
]
const ROLES = [
  'web',
  'app',
  'db',
  'cache',
  'queue',
  'mail',
  'build',
  'proxy',
  'log',
  'node',
] as const
const CUSTOMERS = [
  'acme',
  'blauwal',
  'contoso',
  'dahlia',
  'elbtal',
  'fjord',
  'globex',
  'hafen',
] as const
const TAGS = [
  'production',
  'staging',
  'development',
  'backup-daily',
  'backup-weekly',
  'pci',
] as const

/** 0 … 99 of 100 VMs: running, then halted, suspended, paused. */
function stateOf(share: number): 'Running' | 'Halted' | 'Suspended' | 'Paused' {
  if (share < 85) return 'Running'
  if (share < 97) return 'Halted'
  return share < 99 ? 'Suspended' : 'Paused'
}

/** @throws RangeError for less than one host or a negative number of VMs */
export function populateGenerated(pool: Pool, { hosts, vms, seed }: GeneratedOptions): void {
  if (!Number.isInteger(hosts) || hosts < 1) throw new RangeError('a pool has at least one host')
  if (!Number.isInteger(vms) || vms < 0) throw new RangeError('the number of VMs is not negative')
  const builder = new PoolBuilder(pool, seed)
  const { random } = builder
  const ref = builder.poolObject(`Pool ${seed}`, `${hosts} hosts, ${vms} VMs`, [])
  storageDrivers(builder)
  // Hosts are as large as their share of the VMs needs, an average of 8 GiB each and some air.
  const memory = Math.max(128, Math.ceil(((vms / hosts) * 11) / 64) * 64 + 64) * GIB
  const hostRefs = Array.from({ length: hosts }, (_, index) =>
    builder.host({
      name: `host-${String(index + 1).padStart(2, '0')}`,
      address: `10.64.${index >> 8}.${(index & 255) + 1}`,
      memory,
      cpus: 96,
      cpuModel: CPU,
      bootedDaysAgo: 10 + random.int(300),
    }),
  )
  const networks = makeNetworks(builder, hostRefs)
  const storages = makeStorages(builder, hostRefs, vms)
  const [first = NULL_REF] = storages
  pool.db.write('pool', ref, {
    master: hostRefs[0] ?? NULL_REF,
    default_SR: first,
    suspend_image_SR: first,
    crash_dump_SR: first,
  })
  for (const os of ['debian12', 'debian13', 'ubuntu2404', 'alma9', 'windows2022', 'other'] as const)
    builder.template(os)
  for (let index = 0; index < vms; index++) {
    const [vcpus, gibibytes, disk] = random.pick(SIZES)
    const os = random.pick(SYSTEMS)
    const customer = random.pick(CUSTOMERS)
    const name = `${customer}-${random.pick(ROLES)}-${String(index + 1).padStart(4, '0')}`
    const sr = random.pick(storages)
    const extra = random.int(3) === 0 ? [{ name: `${name} data`, sr, size: 2 * disk * GIB }] : []
    const number = random.int(networks.length)
    const vm = builder.vm({
      name,
      description:
        random.int(3) === 0 ? `${customer}, contract ${10_000 + random.int(90_000)}` : '',
      os,
      vcpus,
      memory: gibibytes * GIB,
      disks: [{ name: `${name} root`, sr, size: disk * GIB }, ...extra],
      networks: [networks[number] ?? NULL_REF],
      addresses: [`10.${100 + number}.${index >> 8}.${index & 255}`],
      tags: [
        ...new Set([
          customer,
          random.pick(TAGS),
          ...(random.int(4) === 0 ? [random.pick(TAGS)] : []),
        ]),
      ],
      state: stateOf(random.int(100)),
      host: hostRefs[index % hosts] ?? NULL_REF,
      tools: random.int(12) > 0,
      bootedDaysAgo: random.int(2000) / 10,
      suspendSr: first,
    })
    if (random.int(20) === 0) builder.snapshot(vm, 'before update', random.int(90))
  }
}

function makeNetworks(builder: PoolBuilder, hosts: readonly string[]): string[] {
  const management = builder.network('Management', 'xenbr0')
  const trunk = builder.network('Trunk', 'xenbr1')
  const vlans = Array.from({ length: 12 }, (_, index) =>
    builder.network(`VLAN ${100 + index}`, `xapi${index}`),
  )
  for (const [index, host] of hosts.entries()) {
    builder.pif(host, 'eth0', management, {
      management: true,
      ip_configuration_mode: 'Static',
      IP: `10.64.${index >> 8}.${(index & 255) + 1}`,
      netmask: '255.255.0.0',
      gateway: '10.64.255.254',
    })
    const physical = builder.pif(host, 'eth1', trunk)
    for (const [number, vlan] of vlans.entries()) builder.vlan(physical, 100 + number, vlan)
  }
  return vlans
}

function makeStorages(builder: PoolBuilder, hosts: readonly string[], vms: number): string[] {
  const count = Math.max(2, Math.ceil(vms / 800))
  const shared = Array.from({ length: count }, (_, index) =>
    builder.sr({
      name: `Shared ${String(index + 1).padStart(2, '0')}`,
      type: index % 2 === 0 ? 'nfs' : 'lvmoiscsi',
      size: 160 * TIB,
      shared: true,
      hosts,
      deviceConfig:
        index % 2 === 0
          ? { server: `10.64.250.${index + 1}`, serverpath: '/export/vms' }
          : { target: `10.64.250.${index + 1}`, targetIQN: `iqn.2024-03.org.example:san-${index}` },
    }),
  )
  for (const host of hosts) {
    const local = builder.sr({
      name: 'Local storage',
      type: 'ext',
      size: TIB,
      shared: false,
      hosts: [host],
    })
    builder.pool.db.write('host', host, {
      suspend_image_sr: shared[0] ?? NULL_REF,
      crash_dump_sr: local,
    })
  }
  const library = builder.sr({ name: 'ISO library', type: 'iso', size: TIB, shared: true, hosts })
  builder.iso(library, 'debian-13.1.0-amd64-netinst.iso', GIB)
  return shared
}
