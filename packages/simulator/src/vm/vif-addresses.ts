/** Addresses of VIFs: what guests are told to use, and what they are held to (PROTOCOL 5.8, 7). */
import { isIPv4, isIPv6 } from 'node:net'
import type { Row, Value } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { reportGuest } from './guest.ts'
import { list, text } from './row.ts'

type Version = 'ipv4' | 'ipv6'

const IS_ADDRESS = { ipv4: isIPv4, ipv6: isIPv6 }
const LONGEST_PREFIX = { ipv4: 32, ipv6: 128 }

/** @throws XapiError INVALID_IP_ADDRESS_SPECIFIED, INVALID_CIDR_ADDRESS_SPECIFIED */
function assertCidr(version: Version, address: string): void {
  const [ip = '', prefix = '', ...more] = address.split('/')
  const length = /^\d+$/.test(prefix) ? Number(prefix) : -1
  const valid = more.length === 0 && length >= 0 && length <= LONGEST_PREFIX[version]
  if (!IS_ADDRESS[version](ip) || !valid) {
    throw new XapiError('INVALID_CIDR_ADDRESS_SPECIFIED', `${version}_address`)
  }
}

function assertAddress(version: Version, address: string, field: string): void {
  if (!IS_ADDRESS[version](address)) throw new XapiError('INVALID_IP_ADDRESS_SPECIFIED', field)
}

function configuring(version: Version): Handler {
  return (call: Call, vif: string, mode: string, address: string, gateway: string) => {
    const { pool } = call
    const row = pool.db.must('VIF', vif)
    const fields: Row = { [`${version}_configuration_mode`]: mode }
    if (mode === 'Static') {
      assertCidr(version, address)
      if (gateway !== '') assertAddress(version, gateway, `${version}_gateway`)
      fields[`${version}_addresses`] = [address]
      fields[`${version}_gateway`] = gateway
    } else {
      fields[`${version}_addresses`] = []
      fields[`${version}_gateway`] = ''
    }
    pool.db.write('VIF', vif, fields)
    reportGuest(pool, text(row, 'VM'))
  }
}

function settingAllowed(version: Version): Handler {
  return (call: Call, vif: string, addresses: string[]) => {
    for (const address of addresses) assertAddress(version, address, `${version}_allowed`)
    call.pool.db.write('VIF', vif, { [`${version}_allowed`]: addresses })
  }
}

function addingAllowed(version: Version): Handler {
  return (call: Call, vif: string, address: string) => {
    const field = `${version}_allowed`
    assertAddress(version, address, field)
    const before = list(call.pool.db.must('VIF', vif), field)
    call.pool.db.write('VIF', vif, { [field]: [...new Set([...before, address])] })
  }
}

function removingAllowed(version: Version): Handler {
  return (call: Call, vif: string, address: string) => {
    const field = `${version}_allowed`
    const before = list(call.pool.db.must('VIF', vif), field)
    call.pool.db.write('VIF', vif, { [field]: before.filter((item) => item !== address) })
  }
}

function setLockingMode(call: Call, vif: string, mode: Value): void {
  call.pool.db.write('VIF', vif, { locking_mode: mode })
}

export const vifAddressHandlers: Readonly<Record<string, Handler>> = {
  'VIF.set_locking_mode': setLockingMode,
  'VIF.configure_ipv4': configuring('ipv4'),
  'VIF.configure_ipv6': configuring('ipv6'),
  'VIF.set_ipv4_allowed': settingAllowed('ipv4'),
  'VIF.add_ipv4_allowed': addingAllowed('ipv4'),
  'VIF.remove_ipv4_allowed': removingAllowed('ipv4'),
  'VIF.set_ipv6_allowed': settingAllowed('ipv6'),
  'VIF.add_ipv6_allowed': addingAllowed('ipv6'),
  'VIF.remove_ipv6_allowed': removingAllowed('ipv6'),
}
