/** PIF messages (PROTOCOL section 7). */
import { isIPv4 } from 'node:net'
import type { Row } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { flag, refOrNone, text } from '../vm/row.ts'
import { assertUnused } from './vlan.ts'

/** Simulated seconds until a DHCP server has answered. */
const DHCP = 2

function plug(call: Call, pif: string): void {
  const row = call.pool.db.must('PIF', pif)
  if (refOrNone(row, 'bond_slave_of')) throw new XapiError('CANNOT_PLUG_BOND_SLAVE', pif)
  call.pool.db.write('PIF', pif, { currently_attached: true })
}

function unplug(call: Call, pif: string): void {
  const { pool } = call
  const row = pool.db.must('PIF', pif)
  if (!flag(row, 'managed')) throw new XapiError('PIF_UNMANAGED', pif)
  if (flag(row, 'management')) throw new XapiError('PIF_IS_MANAGEMENT_INTERFACE', pif)
  assertUnused(pool, pif)
  if (flag(row, 'disallow_unplug')) throw new XapiError('PIF_DOES_NOT_ALLOW_UNPLUG', pif)
  pool.db.write('PIF', pif, { currently_attached: false })
}

function assertIpv4(address: string, field: string): void {
  if (!isIPv4(address)) throw new XapiError('INVALID_IP_ADDRESS_SPECIFIED', field)
}

function staticConfig(ip: string, netmask: string, gateway: string, dns: string): Row {
  assertIpv4(ip, 'IP')
  assertIpv4(netmask, 'netmask')
  if (gateway !== '') assertIpv4(gateway, 'gateway')
  for (const server of dns.split(',')) if (server !== '') assertIpv4(server, 'DNS')
  return { IP: ip, netmask, gateway, DNS: dns }
}

/** An address by DHCP arrives later, as an event. */
function lease(call: Call, pif: string): void {
  const { pool } = call
  const number = 100 + pool.random.int(100)
  pool.sleep(DHCP).then(
    () => {
      if (pool.db.get('PIF', pif)?.['ip_configuration_mode'] !== 'DHCP') return
      const prefix = `192.168.${pool.random.int(250)}`
      pool.db.write('PIF', pif, {
        IP: `${prefix}.${number}`,
        netmask: '255.255.255.0',
        gateway: `${prefix}.1`,
        DNS: `${prefix}.1`,
      })
    },
    () => {
      // The pool closes before the lease comes.
    },
  )
}

function reconfigureIp(
  call: Call,
  pif: string,
  mode: string,
  ip: string,
  netmask: string,
  gateway: string,
  dns: string,
): void {
  const { db } = call.pool
  const row = db.must('PIF', pif)
  if (!flag(row, 'managed')) throw new XapiError('PIF_UNMANAGED', pif)
  if (refOrNone(row, 'bond_slave_of') && mode !== 'None') {
    throw new XapiError('CANNOT_PLUG_BOND_SLAVE', pif)
  }
  if (mode === 'None' && flag(row, 'management')) {
    throw new XapiError('PIF_IS_MANAGEMENT_INTERFACE', pif)
  }
  const none = { IP: '', netmask: '', gateway: '', DNS: '' }
  const addresses = mode === 'Static' ? staticConfig(ip, netmask, gateway, dns) : none
  // The management address stays: it is how clients reach the host.
  const keeps = mode === 'DHCP' && flag(row, 'management')
  db.write('PIF', pif, { ip_configuration_mode: mode, ...(keeps ? {} : addresses) })
  if (mode === 'DHCP' && !keeps) lease(call, pif)
  if (mode === 'Static' && flag(row, 'management')) {
    db.write('host', text(row, 'host'), { address: ip })
  }
}

function setDisallowUnplug(call: Call, pif: string, value: boolean): void {
  call.pool.db.write('PIF', pif, { disallow_unplug: value })
}

export const pifHandlers: Readonly<Record<string, Handler>> = {
  'PIF.plug': plug,
  'PIF.unplug': unplug,
  'PIF.reconfigure_ip': reconfigureIp,
  'PIF.set_disallow_unplug': setDisallowUnplug,
}
