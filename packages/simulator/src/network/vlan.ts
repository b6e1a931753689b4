/** VLANs: a tagged view of a PIF, on one host or on all (PROTOCOL section 7). */
import { isLive } from '../host/allowed.ts'
import { NULL_REF } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { flag, int, list, refOrNone, text } from '../vm/row.ts'

/** The address all virtual PIFs show. */
export const VIRTUAL_MAC = 'fe:ff:ff:ff:ff:ff'
const HIGHEST_TAG = 4094

/** @throws XapiError NETWORK_ALREADY_CONNECTED[host, pif] */
export function assertNotConnected(pool: Pool, network: string, host: string): void {
  for (const pif of list(pool.db.must('network', network), 'PIFs')) {
    if (pool.db.get('PIF', pif)?.['host'] === host) {
      throw new XapiError('NETWORK_ALREADY_CONNECTED', host, pif)
    }
  }
}

/** @returns ref of the new VLAN */
export function createVlan(pool: Pool, pif: string, tag: number, network: string): string {
  const { db } = pool
  const row = db.must('PIF', pif)
  db.must('network', network)
  const host = text(row, 'host')
  const device = text(row, 'device')
  if (tag < 0 || tag > HIGHEST_TAG) throw new XapiError('VLAN_TAG_INVALID', String(tag))
  assertNotConnected(pool, network, host)
  if (refOrNone(row, 'bond_slave_of')) throw new XapiError('CANNOT_ADD_VLAN_TO_BOND_SLAVE', pif)
  if (int(row, 'VLAN') >= 0) throw new XapiError('PIF_IS_VLAN', pif)
  if (list(row, 'tunnel_access_PIF_of').length > 0) throw new XapiError('IS_TUNNEL_ACCESS_PIF', pif)
  for (const [, other] of db.all('PIF')) {
    if (other['host'] === host && other['device'] === device && other['VLAN'] === tag) {
      throw new XapiError('PIF_VLAN_EXISTS', device)
    }
  }
  const untagged = db.create('PIF', {
    device,
    network,
    host,
    MAC: VIRTUAL_MAC,
    MTU: row['MTU'] ?? 1500,
    VLAN: tag,
    metrics: row['metrics'] ?? NULL_REF,
    physical: false,
    currently_attached: true,
    managed: true,
    IPv6: [''],
    igmp_snooping_status: 'unknown',
  })
  const vlan = db.create('VLAN', { tagged_PIF: pif, untagged_PIF: untagged, tag })
  db.write('PIF', untagged, { VLAN_master_of: vlan })
  return vlan
}

/** @throws XapiError PIF_IS_MANAGEMENT_INTERFACE[pif], VIF_IN_USE[network, vif] */
export function destroyVlan(pool: Pool, vlan: string): void {
  const { db } = pool
  const untagged = text(db.must('VLAN', vlan), 'untagged_PIF')
  const pif = db.get('PIF', untagged)
  if (pif && flag(pif, 'management')) throw new XapiError('PIF_IS_MANAGEMENT_INTERFACE', untagged)
  if (pif) assertUnused(pool, untagged)
  db.destroy('VLAN', vlan)
  if (pif) db.destroy('PIF', untagged)
}

/** @throws XapiError VIF_IN_USE[network, vif] while a VM on the PIF's host uses its network */
export function assertUnused(pool: Pool, pif: string): void {
  const { db } = pool
  const row = db.must('PIF', pif)
  const network = text(row, 'network')
  for (const vif of list(db.get('network', network) ?? {}, 'VIFs')) {
    const device = db.get('VIF', vif)
    if (!device || !flag(device, 'currently_attached')) continue
    if (db.get('VM', text(device, 'VM'))?.['resident_on'] === row['host']) {
      throw new XapiError('VIF_IN_USE', network, vif)
    }
  }
}

/** One VLAN on each of the PIFs, or none at all. @returns refs of the untagged PIFs */
function createOnAll(pool: Pool, pifs: string[], network: string, tag: number): string[] {
  const made: string[] = []
  try {
    for (const pif of pifs) made.push(createVlan(pool, pif, tag, network))
  } catch (error) {
    for (const vlan of made) destroyVlan(pool, vlan)
    throw error
  }
  return made.map((vlan) => text(pool.db.must('VLAN', vlan), 'untagged_PIF'))
}

function createFromPif(call: Call, pif: string, network: string, tag: number): string[] {
  const { pool } = call
  const { db } = pool
  const base = text(db.must('PIF', pif), 'network')
  db.must('network', network)
  const pifs = list(db.must('network', base), 'PIFs').filter((each) =>
    isLive(db, text(db.must('PIF', each), 'host')),
  )
  return createOnAll(pool, pifs, network, tag)
}

function createByDevice(call: Call, device: string, network: string, tag: number): string[] {
  const { pool } = call
  const pifs = [...pool.db.all('PIF')]
    .filter(([, row]) => row['device'] === device && row['VLAN'] === -1)
    .filter(([, row]) => isLive(pool.db, text(row, 'host')))
  return createOnAll(
    pool,
    pifs.map(([ref]) => ref),
    network,
    tag,
  )
}

export const vlanHandlers: Readonly<Record<string, Handler>> = {
  'VLAN.create': (call: Call, pif: string, tag: number, network: string) =>
    createVlan(call.pool, pif, tag, network),
  'VLAN.destroy': (call: Call, vlan: string) => destroyVlan(call.pool, vlan),
  'pool.create_VLAN': createByDevice,
  'pool.create_VLAN_from_PIF': createFromPif,
}
