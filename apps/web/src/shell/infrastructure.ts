import type { Connection, Host, Pool, Vm } from '@xendeck/contract'
import { byName, learnOrder } from '../lib/sort.ts'

/** One line of the infrastructure tree, without its looks. */
export type Line = { key: string; level: number; positionInSet: number; setSize: number } & (
  | { kind: 'pool'; pool: Pool; connection: Connection | undefined; hosts: number; isOpen: boolean }
  | { kind: 'connection'; connection: Connection }
  | { kind: 'host'; host: Host; pool: Pool; vms: number; isOpen: boolean | undefined }
  | { kind: 'notRunning'; pool: Pool; vms: number; isOpen: boolean }
  | { kind: 'vm'; vm: Vm; pool: Pool }
)

export interface Infrastructure {
  connections: readonly Connection[]
  pools: readonly Pool[]
  hosts: readonly Host[]
  vms: readonly Vm[]
}

export const poolKey = (id: string) => `pool/${id}`
export const hostKey = (id: string) => `host/${id}`
export const vmKey = (id: string) => `vm/${id}`
export const notRunningKey = (poolId: string) => `not-running/${poolId}`

/**
 * The visible lines: pools, their hosts, the VMs that run there, and below the hosts those that run nowhere. A pool
 * that has not been reached yet is there by its connection. Pools are open and hosts closed until somebody chose.
 */
export function linesOf(
  { connections, pools, hosts, vms }: Infrastructure,
  unfolded: Readonly<Record<string, boolean>>,
): Line[] {
  const connectionById = new Map(connections.map((connection) => [connection.id, connection]))
  const known = new Set(pools.map((pool) => pool.connectionId))
  const hostsByPool = Map.groupBy(hosts, (host) => host.poolId)
  const vmsByHost = Map.groupBy(vms, (vm) => vm.hostId ?? notRunningKey(vm.poolId))

  type Root = { name: string; id: string; pool?: Pool; connection: Connection | undefined }
  const roots: Root[] = [
    ...pools.map((pool) => {
      const connection = connectionById.get(pool.connectionId)
      return { name: poolName(pool, connection), id: pool.id, pool, connection }
    }),
    ...connections
      .filter((connection) => !known.has(connection.id))
      .map((connection) => ({ name: connectionName(connection), id: connection.id, connection })),
  ].toSorted(byName)

  const lines: Line[] = []
  roots.forEach((root, index) => {
    const place = { level: 1, positionInSet: index + 1, setSize: roots.length }
    const { pool, connection } = root
    if (pool) {
      const members = (hostsByPool.get(pool.id) ?? []).toSorted(byName)
      const key = poolKey(pool.id)
      const isOpen = unfolded[key] ?? true
      lines.push({ ...place, key, kind: 'pool', pool, connection, hosts: members.length, isOpen })
      if (isOpen) addMembers(lines, pool, members, vmsByHost, unfolded)
    } else if (connection) {
      lines.push({ ...place, key: `connection/${connection.id}`, kind: 'connection', connection })
    }
  })
  return lines
}

function addMembers(
  lines: Line[],
  pool: Pool,
  hosts: readonly Host[],
  vmsByHost: ReadonlyMap<string, Vm[]>,
  unfolded: Readonly<Record<string, boolean>>,
): void {
  const halted = vmsByHost.get(notRunningKey(pool.id)) ?? []
  const setSize = hosts.length + (halted.length > 0 ? 1 : 0)
  hosts.forEach((host, index) => {
    const vms = vmsByHost.get(host.id) ?? []
    const key = hostKey(host.id)
    const isOpen = vms.length === 0 ? undefined : (unfolded[key] ?? false)
    const place = { level: 2, positionInSet: index + 1, setSize }
    lines.push({ ...place, key, kind: 'host', host, pool, vms: vms.length, isOpen })
    if (isOpen) addVms(lines, pool, vms)
  })
  if (halted.length === 0) return
  const key = notRunningKey(pool.id)
  const isOpen = unfolded[key] ?? false
  const place = { level: 2, positionInSet: setSize, setSize }
  lines.push({ ...place, key, kind: 'notRunning', pool, vms: halted.length, isOpen })
  if (isOpen) addVms(lines, pool, halted)
}

function addVms(lines: Line[], pool: Pool, vms: readonly Vm[]): void {
  learnOrder(vms.map((vm) => vm.name))
  const sorted = vms.toSorted(byName)
  sorted.forEach((vm, index) => {
    const place = { level: 3, positionInSet: index + 1, setSize: sorted.length }
    lines.push({ ...place, key: vmKey(vm.id), kind: 'vm', vm, pool })
  })
}

/** A pool without a name goes by the label it was registered with. */
export function poolName(pool: Pool, connection: Connection | undefined): string {
  return pool.name || (connection ? connectionName(connection) : pool.id)
}

export function connectionName(connection: Connection): string {
  return connection.label || connection.address
}
