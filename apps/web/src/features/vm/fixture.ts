import type { Disk, Snapshot, Subject, Vm } from '@xendeck/contract'

/** Objects for tests: complete and unremarkable; tests say only what matters to them. */
export function aVm(facts: Partial<Vm> = {}): Vm {
  return {
    id: 'vm-1',
    poolId: 'pool-1',
    name: 'web-01',
    description: '',
    allowed: ['clean_shutdown', 'clean_reboot', 'hard_shutdown', 'snapshot', 'suspend'],
    current: [],
    vcpus: { atStartup: 2, max: 4, coresPerSocket: null },
    memory: { staticMin: 1, dynamicMin: 1, dynamicMax: 4 * 1024 ** 3, staticMax: 4 * 1024 ** 3 },
    virtualization: 'hvm',
    firmware: 'bios',
    bootOrder: 'cdn',
    drives: [],
    nicIds: [],
    tags: [],
    powerState: 'running',
    hostId: 'host-1',
    affinityHostId: null,
    os: null,
    addresses: [],
    tools: { state: 'running', version: null },
    memoryActual: null,
    startedAt: null,
    snapshotIds: [],
    currentSnapshotId: null,
    consoles: ['rfb'],
    autoPowerOn: false,
    haPriority: '',
    blockedOperations: {},
    ...facts,
  }
}

export function aSnapshot(facts: Partial<Snapshot> = {}): Snapshot {
  const { vcpus, memory, virtualization, firmware, bootOrder } = aVm()
  return {
    id: 'snapshot-1',
    poolId: 'pool-1',
    name: 'before',
    description: '',
    allowed: ['revert', 'destroy'],
    current: [],
    vcpus,
    memory,
    virtualization,
    firmware,
    bootOrder,
    drives: [],
    nicIds: [],
    tags: [],
    vmId: 'vm-1',
    takenAt: null,
    parentId: null,
    withMemory: false,
    ...facts,
  }
}

export function aDisk(facts: Partial<Disk> = {}): Disk {
  return {
    id: 'disk-1',
    poolId: 'pool-1',
    name: 'root',
    description: '',
    allowed: [],
    current: [],
    storageId: 'storage-1',
    size: 10 * 1024 ** 3,
    used: null,
    type: 'user',
    isSnapshot: false,
    snapshotOfId: null,
    takenAt: null,
    readOnly: false,
    shareable: false,
    managed: true,
    missing: false,
    usedBy: [],
    tags: [],
    ...facts,
  }
}

export const administrator: Subject = {
  userId: 'user-1',
  name: 'admin',
  role: 'administrator',
  pools: 'all',
}
