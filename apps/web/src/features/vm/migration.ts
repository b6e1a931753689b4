import type { Disk, Host, Network, Nic, PhysicalNic, Storage, Vm } from '@xendeck/contract'

/** Why a VM cannot run on a host. Names are as people gave them. */
export type Obstacle =
  | { readonly reason: 'here' | 'maintenance' | 'unreachable' }
  | { readonly reason: 'storage' | 'network'; readonly name: string }

/** What the hosts of a pool have, as far as it is known. */
export interface Surroundings {
  disk(id: string): Disk | undefined
  storage(id: string): Storage | undefined
  nic(id: string): Nic | undefined
  network(id: string): Network | undefined
  physicalNic(id: string): PhysicalNic | undefined
  vm(id: string): Vm | undefined
  nics(): readonly Nic[]
}

type Traveller = Pick<Vm, 'hostId' | 'drives' | 'nicIds'>

/**
 * The first thing in a VM's way to a host, in xapi's order of checks (PROTOCOL 5.4); null: none that can be seen from
 * here. CPU features and free memory are the pool's to judge. What has not been loaded yet is no obstacle.
 */
export function obstacleTo(
  host: Pick<Host, 'id' | 'state'>,
  vm: Traveller,
  around: Surroundings,
): Obstacle | null {
  if (vm.hostId === host.id) return { reason: 'here' }
  if (host.state === 'unreachable') return { reason: 'unreachable' }
  if (host.state === 'maintenance') return { reason: 'maintenance' }
  for (const { diskId } of vm.drives) {
    const storageId = diskId === null ? null : around.disk(diskId)?.storageId
    const storage = storageId == null ? undefined : around.storage(storageId)
    if (!storage) continue
    const isSeen = storage.hosts.some(({ hostId, attached }) => attached && hostId === host.id)
    if (!isSeen) return { reason: 'storage', name: storage.name }
  }
  for (const nicId of vm.nicIds) {
    const networkId = around.nic(nicId)?.networkId
    const network = networkId == null ? undefined : around.network(networkId)
    if (network && !reaches(host.id, network, around))
      return { reason: 'network', name: network.name }
  }
  return null
}

function reaches(hostId: string, network: Network, around: Surroundings): boolean {
  if (network.physicalNicIds.length > 0) {
    return network.physicalNicIds.some((id) => {
      const physicalNic = around.physicalNic(id)
      return physicalNic === undefined || physicalNic.hostId === hostId
    })
  }
  // Without a physical NIC it is one host's own for as long as a VM is on it there.
  for (const { networkId, attached, vmId } of around.nics()) {
    if (networkId !== network.id || !attached || vmId === null) continue
    const owner = around.vm(vmId)?.hostId
    if (owner != null) return owner === hostId
  }
  return true
}
