import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { kinds, resources, type Kind, type Resource } from '@xendeck/contract'
import { startSimulator, type PoolData, type Simulator } from '@xendeck/simulator'
import { XenConnection } from '@xendeck/xenapi'
import { ResourceTable } from '../src/feed/table.ts'
import { Claims } from '../src/inventory/claims.ts'
import { PoolInventory } from '../src/inventory/pool-inventory.ts'

const dumps = fileURLToPath(new URL('../../../fixtures/dumps/', import.meta.url))

interface Shown {
  readonly failures: readonly string[]
  /** Class → number of its objects in the pool; VM without control domains. */
  readonly objects: Readonly<Record<string, number>>
  all<K extends Kind>(kind: K): Resource<K>[]
}

/** What a pool is shown as, read over a real connection. */
async function show(data: PoolData): Promise<Shown> {
  const simulator = await startSimulator({ data, timeScale: 0 })
  const connection = new XenConnection({
    address: simulator.url,
    username: 'root',
    password: 'secret',
  })
  try {
    connection.start()
    await connection.ready()
    const [[ref, pool] = []] = connection.store.entries('pool')
    const table = new ResourceTable()
    const failures: string[] = []
    void new PoolInventory({
      store: connection.store,
      table,
      claims: new Claims(),
      pool: { id: pool?.uuid ?? '', ref: ref ?? '', connectionId: 'connection' },
      onFailure: (cls, failed, error) => failures.push(`${cls} ${failed} ${String(error)}`),
    })
    await vi.waitUntil(() => table.size > 0)
    return {
      failures,
      objects: countObjects(simulator),
      all: <K extends Kind>(kind: K) =>
        [...table.rows(kind).values()].map((row) => JSON.parse(row.json) as Resource<K>),
    }
  } finally {
    await connection.close()
    await simulator.close()
  }
}

function countObjects({ pool: { db } }: Simulator): Record<string, number> {
  const counted: Record<string, number> = {}
  for (const cls of ['host', 'SR', 'VDI', 'network', 'VIF', 'PIF', 'VM']) {
    counted[cls] = [...db.all(cls)].filter(([, row]) => row['is_control_domain'] !== true).length
  }
  return counted
}

describe.each(readdirSync(dumps).filter((name) => name.endsWith('.xml')))('%s', (name) => {
  it('is shown as a whole, in the words of the contract, with nothing that leads nowhere', async () => {
    const shown = await show({ database: dumps + name })
    expect(shown.failures).toEqual([])
    expect({
      host: shown.all('host').length,
      SR: shown.all('storage').length,
      VDI: shown.all('disk').length,
      network: shown.all('network').length,
      VIF: shown.all('nic').length,
      PIF: shown.all('physicalNic').length,
      VM: shown.all('vm').length + shown.all('template').length + shown.all('snapshot').length,
    }).toEqual(shown.objects)
    for (const kind of kinds)
      for (const resource of shown.all(kind)) resources[kind].parse(resource)
    const disks = new Set(shown.all('disk').map(({ id }) => id))
    const nics = new Set(shown.all('nic').map(({ id }) => id))
    const snapshots = new Set(shown.all('snapshot').map(({ id }) => id))
    for (const vm of shown.all('vm')) {
      for (const { diskId } of vm.drives) expect(diskId === null || disks.has(diskId)).toBe(true)
      expect(vm.nicIds.filter((id) => !nics.has(id))).toEqual([])
      expect(vm.snapshotIds.filter((id) => !snapshots.has(id))).toEqual([])
    }
    for (const host of shown.all('host')) {
      expect(host.cpu.count).toBeGreaterThan(0)
      expect(host.version.product).toBe('XenServer')
      expect(host.controlDomain).not.toBeNull()
    }
  })
})

it('shows VLANs, bonds and tunnels as such', async () => {
  const shown = await show({ database: `${dumps}two-hosts-vlan-bond-tunnel.xml` })
  const types = new Set(shown.all('physicalNic').map(({ type }) => type))
  expect([...types].toSorted()).toEqual(['bond', 'physical', 'tunnel', 'vlan'])
  const bond = shown.all('physicalNic').find(({ type }) => type === 'bond')
  expect(bond?.bond?.memberIds.length).toBeGreaterThan(1)
})
