import { useMemo } from 'react'
import { useResources } from '../../api/live.ts'

/** How many disks a person would count on each storage: no snapshots of disks, nothing that xapi hides. */
export function useDiskCounts(): ReadonlyMap<string, number> {
  const disks = useResources('disk')
  return useMemo(() => {
    const counts = new Map<string, number>()
    for (const { storageId, managed, isSnapshot } of disks) {
      if (storageId !== null && managed && !isSnapshot) {
        counts.set(storageId, (counts.get(storageId) ?? 0) + 1)
      }
    }
    return counts
  }, [disks])
}
