import { describe, expect, it } from 'vitest'
import { resources, type Kind } from '@xendeck/contract'
import { refOf, refsOf, TestStore } from '../../test/record-store.ts'
import { Claims } from './claims.ts'
import { projectors, type ShownClass } from './projectors.ts'
import { Recorder } from './recorder.ts'

function project(store: TestStore, cls: ShownClass, name: string) {
  const view = new Recorder(store, new Claims(), {
    id: 'pool',
    ref: refOf('pool'),
    connectionId: 'connection',
  })
  view.begin(refOf(name))
  const projected = projectors[cls](view, refOf(name))
  // Whatever a record lacks, the resource keeps to the contract.
  if (projected) resources[projected.kind].parse(projected.resource)
  return { ...projected, read: view.end() }
}

/** A running VM with everything that is joined to it. */
function runningVm(): TestStore {
  const store = new TestStore()
  store.set('host', 'host', { name_label: 'xen1' })
  store.set('VM_metrics', 'metrics', { memory_actual: 2 ** 31, start_time: '20261101T10:00:00Z' })
  store.set('VM_guest_metrics', 'guest', {
    os_version: {
      name: 'Debian GNU/Linux 12 (bookworm)',
      distro: 'debian',
      uname: '6.1.0-18-amd64',
    },
    PV_drivers_version: { major: '7', minor: '20', micro: '0', build: '9' },
    PV_drivers_detected: true,
    PV_drivers_up_to_date: true,
    networks: {
      '1/ip': '192.0.2.7',
      '0/ipv6/0': '2001:db8::1',
      '0/ip': '192.0.2.5',
      '0/ipv4/1': '',
    },
  })
  store.set('VBD', 'cd', {
    type: 'CD',
    userdevice: '3',
    empty: true,
    mode: 'RO',
    VDI: refOf('nothing'),
  })
  store.set('VBD', 'root', {
    type: 'Disk',
    userdevice: '0',
    VDI: refOf('disk'),
    mode: 'RW',
    currently_attached: true,
  })
  store.set('VDI', 'disk', { name_label: 'root' })
  store.set('VIF', 'eth1', { device: '1', VM: refOf('vm') })
  store.set('VIF', 'eth0', { device: '0', VM: refOf('vm') })
  store.set('console', 'vt100', { protocol: 'vt100', location: 'https://192.0.2.1/console?uuid=a' })
  store.set('console', 'rfb', { protocol: 'rfb', location: 'https://192.0.2.1/console?uuid=b' })
  store.set('VM', 'later', {
    is_a_snapshot: true,
    snapshot_time: '20261103T10:00:00Z',
    snapshot_of: refOf('vm'),
  })
  store.set('VM', 'first', {
    is_a_snapshot: true,
    snapshot_time: '20261102T10:00:00Z',
    snapshot_of: refOf('vm'),
  })
  store.set('task', 'task')
  store.set('VM', 'vm', {
    name_label: 'web 1',
    power_state: 'Running',
    resident_on: refOf('host'),
    affinity: refOf('NULL'),
    metrics: refOf('metrics'),
    guest_metrics: refOf('guest'),
    VBDs: refsOf('cd', 'root', 'dangling'),
    VIFs: refsOf('eth1', 'eth0'),
    consoles: refsOf('vt100', 'rfb'),
    snapshots: refsOf('later', 'first'),
    parent: refOf('first'),
    allowed_operations: ['snapshot', 'clean_shutdown'],
    current_operations: { 'OpaqueRef:task': 'snapshot' },
    HVM_boot_policy: 'BIOS order',
    HVM_boot_params: { order: 'cdn', firmware: 'uefi' },
    platform: { 'cores-per-socket': '2' },
    VCPUs_max: 4,
    VCPUs_at_startup: 4,
    other_config: { auto_poweron: 'true' },
    blocked_operations: { destroy: 'backup' },
  })
  return store
}

describe('VM', () => {
  it('is joined with its metrics, guest, drives, consoles and snapshots', () => {
    const { kind, resource } = project(runningVm(), 'VM', 'vm')
    expect(kind).toBe('vm')
    expect(resource).toMatchObject({
      id: 'vm',
      poolId: 'pool',
      name: 'web 1',
      powerState: 'running',
      hostId: 'host',
      affinityHostId: null,
      allowed: ['clean_shutdown', 'snapshot'],
      current: [{ operation: 'snapshot', taskId: 'task' }],
      vcpus: { atStartup: 4, max: 4, coresPerSocket: 2 },
      virtualization: 'hvm',
      firmware: 'uefi',
      bootOrder: 'cdn',
      drives: [
        { id: 'root', type: 'disk', diskId: 'disk', attached: true, readOnly: false },
        { id: 'cd', type: 'cd', diskId: null, readOnly: true },
      ],
      nicIds: ['eth0', 'eth1'],
      os: { name: 'Debian GNU/Linux 12 (bookworm)', distro: 'debian', kernel: '6.1.0-18-amd64' },
      addresses: ['192.0.2.5', '192.0.2.7', '2001:db8::1'],
      tools: { state: 'running', version: '7.20.0-9' },
      memoryActual: 2 ** 31,
      startedAt: '2026-11-01T10:00:00.000Z',
      snapshotIds: ['first', 'later'],
      currentSnapshotId: 'first',
      consoles: ['rfb', 'vt100'],
      autoPowerOn: true,
      blockedOperations: { destroy: 'backup' },
    })
  })

  it('tells nothing of the past once it is halted', () => {
    const store = runningVm()
    store.set('VM', 'vm', { power_state: 'Halted', resident_on: refOf('NULL') })
    expect(project(store, 'VM', 'vm').resource).toMatchObject({
      powerState: 'halted',
      hostId: null,
      addresses: [],
      tools: { state: 'unknown', version: null },
      memoryActual: null,
      startedAt: null,
      consoles: [],
    })
  })

  it.each([
    [
      { PV_drivers_version: {}, PV_drivers_detected: false },
      { state: 'absent', version: null },
    ],
    // XenServer before 7.0 has no PV_drivers_detected: the version alone says that there are tools.
    [
      { PV_drivers_version: { major: '5', minor: '6', micro: '100' }, PV_drivers_detected: false },
      { state: 'running', version: '5.6.100' },
    ],
    [
      { PV_drivers_version: { major: '5', minor: '6' }, PV_drivers_up_to_date: false },
      { state: 'outdated', version: '5.6' },
    ],
    [
      { PV_drivers_version: {}, PV_drivers_detected: true },
      { state: 'running', version: null },
    ],
  ])('knows its tools from %j', (guest, tools) => {
    const store = runningVm()
    store.set('VM_guest_metrics', 'guest', { PV_drivers_up_to_date: true, ...guest })
    expect(project(store, 'VM', 'vm').resource).toMatchObject({ tools })
  })

  it('keeps to the contract where the record lacks every field and every ref dangles', () => {
    const store = new TestStore()
    store.set('VM', 'old')
    store.set('VM', 'broken', {
      metrics: refOf('gone'),
      guest_metrics: refOf('gone'),
      resident_on: refOf('gone'),
      VBDs: refsOf('gone'),
      VIFs: refsOf('gone'),
      consoles: refsOf('gone'),
      snapshots: refsOf('gone'),
      parent: refOf('gone'),
      current_operations: { 'OpaqueRef:gone': 'start' },
    })
    expect(project(store, 'VM', 'old').resource).toMatchObject({
      id: 'old',
      powerState: 'halted',
      drives: [],
    })
    expect(project(store, 'VM', 'broken').resource).toMatchObject({
      hostId: null,
      current: [{ operation: 'start', taskId: null }],
    })
  })

  it.each<[object, Kind | undefined, string | undefined]>([
    [{}, 'vm', 'x'],
    [{ is_a_template: true }, 'template', 'x'],
    [{ is_a_template: true, is_default_template: true }, 'template', 'pool.x'],
    [{ is_a_template: true, other_config: { default_template: 'true' } }, 'template', 'pool.x'],
    [{ is_a_template: true, is_a_snapshot: true }, 'snapshot', 'x'],
    // Xen Orchestra clears is_a_template of its snapshots.
    [{ is_a_snapshot: true }, 'snapshot', 'x'],
    [{ is_control_domain: true }, undefined, undefined],
  ])('with %j is shown as %s', (fields, kind, id) => {
    const store = new TestStore()
    store.set('VM', 'x', fields)
    const projected = project(store, 'VM', 'x')
    expect([projected.kind, projected.resource?.id]).toEqual([kind, id])
  })
})

describe('snapshot', () => {
  it('knows its VM, its place in the tree and whether it holds memory', () => {
    const store = runningVm()
    store.set('VM', 'later', { parent: refOf('first'), power_state: 'Suspended' })
    expect(project(store, 'VM', 'later').resource).toMatchObject({
      vmId: 'vm',
      parentId: 'first',
      takenAt: '2026-11-03T10:00:00.000Z',
      withMemory: true,
    })
    expect(project(store, 'VM', 'first').resource).toMatchObject({
      parentId: null,
      withMemory: false,
    })
  })
})

describe('host', () => {
  function host(): TestStore {
    const store = new TestStore()
    store.set('pool', 'pool', { master: refOf('host') })
    store.set('host_metrics', 'live', { live: true, memory_total: 64, memory_free: 32 })
    store.set('VM', 'dom0', { is_control_domain: true, VCPUs_at_startup: 4, memory_dynamic_max: 8 })
    store.set('host', 'host', {
      metrics: refOf('live'),
      enabled: true,
      cpu_info: {
        cpu_count: '16',
        socket_count: '2',
        modelname: 'Xeon(R)   Gold',
        speed: '2100.1',
      },
      software_version: {
        product_brand: 'XCP-ng',
        product_version: '8.3.0',
        build_number: 'cloud',
        xapi: '24.11',
      },
      other_config: { boot_time: '1790000000.' },
      resident_VMs: refsOf('dom0'),
    })
    return store
  }

  it('is joined with its metrics, CPUs and control domain', () => {
    expect(project(host(), 'host', 'host').resource).toMatchObject({
      isCoordinator: true,
      state: 'running',
      cpu: { count: 16, sockets: 2, model: 'Xeon(R) Gold', mhz: 2100 },
      memory: { total: 64, free: 32 },
      version: { product: 'XCP-ng', version: '8.3.0', build: 'cloud', xapi: '24.11' },
      bootedAt: '2026-09-21T14:13:20.000Z',
      // Found among the resident VMs: host.control_domain came with XenServer 7.
      controlDomain: { id: 'dom0', vcpus: 4, memory: 8 },
    })
  })

  it.each([
    [true, true, 'running'],
    [true, false, 'maintenance'],
    [false, true, 'unreachable'],
  ])('live %s, enabled %s is %s', (live, enabled, state) => {
    const store = host()
    store.set('host_metrics', 'live', { live })
    store.set('host', 'host', { enabled })
    expect(project(store, 'host', 'host').resource).toMatchObject({ state })
  })
})

describe('networks', () => {
  it.each([
    [{ VLAN: -1 }, 'external'],
    [{ VLAN: 7 }, 'vlan'],
    [{ VLAN: -1, bond_master_of: [refOf<'Bond'>('bond')] }, 'bond'],
    // A VLAN on a bond is a VLAN.
    [{ VLAN: 7, bond_master_of: [refOf<'Bond'>('bond')] }, 'vlan'],
    [{ VLAN: -1, tunnel_access_PIF_of: [refOf<'tunnel'>('tunnel')] }, 'tunnel'],
  ])('with a PIF %j is %s', (pif, type) => {
    const store = new TestStore()
    store.set('PIF', 'pif', pif)
    store.set('network', 'network', { PIFs: refsOf('pif') })
    expect(project(store, 'network', 'network').resource).toMatchObject({
      type,
      physicalNicIds: ['pif'],
    })
  })

  it('without a PIF is internal, or the hosts’ own', () => {
    const store = new TestStore()
    store.set('network', 'internal')
    store.set('network', 'own', { other_config: { is_host_internal_management_network: 'true' } })
    expect(project(store, 'network', 'internal').resource).toMatchObject({ type: 'internal' })
    expect(project(store, 'network', 'own').resource).toMatchObject({ type: 'hostInternal' })
  })

  it('joins a PIF with its VLAN, bond and link', () => {
    const store = new TestStore()
    store.set('PIF_metrics', 'metrics', { carrier: true, speed: 65_535 })
    store.set('Bond', 'bond', {
      master: refOf('bond0'),
      slaves: refsOf('eth1', 'eth0'),
      mode: 'lacp',
      links_up: 2,
    })
    store.set('VLAN', 'vlan', {
      tag: 7,
      tagged_PIF: refOf('bond0'),
      untagged_PIF: refOf('bond0.7'),
    })
    store.set('PIF', 'bond0', {
      VLAN: -1,
      bond_master_of: refsOf('bond'),
      metrics: refOf('metrics'),
      IPv6: [''],
    })
    store.set('PIF', 'eth0', { VLAN: -1, bond_slave_of: refOf('bond') })
    store.set('PIF', 'eth1', { VLAN: -1, bond_slave_of: refOf('bond') })
    store.set('PIF', 'bond0.7', { VLAN: 7, VLAN_master_of: refOf('vlan') })
    expect(project(store, 'PIF', 'bond0').resource).toMatchObject({
      type: 'bond',
      bond: { id: 'bond', mode: 'lacp', memberIds: ['eth0', 'eth1'], linksUp: 2 },
      link: { carrier: true, speed: null },
      ipv6: [],
    })
    expect(project(store, 'PIF', 'eth0').resource).toMatchObject({
      type: 'physical',
      bondedIntoId: 'bond0',
    })
    expect(project(store, 'PIF', 'bond0.7').resource).toMatchObject({
      type: 'vlan',
      vlan: { id: 'vlan', tag: 7, onNicId: 'bond0' },
    })
  })

  it('gives a VIF its own addresses while it is attached', () => {
    const store = runningVm()
    store.set('VIF', 'eth1', {
      currently_attached: true,
      qos_algorithm_type: 'ratelimit',
      qos_algorithm_params: { kbps: '512' },
    })
    expect(project(store, 'VIF', 'eth1').resource).toMatchObject({
      addresses: ['192.0.2.7'],
      rateLimit: 512,
      vmId: 'vm',
    })
    expect(project(store, 'VIF', 'eth0').resource).toMatchObject({ addresses: [], rateLimit: null })
  })
})

describe('storage', () => {
  it('knows its hosts, and −1 as unknown', () => {
    const store = new TestStore()
    store.set('host', 'host')
    store.set('PBD', 'pbd', { host: refOf('host'), currently_attached: true })
    store.set('SR', 'sr', {
      PBDs: refsOf('pbd'),
      physical_size: -1,
      physical_utilisation: 5,
      type: 'nfs',
      shared: true,
    })
    expect(project(store, 'SR', 'sr').resource).toMatchObject({
      hosts: [{ id: 'pbd', hostId: 'host', attached: true }],
      size: null,
      used: 5,
      shared: true,
    })
  })

  it('tells who uses a disk, save control domains', () => {
    const store = runningVm()
    store.set('VM', 'dom0', { is_control_domain: true })
    store.set('VBD', 'root', { VM: refOf('vm') })
    store.set('VBD', 'dom0vbd', { VM: refOf('dom0') })
    store.set('VDI', 'disk', {
      VBDs: refsOf('root', 'dom0vbd'),
      virtual_size: 10,
      SR: refOf('gone'),
    })
    expect(project(store, 'VDI', 'disk').resource).toMatchObject({
      usedBy: ['vm'],
      size: 10,
      storageId: null,
    })
  })
})
