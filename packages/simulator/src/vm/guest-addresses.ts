/** Addresses the guests get on their networks, as if each network had a DHCP server. */
import { createHash } from 'node:crypto'
import type { Database, Row } from '../db/database.ts'
import { list, refOrNone, text } from './row.ts'

function hash(value: string): Buffer {
  return createHash('sha256').update(value).digest()
}

/** `a.b.c` of the network: that of a host's address on it, else one made from its uuid. */
function prefixOf(db: Database, network: Row): string {
  for (const pif of list(network, 'PIFs')) {
    const row = db.get('PIF', pif)
    const address = row ? text(row, 'IP') : ''
    if (/^\d+\.\d+\.\d+\.\d+$/.test(address)) return address.slice(0, address.lastIndexOf('.'))
  }
  const bytes = hash(text(network, 'uuid'))
  return `10.${bytes[0] ?? 0}.${bytes[1] ?? 0}`
}

/** Link-local address by EUI-64 (RFC 4291, appendix A). */
function linkLocal(mac: string): string {
  const bytes = mac.split(':').map((part) => Number.parseInt(part, 16))
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f]
  return `fe80::${groups.map((group) => group.toString(16)).join(':')}`
}

/** Keys of VM_guest_metrics.networks for one VIF: what was set on it, else an address of its own. */
export function addressesOf(db: Database, vif: Row): Record<string, string> {
  const device = text(vif, 'device')
  const mac = text(vif, 'MAC')
  const networkRef = refOrNone(vif, 'network')
  const network = networkRef === undefined ? undefined : db.get('network', networkRef)
  const networks: Record<string, string> = {}
  const [configured] = list(vif, 'ipv4_addresses')
  const host = 50 + ((hash(mac)[0] ?? 0) % 200)
  const v4 = configured?.split('/')[0] ?? (network && `${prefixOf(db, network)}.${host}`)
  if (v4) {
    networks[`${device}/ip`] = v4
    networks[`${device}/ipv4/0`] = v4
  }
  const [configured6] = list(vif, 'ipv6_addresses')
  networks[`${device}/ipv6/0`] = configured6?.split('/')[0] ?? linkLocal(mac)
  return networks
}
