import type { PhysicalNic } from '@xendeck/contract'
import { ids, type Loose, type View } from './view.ts'

/** A VLAN on a bond is a VLAN: the tag is asked first (PROTOCOL 7). */
export function typeOfPif(pif: Loose<'PIF'>): PhysicalNic['type'] {
  if ((pif.VLAN ?? -1) >= 0) return 'vlan'
  if ((pif.bond_master_of?.length ?? 0) > 0) return 'bond'
  if ((pif.tunnel_access_PIF_of?.length ?? 0) > 0) return 'tunnel'
  if ((pif.sriov_logical_PIF_of?.length ?? 0) > 0) return 'sriov'
  return 'physical'
}

/** XenAPI `PIF`, joined with its metrics and with the VLAN, Bond or tunnel that made it. */
export function projectPhysicalNic(view: View, ref: string): PhysicalNic | undefined {
  const pif = view.get('PIF', ref)
  const id = view.id('PIF', ref)
  if (!pif || id === null) return undefined
  return {
    id,
    poolId: view.poolId,
    hostId: view.id('host', pif.host),
    networkId: view.id('network', pif.network),
    device: pif.device ?? '',
    mac: pif.MAC ?? '',
    mtu: pif.MTU ?? 1500,
    type: typeOfPif(pif),
    attached: pif.currently_attached ?? false,
    management: pif.management ?? false,
    link: link(view, pif),
    ipv4: {
      mode: pif.ip_configuration_mode ?? 'None',
      address: pif.IP ?? '',
      netmask: pif.netmask ?? '',
      gateway: pif.gateway ?? '',
      dns: pif.DNS ?? '',
    },
    // A PIF without IPv6 says [""].
    ipv6: (pif.IPv6 ?? []).filter((address) => address !== ''),
    vlan: vlan(view, pif),
    bond: bond(view, pif),
    bondedIntoId: view.id('PIF', view.get('Bond', pif.bond_slave_of)?.master),
    tunnel: tunnel(view, pif),
  }
}

/** Speed of an unplugged or virtual link is 0 or 65535 (SPEED_UNKNOWN of old kernels). */
function link(view: View, pif: Loose<'PIF'>): PhysicalNic['link'] {
  const metrics = view.get('PIF_metrics', pif.metrics)
  const speed = metrics?.speed ?? 0
  return {
    carrier: metrics?.carrier ?? false,
    speed: speed <= 0 || speed === 65_535 ? null : speed,
    fullDuplex: metrics?.duplex ?? false,
    vendor: metrics?.vendor_name ?? '',
    model: metrics?.device_name ?? '',
  }
}

/** VLAN_master_of leads to the VLAN whose untagged PIF this one is. */
function vlan(view: View, pif: Loose<'PIF'>): PhysicalNic['vlan'] {
  const record = view.get('VLAN', pif.VLAN_master_of)
  const id = view.id('VLAN', pif.VLAN_master_of)
  if (!record || id === null) return null
  return { id, tag: record.tag ?? pif.VLAN ?? -1, onNicId: view.id('PIF', record.tagged_PIF) }
}

function bond(view: View, pif: Loose<'PIF'>): PhysicalNic['bond'] {
  const ref = pif.bond_master_of?.[0]
  const record = view.get('Bond', ref)
  const id = view.id('Bond', ref)
  if (!record || id === null) return null
  return {
    id,
    mode: record.mode ?? '',
    memberIds: ids(view, 'PIF', record.slaves).toSorted(),
    linksUp: record.links_up ?? 0,
  }
}

function tunnel(view: View, pif: Loose<'PIF'>): PhysicalNic['tunnel'] {
  const ref = pif.tunnel_access_PIF_of?.[0]
  const record = view.get('tunnel', ref)
  const id = view.id('tunnel', ref)
  if (!record || id === null) return null
  return {
    id,
    transportNicId: view.id('PIF', record.transport_PIF),
    active: record.status?.['active'] === 'true',
  }
}
