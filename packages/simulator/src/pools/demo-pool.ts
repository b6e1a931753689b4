/** The pool that a first start shows: three hosts, some forty VMs of a small company. */
import { NULL_REF } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { PoolBuilder } from './builder.ts'
import { GIB, MIB } from './defaults.ts'
import { DEMO_VMS, type DemoNetwork } from './demo-vms.ts'
import { storageDrivers } from './storage-drivers.ts'

/** The demo pool is always the same one. */
const SEED = 20_261_122
const TIB = 1024 * GIB
const CPU = 'AMD EPYC 7402P 24-Core Processor'

export function populateDemo(pool: Pool): void {
  const builder = new PoolBuilder(pool, SEED)
  const { db } = pool
  const ref = builder.poolObject('Northwind', 'Production pool, Hamburg', ['production'])
  storageDrivers(builder)
  const hosts = [
    { name: 'xen-hh-01', description: 'Rack 4, unit 12', memory: 256 * GIB },
    { name: 'xen-hh-02', description: 'Rack 4, unit 14', memory: 256 * GIB },
    { name: 'xen-hh-03', description: 'Rack 5, unit 12', memory: 192 * GIB },
  ].map((each, index) =>
    builder.host({
      ...each,
      address: `10.20.0.${11 + index}`,
      cpus: 48,
      cpuModel: CPU,
      bootedDaysAgo: 61 + 3 * index,
      tags: index === 2 ? ['backup-power'] : [],
    }),
  )
  const networks = makeNetworks(builder, hosts)
  const storage = makeStorage(builder, hosts)
  db.write('pool', ref, {
    master: hosts[0] ?? NULL_REF,
    default_SR: storage.nfs,
    suspend_image_SR: storage.nfs,
    crash_dump_SR: storage.nfs,
  })
  for (const os of [
    'debian12',
    'ubuntu2404',
    'alma9',
    'windows2022',
    'windows11',
    'other',
  ] as const)
    builder.template(os)
  const own = builder.template('debian13', {
    name_label: 'debian-13-golden',
    name_description: 'Our Debian 13 with monitoring, backup and log shipping set up',
    is_default_template: false,
    other_config: { mac_seed: builder.random.uuid(), linux_template: 'true' },
    tags: ['golden'],
  })
  builder.vbd(
    own,
    builder.vdi({ name: 'debian-13-golden root', sr: storage.nfs, size: 20 * GIB }),
    0,
  )
  builder.vif(own, networks.servers, 0, builder.random.uuid())

  for (const [index, each] of DEMO_VMS.entries()) {
    const isLive = each.state === 'Running' || each.state === 'Paused'
    const host = hosts[each.host ?? index % 3] ?? NULL_REF
    const [rootSize = 20, ...dataSizes] = each.disks
    const root = {
      name: `${each.name} root`,
      sr: storage[each.storage ?? 'nfs'],
      size: rootSize * GIB,
    }
    const vm = builder.vm({
      name: each.name,
      description: each.description,
      os: each.os,
      vcpus: each.vcpus,
      memory: each.memory * GIB,
      disks: [
        root,
        ...dataSizes.map((size, number) => ({
          name: `${each.name} data${dataSizes.length > 1 ? ` ${number + 1}` : ''}`,
          sr: storage[each.dataStorage ?? 'iscsi'],
          size: size * GIB,
        })),
      ],
      networks: each.networks.map((name) => networks[name]),
      addresses: each.networks.map((name, device) => `${PREFIXES[name]}.${20 + index + device}`),
      tags: each.tags,
      state: each.state,
      host,
      tools: each.tools !== false,
      bootedDaysAgo: isLive ? 0.2 + ((index * 7919) % 600) / 10 : 12,
      iso: each.iso === undefined ? undefined : storage.isos[each.iso],
      affinity: each.affinity === true ? host : NULL_REF,
      suspendSr: storage.nfs,
    })
    for (const { name, days, checkpoint } of each.snapshots ?? [])
      builder.snapshot(vm, name, days, checkpoint === true ? { suspendSr: storage.nfs } : undefined)
    // A tree with two branches: the VM went back to an older snapshot and on from there.
    if (each.branch !== undefined) {
      const base = [...db.all('VM')].find(([, row]) => row['snapshot_of'] === vm)?.[0] ?? NULL_REF
      db.write('VM', vm, { parent: base })
      builder.snapshot(vm, each.branch.name, each.branch.days)
    }
  }
}

const PREFIXES: Readonly<Record<DemoNetwork, string>> = {
  management: '10.20.0',
  servers: '10.20.10',
  dmz: '10.20.20',
  clients: '10.20.30',
  internal: '192.168.50',
}

function makeNetworks(builder: PoolBuilder, hosts: readonly string[]): Record<DemoNetwork, string> {
  const management = builder.network('Management', 'xenbr0', {
    name_description: 'Hosts and storage',
    other_config: { automatic: 'true' },
  })
  const trunkA = builder.network('Pool-wide network associated with eth1', 'xenbr1')
  const trunkB = builder.network('Pool-wide network associated with eth2', 'xenbr2')
  const trunk = builder.network('Trunk (bond eth1+eth2)', 'xapi0', { MTU: 1500 })
  const servers = builder.network('Servers (VLAN 10)', 'xapi1', { tags: ['production'] })
  const dmz = builder.network('DMZ (VLAN 20)', 'xapi2')
  const clients = builder.network('Clients (VLAN 30)', 'xapi3')
  const internal = builder.network('Cluster interconnect', 'xapi4', {
    name_description: 'Private network without a way out',
  })
  builder.network('Host internal management network', 'xenapi', {
    name_description:
      'Network on which guests will be assigned a private link-local IP address which can be used to talk XenAPI',
    other_config: {
      is_guest_installer_network: 'true',
      is_host_internal_management_network: 'true',
      ip_begin: '169.254.0.1',
      ip_end: '169.254.255.254',
      netmask: '255.255.0.0',
    },
  })
  for (const [index, host] of hosts.entries()) {
    builder.pif(host, 'eth0', management, {
      management: true,
      ip_configuration_mode: 'Static',
      IP: `10.20.0.${11 + index}`,
      netmask: '255.255.255.0',
      gateway: '10.20.0.1',
      DNS: '10.20.0.2',
    })
    const bond = builder.bond(
      host,
      [builder.pif(host, 'eth1', trunkA), builder.pif(host, 'eth2', trunkB)],
      trunk,
      'bond0',
    )
    builder.vlan(bond, 10, servers)
    builder.vlan(bond, 20, dmz)
    builder.vlan(bond, 30, clients)
  }
  return { management, servers, dmz, clients, internal }
}

interface DemoStorage {
  readonly nfs: string
  readonly iscsi: string
  readonly local: string
  readonly isos: Readonly<Record<string, string>>
}

function makeStorage(builder: PoolBuilder, hosts: readonly string[]): DemoStorage {
  const nfs = builder.sr({
    name: 'nas-01 VMs',
    description: 'NFS on nas-01.example.org:/export/xen',
    type: 'nfs',
    size: 16 * TIB,
    shared: true,
    hosts,
    deviceConfig: { server: 'nas-01.example.org', serverpath: '/export/xen', nfsversion: '4.1' },
    tags: ['replicated'],
  })
  const iscsi = builder.sr({
    name: 'san-01 fast',
    description: 'iSCSI, NVMe pool',
    type: 'lvmoiscsi',
    size: 8 * TIB,
    shared: true,
    hosts,
    deviceConfig: {
      target: '10.20.0.40',
      targetIQN: 'iqn.2024-03.org.example:san-01.fast',
      SCSIid: '36001405a7c3e2b1d4f5a6b7c8d9e0f12',
    },
  })
  const locals = hosts.map((host) => {
    const local = builder.sr({
      name: 'Local storage',
      type: 'ext',
      size: 960 * GIB,
      shared: false,
      hosts: [host],
      deviceConfig: { device: '/dev/disk/by-id/nvme-local-part3' },
    })
    builder.sr({
      name: 'DVD drives',
      description: 'Physical DVD drives',
      type: 'udev',
      contentType: 'iso',
      size: 0,
      shared: false,
      hosts: [host],
      deviceConfig: { location: '/dev/xapi/cd' },
    })
    builder.pool.db.write('host', host, { suspend_image_sr: nfs, crash_dump_sr: local })
    return local
  })
  const library = builder.sr({
    name: 'ISO library',
    description: 'nas-01.example.org:/export/iso',
    type: 'iso',
    size: 512 * GIB,
    shared: true,
    hosts,
    deviceConfig: { location: 'nas-01.example.org:/export/iso', type: 'nfs_iso' },
  })
  const tools = builder.sr({
    name: 'XCP-ng Tools',
    description: 'XCP-ng Tools ISOs',
    type: 'iso',
    size: GIB,
    shared: true,
    hosts,
    tools: true,
    deviceConfig: { location: '/opt/xensource/packages/iso', legacy_mode: 'true' },
  })
  const files = {
    'debian-13.1.0-amd64-netinst.iso': 753 * MIB,
    'ubuntu-24.04.3-live-server-amd64.iso': 3_069 * MIB,
    'AlmaLinux-9.6-x86_64-minimal.iso': 2_310 * MIB,
    'Rocky-9.6-x86_64-boot.iso': 1_089 * MIB,
    'SERVER_EVAL_x64FRE_en-us.iso': 4_813 * MIB,
    'Win11_24H2_English_x64.iso': 5_549 * MIB,
    'virtio-win-0.1.271.iso': 753 * MIB,
    'systemrescue-12.02-amd64.iso': 1_044 * MIB,
    'OPNsense-25.7-dvd-amd64.iso': 2_183 * MIB,
  }
  const isos: Record<string, string> = {}
  for (const [name, size] of Object.entries(files)) isos[name] = builder.iso(library, name, size)
  isos['guest-tools.iso'] = builder.iso(tools, 'guest-tools.iso', 98 * MIB, { is_tools_iso: true })
  return { nfs, iscsi, local: locals[0] ?? nfs, isos }
}
