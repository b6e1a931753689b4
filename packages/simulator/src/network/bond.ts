/** Bonds: several interfaces of a host as one (PROTOCOL section 7). */
import type { Row } from '../db/database.ts'
import { NULL_REF } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { isValidMac } from '../vm/mac.ts'
import { flag, int, list, map, refOrNone, text } from '../vm/row.ts'
import { assertUnused } from './vlan.ts'

/** What a LACP bond may be told, and what it does untold. */
const LACP: Readonly<Record<string, { values: RegExp; default: string }>> = {
  hashing_algorithm: { values: /^(tcpudp_ports|src_mac)$/, default: 'tcpudp_ports' },
  'lacp-time': { values: /^(slow|fast)$/, default: 'slow' },
  'lacp-aggregation-key': { values: /^\d+$/, default: '0' },
  'lacp-fallback-ab': { values: /^(true|false)$/, default: 'true' },
}

/** Address settings that belong to one interface and move with the traffic. */
const ADDRESSING = [
  'ip_configuration_mode',
  'IP',
  'netmask',
  'gateway',
  'DNS',
  'ipv6_configuration_mode',
  'IPv6',
  'ipv6_gateway',
  'management',
  'disallow_unplug',
] as const

const NO_ADDRESS: Row = {
  ip_configuration_mode: 'None',
  IP: '',
  netmask: '',
  gateway: '',
  DNS: '',
  ipv6_configuration_mode: 'None',
  IPv6: [],
  ipv6_gateway: '',
  management: false,
  disallow_unplug: false,
}

/** @throws XapiError INVALID_VALUE["properties", …] */
function propertiesOf(mode: string, given: Record<string, string>): Record<string, string> {
  const known = mode === 'lacp' ? LACP : {}
  for (const [key, value] of Object.entries(given)) {
    if (!known[key]?.values.test(value)) {
      throw new XapiError('INVALID_VALUE', 'properties', `${key} = ${value}`)
    }
  }
  const defaults = Object.entries(known).map(([key, rule]) => [key, rule.default])
  return { ...Object.fromEntries(defaults), ...given }
}

function assertMembers(pool: Pool, members: string[]): void {
  const rows = members.map((pif) => pool.db.must('PIF', pif))
  if (new Set(rows.map((row) => row['host'])).size > 1) {
    throw new XapiError('PIF_CANNOT_BOND_CROSS_HOST')
  }
  if (members.length < 2) throw new XapiError('PIF_BOND_NEEDS_MORE_MEMBERS')
  for (const [i, row] of rows.entries()) {
    const pif = members[i] ?? ''
    if (refOrNone(row, 'bond_slave_of')) throw new XapiError('PIF_ALREADY_BONDED', pif)
    if (int(row, 'VLAN') >= 0) throw new XapiError('PIF_VLAN_EXISTS', pif)
    if (list(row, 'tunnel_access_PIF_of').length > 0) {
      throw new XapiError('IS_TUNNEL_ACCESS_PIF', pif)
    }
  }
  const addressed = rows.filter((row) => row['ip_configuration_mode'] !== 'None')
  if (addressed.length > 1) throw new XapiError('PIF_BOND_MORE_THAN_ONE_IP')
}

/** The member whose address and MAC the bond takes: management, else with an address, else first. */
function primaryOf(pool: Pool, members: string[]): string {
  const find = (test: (row: Row) => boolean) =>
    members.find((pif) => test(pool.db.must('PIF', pif)))
  return (
    find((row) => flag(row, 'management')) ??
    find((row) => row['ip_configuration_mode'] !== 'None') ??
    members[0] ??
    NULL_REF
  )
}

function freeDevice(pool: Pool, host: string): string {
  const used = new Set(
    list(pool.db.must('host', host), 'PIFs').map((pif) => pool.db.get('PIF', pif)?.['device']),
  )
  let number = 0
  while (used.has(`bond${number}`)) number++
  return `bond${number}`
}

function moveAddress(pool: Pool, from: string, to: string): void {
  const row = pool.db.must('PIF', from)
  const fields: Row = {}
  for (const field of ADDRESSING) fields[field] = row[field] ?? ''
  pool.db.write('PIF', from, NO_ADDRESS)
  pool.db.write('PIF', to, fields)
}

/** VLANs and tunnels ride on the other interface now. */
function moveRiders(pool: Pool, from: string, to: string): void {
  const { db } = pool
  const row = db.must('PIF', from)
  const device = text(db.must('PIF', to), 'device')
  for (const vlan of list(row, 'VLAN_slave_of')) {
    const untagged = text(db.must('VLAN', vlan), 'untagged_PIF')
    db.write('VLAN', vlan, { tagged_PIF: to })
    if (db.get('PIF', untagged)) db.write('PIF', untagged, { device })
  }
  for (const tunnel of list(row, 'tunnel_transport_PIF_of')) {
    db.write('tunnel', tunnel, { transport_PIF: to })
  }
}

/** VIFs of the VMs that run on the PIF's host follow it to the other network. */
function moveVifs(pool: Pool, host: string, from: string, to: string): void {
  const { db } = pool
  for (const vif of list(db.get('network', from) ?? {}, 'VIFs')) {
    const vm = db.get('VM', text(db.must('VIF', vif), 'VM'))
    if (vm?.['resident_on'] === host) db.write('VIF', vif, { network: to })
  }
}

function create(
  call: Call,
  network: string,
  members: string[],
  mac: string,
  mode: string,
  properties: Record<string, string>,
): string {
  const { pool, task } = call
  const { db } = pool
  db.must('network', network)
  if (mac !== '' && !isValidMac(mac)) throw new XapiError('MAC_INVALID', mac)
  const settings = propertiesOf(mode, properties)
  assertMembers(pool, members)
  const primary = primaryOf(pool, members)
  const model = db.must('PIF', primary)
  const host = text(model, 'host')
  const master = db.create('PIF', {
    device: freeDevice(pool, host),
    network,
    host,
    MAC: mac === '' ? text(model, 'MAC') : mac,
    MTU: model['MTU'] ?? 1500,
    VLAN: -1,
    metrics: db.create('PIF_metrics', { carrier: true, last_updated: pool.clock.iso() }),
    physical: false,
    currently_attached: true,
    managed: true,
  })
  const bond = db.create('Bond', {
    master,
    primary_slave: primary,
    mode,
    properties: settings,
    links_up: members.length,
    auto_update_mac: mac === '',
  })
  task.progress(0.2)
  moveAddress(pool, primary, master)
  task.progress(0.6)
  for (const member of members) {
    moveVifs(pool, host, text(db.must('PIF', member), 'network'), network)
    moveRiders(pool, member, master)
    db.write('PIF', member, { ...NO_ADDRESS, bond_slave_of: bond })
  }
  return bond
}

function destroy(call: Call, bond: string): void {
  const { pool } = call
  const { db } = pool
  const row = db.must('Bond', bond)
  const master = text(row, 'master')
  const primary = text(row, 'primary_slave')
  const masterRow = db.must('PIF', master)
  if (!flag(masterRow, 'management')) assertUnused(pool, master)
  for (const member of list(row, 'slaves')) db.write('PIF', member, { bond_slave_of: NULL_REF })
  moveAddress(pool, master, primary)
  moveRiders(pool, master, primary)
  const host = text(masterRow, 'host')
  moveVifs(pool, host, text(masterRow, 'network'), text(db.must('PIF', primary), 'network'))
  db.destroy('Bond', bond)
  const metrics = text(masterRow, 'metrics')
  if (db.get('PIF_metrics', metrics)) db.destroy('PIF_metrics', metrics)
  db.destroy('PIF', master)
}

function setMode(call: Call, bond: string, mode: string): void {
  const { db } = call.pool
  db.must('Bond', bond)
  db.write('Bond', bond, { mode, properties: propertiesOf(mode, {}) })
}

function setProperty(call: Call, bond: string, name: string, value: string): void {
  const { db } = call.pool
  const row = db.must('Bond', bond)
  const properties = { ...map(row, 'properties'), [name]: value }
  db.write('Bond', bond, { properties: propertiesOf(text(row, 'mode'), properties) })
}

export const bondHandlers: Readonly<Record<string, Handler>> = {
  'Bond.create': create,
  'Bond.destroy': destroy,
  'Bond.set_mode': setMode,
  'Bond.set_property': setProperty,
}
