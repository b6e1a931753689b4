import type { Snapshot, Vm } from '@xendeck/contract'

export interface SnapshotRow {
  snapshot: Snapshot
  /** 0 at the root. A chain without branches stays on its level, as most are. */
  depth: number
  /** The VM's present state descends from it. */
  isCurrent: boolean
}

/**
 * A VM's snapshots as an indented list: older before newer, what descends from a snapshot below it. Depth grows only
 * where the history branches, so that twenty daily snapshots make a list and not a staircase. A snapshot whose
 * parent is gone is a root.
 */
export function snapshotRows(
  vm: Pick<Vm, 'id' | 'currentSnapshotId'>,
  snapshots: readonly Snapshot[],
): SnapshotRow[] {
  const own = snapshots
    .filter((snapshot) => snapshot.vmId === vm.id)
    .toSorted((a, b) => timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : 1))
  const ids = new Set(own.map((snapshot) => snapshot.id))
  const children = Map.groupBy(own, (snapshot) =>
    snapshot.parentId !== null && ids.has(snapshot.parentId) ? snapshot.parentId : null,
  )
  const rows: SnapshotRow[] = []
  const seen = new Set<string>()
  const visit = (parent: string | null, depth: number) => {
    const branch = children.get(parent) ?? []
    const isCurrentHere = parent !== null && parent === vm.currentSnapshotId
    // The present state is a branch of its own beside other children.
    const branches = branch.length + (isCurrentHere ? 1 : 0)
    for (const snapshot of branch) {
      if (seen.has(snapshot.id)) continue
      seen.add(snapshot.id)
      const level = parent !== null && branches > 1 ? depth + 1 : depth
      rows.push({ snapshot, depth: level, isCurrent: snapshot.id === vm.currentSnapshotId })
      visit(snapshot.id, level)
    }
  }
  visit(null, 0)
  // A loop in a damaged database has no root; its members are shown all the same.
  for (const snapshot of own) {
    if (!seen.has(snapshot.id)) {
      rows.push({ snapshot, depth: 0, isCurrent: snapshot.id === vm.currentSnapshotId })
    }
  }
  return rows
}

function timeOf(snapshot: Snapshot): number {
  return snapshot.takenAt === null ? 0 : Date.parse(snapshot.takenAt)
}
