/**
 * Makes the objects of a pool as xapi would have made them: both ends of every relation, metrics
 * rows, MACs, devices. Refs and uuids come from one seed, so that a pool is the same at every start.
 */
import { NULL_REF, type Row } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { toIso } from '../clock.ts'
import { Random } from '../random.ts'
import { linuxDevice } from '../vm/device-name.ts'
import { memoryOverhead } from '../vm/host-memory.ts'
import { macFromSeed } from '../vm/mac.ts'
import { int, list, refOrNone, text } from '../vm/row.ts'
import { FEATURES, GIB, MIB, SOFTWARE, templateFields } from './defaults.ts'
import { guestOs, type OsName } from './operating-systems.ts'
import type { DiskOptions, HostOptions, SrOptions, VmOptions } from './options.ts'

const DAY = 86_400_000

export class PoolBuilder {
  readonly pool: Pool
  readonly random: Random
  readonly #domids = new Map<string, number>()

  constructor(pool: Pool, seed: number) {
    this.pool = pool
    this.random = new Random(seed)
  }

  create(cls: string, fields: Row): string {
    return this.pool.db.create(
      cls,
      { uuid: this.random.uuid(), ...fields },
      { ref: this.random.ref() },
    )
  }

  /** A datetime so many days ago. */
  ago(days: number): string {
    return toIso(this.pool.clock.now() - Math.round(days * DAY))
  }

  /** The pool object; its coordinator and storages are set once they are there. */
  poolObject(name: string, description: string, tags: readonly string[]): string {
    return this.create('pool', {
      name_label: name,
      name_description: description,
      tags: [...tags],
      master: NULL_REF,
      default_SR: NULL_REF,
      suspend_image_SR: NULL_REF,
      crash_dump_SR: NULL_REF,
      other_config: { 'memory-ratio-hvm': '0.25', 'memory-ratio-pv': '0.25' },
      ha_cluster_stack: 'xhad',
      restrictions: {},
    })
  }

  host(options: HostOptions): string {
    const { name, address, memory, cpus, cpuModel } = options
    const booted = this.pool.clock.now() - options.bootedDaysAgo * DAY
    const metrics = this.create('host_metrics', {
      memory_total: memory,
      memory_free: memory - 3 * GIB,
      live: true,
      last_updated: this.pool.clock.iso(),
    })
    const host = this.create('host', {
      name_label: name,
      name_description: options.description ?? 'Default install',
      hostname: name,
      address,
      enabled: true,
      metrics,
      memory_overhead: Math.round(memory * 0.012),
      boot_free_mem: memory - 3 * GIB,
      tags: [...(options.tags ?? [])],
      API_version_major: 2,
      API_version_minor: 21,
      API_version_vendor: 'XenSource',
      software_version: SOFTWARE,
      capabilities: ['xen-3.0-x86_64', 'hvm-3.0-x86_32', 'hvm-3.0-x86_32p', 'hvm-3.0-x86_64'],
      sched_policy: 'credit',
      supported_bootloaders: ['pygrub', 'eliloader'],
      edition: 'xcp-ng',
      license_params: { expiry: 'never', sku_type: 'xcp-ng' },
      license_server: { address: 'localhost', port: '27000' },
      other_config: {
        agent_start_time: `${Math.floor(booted / 1000) + 40}.`,
        boot_time: `${Math.floor(booted / 1000)}.`,
        iscsi_iqn: `iqn.2024-03.org.example:${name}`,
      },
      iscsi_iqn: `iqn.2024-03.org.example:${name}`,
      bios_strings: {
        'bios-vendor': 'Dell Inc.',
        'system-manufacturer': 'Dell Inc.',
        'system-product-name': 'PowerEdge R6515',
        'system-serial-number': this.random.uuid().slice(0, 7).toUpperCase(),
      },
      cpu_info: {
        cpu_count: String(cpus),
        socket_count: cpus > 32 ? '2' : '1',
        threads_per_core: '2',
        nr_nodes: '1',
        vendor: cpuModel.startsWith('AMD') ? 'AuthenticAMD' : 'GenuineIntel',
        speed: '2445.406',
        modelname: cpuModel,
        family: '23',
        model: '49',
        stepping: '0',
        features_hvm: '178bfbff-f6f83203-2e500800-040001f3-0000000f-219c01a9-00400004-00000000',
        features_pv: '178bc3ff-f6f83203-2e500800-040001f3-0000000f-219c01a9-00400004-00000000',
      },
      virtual_hardware_platform_versions: [0, 1, 2],
      suspend_image_sr: NULL_REF,
      crash_dump_sr: NULL_REF,
      chipset_info: { iommu: 'true' },
      ssl_legacy: false,
    })
    for (let number = 0; number < cpus; number++)
      this.create('host_cpu', {
        host,
        number,
        vendor: 'AuthenticAMD',
        speed: 2445,
        modelname: cpuModel,
        family: 23,
        model: 49,
        stepping: '0',
        utilisation: 0,
      })
    this.#controlDomain(host, name, cpus, booted)
    return host
  }

  #controlDomain(host: string, name: string, cpus: number, booted: number): void {
    const memory = 3 * GIB
    const vcpus = Math.min(cpus, 8)
    const metrics = this.create('VM_metrics', {
      memory_actual: memory,
      VCPUs_number: vcpus,
      start_time: toIso(booted),
      last_updated: this.pool.clock.iso(),
      current_domain_type: 'pv',
    })
    const vm = this.create('VM', {
      name_label: `Control domain on host: ${name}`,
      name_description: 'The domain which manages physical devices and manages other domains',
      is_control_domain: true,
      power_state: 'Running',
      domain_type: 'pv',
      domid: 0,
      domarch: 'x64',
      resident_on: host,
      affinity: host,
      metrics,
      guest_metrics: NULL_REF,
      memory_static_max: memory,
      memory_dynamic_max: memory,
      memory_dynamic_min: memory,
      memory_static_min: memory,
      memory_target: memory,
      VCPUs_max: vcpus,
      VCPUs_at_startup: vcpus,
      actions_after_shutdown: 'destroy',
      actions_after_reboot: 'destroy',
      actions_after_crash: 'destroy',
      has_vendor_device: false,
      user_version: 1,
    })
    this.pool.db.write('host', host, { control_domain: vm })
    this.#consoles(vm, host)
  }

  network(name: string, bridge: string, fields: Row = {}): string {
    return this.create('network', { name_label: name, bridge, ...fields })
  }

  /** A physical or virtual interface of a host; `fields` are those of the PIF. */
  pif(host: string, device: string, network: string, fields: Row = {}): string {
    const metrics = this.create('PIF_metrics', {
      carrier: true,
      speed: 10_000,
      duplex: true,
      vendor_id: '8086',
      vendor_name: 'Intel Corporation',
      device_id: '1572',
      device_name: 'Ethernet Controller X710 for 10GbE SFP+',
      pci_bus_path: '0000:41:00.0',
      last_updated: this.pool.clock.iso(),
    })
    return this.create('PIF', {
      device,
      device_name: device,
      host,
      network,
      metrics,
      MAC: this.mac(),
      MTU: 1500,
      VLAN: -1,
      physical: true,
      currently_attached: true,
      ip_configuration_mode: 'None',
      capabilities: [],
      ...fields,
    })
  }

  vlan(untagged: string, tag: number, network: string): string {
    const { db } = this.pool
    const base = db.must('PIF', untagged)
    const tagged = this.pif(text(base, 'host'), text(base, 'device'), network, {
      VLAN: tag,
      physical: false,
      MAC: text(base, 'MAC'),
    })
    const vlan = this.create('VLAN', { tag, tagged_PIF: tagged, untagged_PIF: untagged })
    db.write('PIF', tagged, { VLAN_master_of: vlan })
    return tagged
  }

  bond(host: string, slaves: readonly string[], network: string, device: string): string {
    const { db } = this.pool
    const first = slaves[0] ?? NULL_REF
    const master = this.pif(host, device, network, {
      physical: false,
      MAC: text(db.must('PIF', first), 'MAC'),
    })
    const bond = this.create('Bond', {
      master,
      mode: 'lacp',
      primary_slave: first,
      links_up: slaves.length,
      properties: { hashing_algorithm: 'tcpudp_ports' },
    })
    for (const slave of slaves) db.write('PIF', slave, { bond_slave_of: bond })
    return master
  }

  mac(): string {
    const bytes = Array.from({ length: 4 }, () => this.random.int(256))
    return ['3c', 'ec', ...bytes.map((byte) => byte.toString(16).padStart(2, '0'))].join(':')
  }

  sr(options: SrOptions): string {
    const sr = this.create('SR', {
      name_label: options.name,
      name_description: options.description ?? '',
      type: options.type,
      content_type: options.contentType ?? (options.type === 'iso' ? 'iso' : 'user'),
      shared: options.shared,
      physical_size: options.size,
      physical_utilisation: 0,
      virtual_allocation: 0,
      default_vdi_visibility: true,
      is_tools_sr: options.tools ?? false,
      tags: [...(options.tags ?? [])],
      other_config:
        options.tools === true ? { xensource_internal: 'true' } : { 'auto-scan': 'true' },
      sm_config: {},
    })
    for (const host of options.hosts)
      this.create('PBD', {
        host,
        SR: sr,
        currently_attached: true,
        device_config: { ...options.deviceConfig },
      })
    return sr
  }

  vdi({ name, description = '', sr, size, used }: DiskOptions, fields: Row = {}): string {
    const { db } = this.pool
    const uuid = this.random.uuid()
    const physical = Math.round((used ?? size * (0.15 + 0.6 * this.random.next())) / MIB) * MIB
    const row = db.must('SR', sr)
    db.write('SR', sr, {
      physical_utilisation: int(row, 'physical_utilisation') + physical,
      virtual_allocation: int(row, 'virtual_allocation') + size,
    })
    return this.create('VDI', {
      uuid,
      name_label: name,
      name_description: description,
      SR: sr,
      virtual_size: size,
      physical_utilisation: physical,
      type: 'user',
      location: uuid,
      managed: true,
      parent: NULL_REF,
      ...fields,
    })
  }

  /** A removable disc of an ISO library. */
  iso(sr: string, name: string, size: number, fields: Row = {}): string {
    return this.vdi(
      { name, sr, size, used: size },
      { location: name, read_only: true, sharable: true, ...fields },
    )
  }

  vbd(vm: string, vdi: string, userdevice: number, fields: Row = {}): string {
    const vmRow = this.pool.db.must('VM', vm)
    const live = vmRow['power_state'] !== 'Halted'
    const metrics = this.create('VBD_metrics', { last_updated: this.pool.clock.iso() })
    return this.create('VBD', {
      VM: vm,
      VDI: vdi,
      userdevice: String(userdevice),
      device: live ? linuxDevice(userdevice) : '',
      bootable: userdevice === 0,
      mode: 'RW',
      type: 'Disk',
      empty: false,
      unpluggable: userdevice !== 0,
      currently_attached: live,
      other_config: { owner: '' },
      metrics,
      ...fields,
    })
  }

  vif(vm: string, network: string, device: number, seed: string): string {
    const live = this.pool.db.must('VM', vm)['power_state'] !== 'Halted'
    const metrics = this.create('VIF_metrics', { last_updated: this.pool.clock.iso() })
    return this.create('VIF', {
      VM: vm,
      network,
      device: String(device),
      MAC: macFromSeed(seed, device),
      MAC_autogenerated: true,
      MTU: 1500,
      currently_attached: live,
      metrics,
    })
  }

  vm(options: VmOptions): string {
    const { db } = this.pool
    const os = guestOs(options.os)
    const live = options.state === 'Running' || options.state === 'Paused'
    const host = live ? (options.host ?? NULL_REF) : NULL_REF
    const booted = this.ago(options.bootedDaysAgo ?? 1)
    const seed = this.random.uuid()
    const metrics = this.create('VM_metrics', {
      memory_actual: live ? options.memory : 0,
      VCPUs_number: live ? options.vcpus : 0,
      start_time: options.state === 'Halted' ? '19700101T00:00:00Z' : booted,
      install_time: this.ago((options.bootedDaysAgo ?? 1) + 60),
      last_updated: this.pool.clock.iso(),
      current_domain_type: live ? 'hvm' : 'unspecified',
      hvm: live,
    })
    const vm = this.create('VM', {
      ...templateFields(os.reference, os.windows, options.vcpus, options.memory),
      name_label: options.name,
      name_description: options.description ?? '',
      power_state: options.state,
      is_a_template: false,
      resident_on: host,
      affinity: options.affinity ?? NULL_REF,
      domid: live ? this.#domid(host) : -1,
      metrics,
      guest_metrics: NULL_REF,
      tags: [...(options.tags ?? [])],
      other_config: {
        mac_seed: seed,
        base_template_name: os.template,
        ...options.otherConfig,
      },
    })
    const overhead = memoryOverhead(db.must('VM', vm), 'hvm')
    db.write('VM', vm, { memory_overhead: overhead })
    if (live) this.#takeMemory(host, options.memory + overhead)
    for (const [index, disk] of options.disks.entries())
      this.vbd(vm, this.vdi(disk, index === 0 ? { type: 'system' } : {}), diskNumber(index))
    if (options.iso !== null) this.drive(vm, options.iso)
    const addresses = options.addresses ?? []
    for (const [index, network] of options.networks.entries()) this.vif(vm, network, index, seed)
    const isKnown = options.tools !== false && options.state !== 'Halted'
    if (isKnown) db.write('VM', vm, { guest_metrics: this.#guestMetrics(os.report, addresses) })
    if (options.state === 'Suspended' && options.suspendSr !== undefined)
      db.write('VM', vm, {
        suspend_VDI: this.vdi(
          {
            name: 'Suspend image',
            sr: options.suspendSr,
            size: Math.round(options.memory * 1.26) + 100 * MIB,
          },
          { type: 'suspend' },
        ),
      })
    if (live) this.#consoles(vm, host)
    return vm
  }

  /** A DVD drive, empty without a disc. */
  drive(vm: string, iso: string | undefined): string {
    return this.vbd(vm, iso ?? NULL_REF, 3, {
      type: 'CD',
      mode: 'RO',
      empty: iso === undefined,
      bootable: false,
      unpluggable: true,
      other_config: {},
    })
  }

  template(os: OsName, fields: Row = {}): string {
    const { template, reference, windows } = guestOs(os)
    const memory = windows ? 4 * GIB : 2 * GIB
    const size = windows ? 64 * GIB : 16 * GIB
    return this.create('VM', {
      ...templateFields(reference, windows, windows ? 2 : 1, memory),
      name_label: template,
      name_description: `Template for ${template}. Install from the installation media.`,
      is_a_template: true,
      is_default_template: true,
      metrics: NULL_REF,
      guest_metrics: NULL_REF,
      resident_on: NULL_REF,
      affinity: NULL_REF,
      domid: -1,
      other_config: {
        default_template: 'true',
        mac_seed: this.random.uuid(),
        'install-methods': windows ? 'cdrom' : 'cdrom,nfs,http,ftp',
        ...(windows ? {} : { linux_template: 'true' }),
        disks: `<provision><disk device="0" size="${size}" sr="" bootable="true" type="system"/></provision>`,
      },
      ...fields,
    })
  }

  /** A snapshot of a VM as it is, taken so many days ago; it comes between the VM and its parent. */
  snapshot(vm: string, name: string, daysAgo: number, checkpoint?: { suspendSr: string }): string {
    const { db } = this.pool
    const row = db.must('VM', vm)
    const { uuid: _uuid, ...copied } = row
    const time = this.ago(daysAgo)
    const state = checkpoint === undefined ? 'Halted' : 'Suspended'
    const snapshot = this.create('VM', {
      ...copied,
      name_label: name,
      name_description: '',
      is_a_template: true,
      is_a_snapshot: true,
      snapshot_of: vm,
      snapshot_time: time,
      snapshot_info: {
        'power-state-at-snapshot': text(row, 'power_state'),
        'disk-snapshot-type': 'crash_consistent',
      },
      parent: refOrNone(row, 'parent') ?? NULL_REF,
      power_state: state,
      resident_on: NULL_REF,
      domid: -1,
      suspend_VDI: NULL_REF,
      metrics: this.create('VM_metrics', { last_updated: time }),
      guest_metrics: this.#copyGuestMetrics(text(row, 'guest_metrics')),
      tags: [],
    })
    for (const vbd of list(row, 'VBDs')) this.#snapshotDisk(snapshot, vbd, time)
    for (const vif of list(row, 'VIFs')) {
      const { uuid: _vifUuid, ...fields } = db.must('VIF', vif)
      const metrics = this.create('VIF_metrics', {})
      this.create('VIF', { ...fields, VM: snapshot, metrics, currently_attached: false })
    }
    if (checkpoint !== undefined)
      db.write('VM', snapshot, {
        suspend_VDI: this.vdi(
          { name: 'Suspend image', sr: checkpoint.suspendSr, size: int(row, 'memory_static_max') },
          { type: 'suspend' },
        ),
      })
    db.write('VM', vm, { parent: snapshot })
    return snapshot
  }

  #snapshotDisk(snapshot: string, vbd: string, time: string): void {
    const { db } = this.pool
    const { uuid: _uuid, ...fields } = db.must('VBD', vbd)
    const vdi = refOrNone(fields, 'VDI')
    const isDisk = fields['type'] === 'Disk' && vdi !== undefined
    const disk = isDisk ? db.must('VDI', vdi) : undefined
    const copy =
      disk === undefined
        ? text(fields, 'VDI')
        : this.vdi(
            {
              name: text(disk, 'name_label'),
              sr: text(disk, 'SR'),
              size: int(disk, 'virtual_size'),
              used: Math.round(int(disk, 'physical_utilisation') / 20),
            },
            {
              type: text(disk, 'type'),
              is_a_snapshot: true,
              snapshot_of: vdi ?? NULL_REF,
              snapshot_time: time,
            },
          )
    this.create('VBD', {
      ...fields,
      VM: snapshot,
      VDI: copy,
      device: '',
      currently_attached: false,
      metrics: this.create('VBD_metrics', {}),
    })
  }

  #copyGuestMetrics(ref: string): string {
    const row = this.pool.db.get('VM_guest_metrics', ref)
    if (row === undefined) return NULL_REF
    const { uuid: _uuid, ...fields } = row
    return this.create('VM_guest_metrics', fields)
  }

  #guestMetrics(report: Row, addresses: readonly string[]): string {
    const networks: Record<string, string> = {}
    for (const [device, address] of addresses.entries()) {
      if (address === '') continue
      networks[`${device}/ip`] = address
      networks[`${device}/ipv4/0`] = address
      networks[`${device}/ipv6/0`] = `fe80::${address
        .split('.')
        .map((part) => Number(part).toString(16))
        .join(':')}`
    }
    return this.create('VM_guest_metrics', {
      ...report,
      networks,
      other: FEATURES,
      PV_drivers_up_to_date: true,
      PV_drivers_detected: true,
      live: true,
      last_updated: this.pool.clock.iso(),
    })
  }

  /** Their locations are written once the hosts listen (`placeConsoles`). */
  #consoles(vm: string, host: string): void {
    for (const protocol of ['rfb', 'vt100']) {
      const uuid = this.random.uuid()
      const location = `${this.pool.hostUrl(host)}/console?uuid=${uuid}`
      this.create('console', { uuid, protocol, location, VM: vm, port: -1 })
    }
  }

  #domid(host: string): number {
    const next = (this.#domids.get(host) ?? 0) + 1
    this.#domids.set(host, next)
    return next
  }

  #takeMemory(host: string, bytes: number): void {
    const metrics = text(this.pool.db.must('host', host), 'metrics')
    const free = int(this.pool.db.must('host_metrics', metrics), 'memory_free')
    this.pool.db.write('host_metrics', metrics, { memory_free: Math.max(0, free - bytes) })
  }
}

/** Userdevices of disks; 3 is the DVD drive's. */
function diskNumber(index: number): number {
  return index < 3 ? index : index + 1
}
