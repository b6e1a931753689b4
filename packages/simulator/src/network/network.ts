/** network messages (PROTOCOL section 7). */
import type { Row } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { destroyVif } from '../vm/device-copy.ts'
import { flag, int, list, map, text } from '../vm/row.ts'

const RESERVED_PREFIXES = ['xenbr', 'xapi', 'vif', 'tap', 'eth', 'bond']
const LONGEST_BRIDGE = 15

function bridgesOf(call: Call): Set<string> {
  return new Set([...call.pool.db.all('network')].map(([, row]) => text(row, 'bridge')))
}

/** The first `xapi<N>` that no network has. */
function freeBridge(call: Call): string {
  const used = bridgesOf(call)
  let number = 0
  while (used.has(`xapi${number}`)) number++
  return `xapi${number}`
}

function bridgeOf(call: Call, wanted: string): string {
  if (wanted === '') return freeBridge(call)
  const reserved = RESERVED_PREFIXES.some((prefix) => wanted.startsWith(prefix))
  if (wanted.length > LONGEST_BRIDGE || reserved) {
    throw new XapiError('INVALID_VALUE', 'bridge', wanted)
  }
  if (bridgesOf(call).has(wanted)) throw new XapiError('BRIDGE_NAME_EXISTS', wanted)
  return wanted
}

function create(call: Call, record: Row): string {
  const MTU = int(record, 'MTU') > 0 ? int(record, 'MTU') : 1500
  return call.pool.db.create('network', {
    name_label: record['name_label'] ?? '',
    name_description: record['name_description'] ?? '',
    other_config: record['other_config'] ?? {},
    tags: record['tags'] ?? [],
    managed: record['managed'] ?? true,
    MTU,
    bridge: bridgeOf(call, text(record, 'bridge')),
  })
}

/** Unattached VIFs go with their network. */
function destroy(call: Call, network: string): void {
  const { db } = call.pool
  const row = db.must('network', network)
  const vifs = list(row, 'VIFs').filter((vif) => db.get('VIF', vif))
  const attached = vifs.filter((vif) => flag(db.must('VIF', vif), 'currently_attached'))
  if (attached.length > 0) throw new XapiError('NETWORK_CONTAINS_VIF', ...attached)
  const pifs = list(row, 'PIFs').filter((pif) => db.get('PIF', pif))
  if (pifs.length > 0) throw new XapiError('NETWORK_CONTAINS_PIF', ...pifs)
  if (map(row, 'other_config')['is_host_internal_management_network'] === 'true') {
    throw new XapiError('CANNOT_DESTROY_SYSTEM_NETWORK', network)
  }
  for (const vif of vifs) destroyVif(call.pool, vif)
  db.destroy('network', network)
}

/** @throws XapiError VIF_IN_USE[net, vif] when a running VM follows the network's mode */
function setDefaultLockingMode(call: Call, network: string, mode: string): void {
  const { db } = call.pool
  for (const vif of list(db.must('network', network), 'VIFs')) {
    const row = db.get('VIF', vif)
    if (row && flag(row, 'currently_attached') && row['locking_mode'] === 'network_default') {
      throw new XapiError('VIF_IN_USE', network, vif)
    }
  }
  db.write('network', network, { default_locking_mode: mode })
}

function addPurpose(call: Call, network: string, purpose: string): void {
  const { db } = call.pool
  const before = list(db.must('network', network), 'purpose')
  const conflict = before.find((other) => other !== purpose)
  if (conflict !== undefined) {
    throw new XapiError('NETWORK_INCOMPATIBLE_PURPOSES', purpose, conflict)
  }
  db.write('network', network, { purpose: [...new Set([...before, purpose])] })
}

function removePurpose(call: Call, network: string, purpose: string): void {
  const before = list(call.pool.db.must('network', network), 'purpose')
  call.pool.db.write('network', network, { purpose: before.filter((other) => other !== purpose) })
}

export const networkHandlers: Readonly<Record<string, Handler>> = {
  'network.create': create,
  'network.destroy': destroy,
  'network.set_default_locking_mode': setDefaultLockingMode,
  'network.add_purpose': addPurpose,
  'network.remove_purpose': removePurpose,
}
