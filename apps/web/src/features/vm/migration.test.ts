import type { Network, Nic, PhysicalNic, Storage } from '@xendeck/contract'
import { describe, expect, test } from 'vitest'
import { aDisk, aVm } from './fixture.ts'
import { obstacleTo, type Surroundings } from './migration.ts'

const nothing: Surroundings = {
  disk: () => undefined,
  storage: () => undefined,
  nic: () => undefined,
  network: () => undefined,
  physicalNic: () => undefined,
  vm: () => undefined,
  nics: () => [],
}
const there = { id: 'host-2', state: 'running' } as const

const drive = {
  id: 'vbd-1',
  type: 'disk',
  position: '0',
  device: 'xvda',
  diskId: 'disk-1',
  attached: true,
  bootable: true,
  readOnly: false,
} as const

function aStorage(hosts: Storage['hosts']): Storage {
  return {
    id: 'storage-1',
    poolId: 'pool-1',
    name: 'Local',
    description: '',
    allowed: [],
    current: [],
    type: 'ext',
    contentType: 'user',
    shared: false,
    size: null,
    used: null,
    allocated: null,
    hosts,
    isTools: false,
    tags: [],
  }
}

function aNetwork(physicalNicIds: string[]): Network {
  return {
    id: 'network-1',
    poolId: 'pool-1',
    name: 'Lab',
    description: '',
    bridge: 'xenbr1',
    mtu: 1500,
    type: physicalNicIds.length > 0 ? 'external' : 'internal',
    vlans: [],
    physicalNicIds,
    defaultLocking: 'unlocked',
    tags: [],
  }
}

function aNic(facts: Partial<Nic> = {}): Nic {
  return {
    id: 'nic-1',
    poolId: 'pool-1',
    vmId: 'vm-1',
    networkId: 'network-1',
    device: '0',
    mac: '',
    mtu: 1500,
    attached: true,
    locking: '',
    addresses: [],
    rateLimit: null,
    ...facts,
  }
}

const onHost = (hostId: string) => ({ hostId }) as PhysicalNic

describe('what is in the way of a migration', () => {
  test('nothing, where nothing is known against it', () => {
    expect(obstacleTo(there, aVm({ drives: [drive], nicIds: ['nic-1'] }), nothing)).toBeNull()
  })

  test('the host itself', () => {
    expect(obstacleTo({ id: 'host-1', state: 'running' }, aVm(), nothing)?.reason).toBe('here')
    expect(obstacleTo({ ...there, state: 'maintenance' }, aVm(), nothing)?.reason).toBe(
      'maintenance',
    )
    expect(obstacleTo({ ...there, state: 'unreachable' }, aVm(), nothing)?.reason).toBe(
      'unreachable',
    )
  })

  test('a disk on storage that the host does not have attached', () => {
    const vm = aVm({ drives: [drive] })
    const around = (hosts: Storage['hosts']): Surroundings => ({
      ...nothing,
      disk: () => aDisk(),
      storage: () => aStorage(hosts),
    })
    const here = { id: 'pbd-1', hostId: 'host-1', attached: true }
    expect(obstacleTo(there, vm, around([here]))).toEqual({ reason: 'storage', name: 'Local' })
    const detached = { id: 'pbd-2', hostId: 'host-2', attached: false }
    expect(obstacleTo(there, vm, around([here, detached]))?.reason).toBe('storage')
    expect(obstacleTo(there, vm, around([here, { ...detached, attached: true }]))).toBeNull()
  })

  test('a network that the host has no NIC on', () => {
    const vm = aVm({ nicIds: ['nic-1'] })
    const around = (hostId: string): Surroundings => ({
      ...nothing,
      nic: () => aNic(),
      network: () => aNetwork(['pif-1']),
      physicalNic: () => onHost(hostId),
    })
    expect(obstacleTo(there, vm, around('host-1'))).toEqual({ reason: 'network', name: 'Lab' })
    expect(obstacleTo(there, vm, around('host-2'))).toBeNull()
  })

  test('an internal network belongs to the host where a VM is on it', () => {
    const vm = aVm({ nicIds: ['nic-1'] })
    const around = (attached: boolean): Surroundings => ({
      ...nothing,
      nic: () => aNic(),
      network: () => aNetwork([]),
      vm: () => aVm({ hostId: 'host-1' }),
      nics: () => [aNic({ attached })],
    })
    expect(obstacleTo(there, vm, around(true))?.reason).toBe('network')
    expect(obstacleTo(there, vm, around(false))).toBeNull()
  })
})
