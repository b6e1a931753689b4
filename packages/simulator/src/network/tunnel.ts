/** Tunnels: a network between hosts over another one (PROTOCOL section 7). */
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { flag, list, map, refOrNone, text } from '../vm/row.ts'
import { VIRTUAL_MAC, assertNotConnected, assertUnused } from './vlan.ts'

/** @throws XapiError OPENVSWITCH_NOT_ACTIVE[] unless every host runs it */
function assertOpenVswitch(call: Call): void {
  for (const [, host] of call.pool.db.all('host')) {
    if (map(host, 'software_version')['network_backend'] !== 'openvswitch') {
      throw new XapiError('OPENVSWITCH_NOT_ACTIVE')
    }
  }
}

function freeDevice(call: Call, host: string): string {
  const { db } = call.pool
  const used = new Set(
    list(db.must('host', host), 'PIFs').map((pif) => db.get('PIF', pif)?.['device']),
  )
  let number = 0
  while (used.has(`tunnel${number}`)) number++
  return `tunnel${number}`
}

function create(call: Call, transport: string, network: string, protocol: string): string {
  const { pool } = call
  const { db } = pool
  const row = db.must('PIF', transport)
  db.must('network', network)
  assertOpenVswitch(call)
  const host = text(row, 'host')
  assertNotConnected(pool, network, host)
  if (refOrNone(row, 'bond_slave_of')) {
    throw new XapiError('CANNOT_ADD_TUNNEL_TO_BOND_SLAVE', transport)
  }
  if (list(row, 'tunnel_access_PIF_of').length > 0) {
    throw new XapiError('IS_TUNNEL_ACCESS_PIF', transport)
  }
  // Endpoints are addresses: a transport without one carries nothing yet.
  const active = flag(row, 'currently_attached') && row['ip_configuration_mode'] !== 'None'
  const access = db.create('PIF', {
    device: freeDevice(call, host),
    network,
    host,
    MAC: VIRTUAL_MAC,
    MTU: row['MTU'] ?? 1500,
    VLAN: -1,
    metrics: db.create('PIF_metrics', { carrier: active, last_updated: pool.clock.iso() }),
    physical: false,
    currently_attached: active,
    managed: true,
  })
  return db.create('tunnel', {
    access_PIF: access,
    transport_PIF: transport,
    status: { active: String(active) },
    protocol,
  })
}

function destroy(call: Call, tunnel: string): void {
  const { pool } = call
  const { db } = pool
  const access = text(db.must('tunnel', tunnel), 'access_PIF')
  const pif = db.get('PIF', access)
  if (pif) assertUnused(pool, access)
  db.destroy('tunnel', tunnel)
  if (!pif) return
  const metrics = text(pif, 'metrics')
  if (db.get('PIF_metrics', metrics)) db.destroy('PIF_metrics', metrics)
  db.destroy('PIF', access)
}

export const tunnelHandlers: Readonly<Record<string, Handler>> = {
  'tunnel.create': create,
  'tunnel.destroy': destroy,
}
