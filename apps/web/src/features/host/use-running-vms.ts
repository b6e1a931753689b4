import { useMemo } from 'react'
import { useResources } from '../../api/live.ts'

/** How many VMs run on each host, by its id. */
export function useRunningVms(): ReadonlyMap<string, number> {
  const vms = useResources('vm')
  return useMemo(() => {
    const counts = new Map<string, number>()
    for (const vm of vms) {
      if (vm.hostId !== null) counts.set(vm.hostId, (counts.get(vm.hostId) ?? 0) + 1)
    }
    return counts
  }, [vms])
}
