import type { Disk, Vm } from '@xendeck/contract'

export interface Losses {
  /** Disks of the VMs themselves, each once. CD images are not theirs. */
  disks: Disk[]
  /** Bytes: the disks' virtual sizes; what a person knows them by. */
  diskSize: number
  snapshots: number
  /** Disks that something else uses too: they stay. */
  kept: number
}

/** What goes with VMs that are deleted together with their disks. */
export function lossesOf(
  vms: readonly Pick<Vm, 'id' | 'drives' | 'snapshotIds'>[],
  diskById: (id: string) => Disk | undefined,
): Losses {
  const owners = new Set(vms.flatMap((vm) => [vm.id, ...vm.snapshotIds]))
  const disks = new Map<string, Disk>()
  const kept = new Set<string>()
  let snapshots = 0
  for (const vm of vms) {
    snapshots += vm.snapshotIds.length
    for (const drive of vm.drives) {
      if (drive.type !== 'disk' || drive.diskId === null) continue
      const disk = diskById(drive.diskId)
      if (!disk) continue
      if (disk.usedBy.every((user) => owners.has(user))) disks.set(disk.id, disk)
      else kept.add(disk.id)
    }
  }
  const all = [...disks.values()]
  return {
    disks: all,
    diskSize: all.reduce((sum, disk) => sum + (disk.size ?? 0), 0),
    snapshots,
    kept: kept.size,
  }
}

const LARGE = 256 * 1024 ** 3
const MANY = 5

/** Where one wrong click would cost most, the name has to be typed. */
export function needsTypedName(vms: number, losses: Losses, withDisks: boolean): boolean {
  return vms >= MANY || (withDisks && losses.diskSize >= LARGE)
}
