import type { Network, Nic } from '@xendeck/contract'
import { numberIn, sorted } from './fields.ts'
import { addressList } from './guest.ts'
import { typeOfPif } from './physical-nic.ts'
import { ids, type Loose, type View } from './view.ts'

/** XenAPI `network`, joined with its PIFs. */
export function projectNetwork(view: View, ref: string): Network | undefined {
  const network = view.get('network', ref)
  const id = view.id('network', ref)
  if (!network || id === null) return undefined
  const pifs = (network.PIFs ?? [])
    .map((pif) => view.get('PIF', pif))
    .filter((pif) => pif !== undefined)
  const vlans = new Set(pifs.map((pif) => pif.VLAN ?? -1).filter((tag) => tag >= 0))
  return {
    id,
    poolId: view.poolId,
    name: network.name_label ?? '',
    description: network.name_description ?? '',
    bridge: network.bridge ?? '',
    mtu: network.MTU ?? 1500,
    type: typeOfNetwork(network, pifs),
    vlans: [...vlans].toSorted((a, b) => a - b),
    physicalNicIds: ids(view, 'PIF', network.PIFs).toSorted(),
    defaultLocking: network.default_locking_mode ?? 'unlocked',
    tags: sorted(network.tags),
  }
}

/** PROTOCOL 7: the kind is derived from the PIFs; one host may lag behind the others, so the first that is special. */
function typeOfNetwork(network: Loose<'network'>, pifs: Loose<'PIF'>[]): Network['type'] {
  if (pifs.length === 0) {
    return network.other_config?.['is_host_internal_management_network'] === 'true'
      ? 'hostInternal'
      : 'internal'
  }
  return pifs.map(typeOfPif).find((type) => type !== 'physical') ?? 'external'
}

/** XenAPI `VIF`, with the addresses that its VM's guest agent tells. */
export function projectNic(view: View, ref: string): Nic | undefined {
  const vif = view.get('VIF', ref)
  const id = view.id('VIF', ref)
  if (!vif || id === null) return undefined
  const attached = vif.currently_attached ?? false
  const guest = attached
    ? view.get('VM_guest_metrics', view.get('VM', vif.VM)?.guest_metrics)
    : undefined
  return {
    id,
    poolId: view.poolId,
    vmId: view.id('VM', vif.VM),
    networkId: view.id('network', vif.network),
    device: vif.device ?? '',
    mac: vif.MAC ?? '',
    mtu: vif.MTU ?? 1500,
    attached,
    locking: vif.locking_mode ?? 'network_default',
    addresses: addressList(guest, vif.device),
    rateLimit:
      vif.qos_algorithm_type === 'ratelimit' ? numberIn(vif.qos_algorithm_params, 'kbps') : null,
  }
}
