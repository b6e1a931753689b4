import type { Connection, Host, Pool, Vm } from '@xendeck/contract'
import { describe, expect, it } from 'vitest'
import { hostKey, linesOf, notRunningKey, poolKey } from './infrastructure.ts'

const connection = (id: string, label: string, poolId: string | null) =>
  ({ id, label, address: `https://${id}`, poolId }) as Connection
const pool = (id: string, name: string, connectionId: string) =>
  ({ id, name, connectionId }) as Pool
const host = (id: string, name: string, poolId: string) => ({ id, name, poolId }) as Host
const vm = (id: string, name: string, poolId: string, hostId: string | null) =>
  ({ id, name, poolId, hostId }) as Vm

const infrastructure = {
  connections: [connection('c1', 'fra', 'p1'), connection('c2', 'Lab', null)],
  pools: [pool('p1', '', 'c1')],
  hosts: [host('h10', 'xs-10', 'p1'), host('h2', 'xs-2', 'p1')],
  vms: [vm('v1', 'db-10', 'p1', 'h2'), vm('v2', 'db-2', 'p1', 'h2'), vm('v3', 'spare', 'p1', null)],
}

const keysOf = (unfolded: Record<string, boolean>) =>
  linesOf(infrastructure, unfolded).map((line) => line.key)

describe('linesOf', () => {
  it('shows pools open and hosts closed, names in natural order', () => {
    expect(keysOf({})).toEqual([
      'pool/p1',
      'host/h2',
      'host/h10',
      'not-running/p1',
      'connection/c2',
    ])
  })

  it('shows the VMs of an open host', () => {
    expect(keysOf({ [hostKey('h2')]: true })).toEqual([
      'pool/p1',
      'host/h2',
      'vm/v2',
      'vm/v1',
      'host/h10',
      'not-running/p1',
      'connection/c2',
    ])
  })

  it('shows VMs that run nowhere below their pool', () => {
    expect(keysOf({ [notRunningKey('p1')]: true })).toContain('vm/v3')
  })

  it('hides everything below a closed pool', () => {
    expect(keysOf({ [poolKey('p1')]: false, [hostKey('h2')]: true })).toEqual([
      'pool/p1',
      'connection/c2',
    ])
  })

  it('does not let a host without VMs be opened', () => {
    const lines = linesOf(infrastructure, { [hostKey('h10')]: true })
    expect(lines.find((line) => line.key === 'host/h10')).toMatchObject({ isOpen: undefined })
  })

  it('tells each line its place among its siblings', () => {
    const lines = linesOf(infrastructure, {})
    expect(
      lines.map(({ level, positionInSet, setSize }) => [level, positionInSet, setSize]),
    ).toEqual([
      [1, 1, 2],
      [2, 1, 3],
      [2, 2, 3],
      [2, 3, 3],
      [1, 2, 2],
    ])
  })
})
