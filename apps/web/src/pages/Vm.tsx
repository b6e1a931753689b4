import { useLingui } from '@lingui/react/macro'
import { Outlet, useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useIsLoaded, useResource } from '../api/live.ts'
import { AllVmsLink, Gone, useLastName } from '../features/Gone.tsx'
import { useVmActions } from '../features/vm/use-vm-actions.tsx'
import { VmPageContext } from '../features/vm/vm-page-context.ts'
import { PoolBanner } from '../shell/ConnectionBanner.tsx'
import { VmHead } from '../features/vm/VmHead.tsx'

export function VmPage() {
  const { t } = useLingui()
  const { vmId } = useParams({ from: '/vms/$vmId' })
  const vm = useResource('vm', vmId)
  const isLoaded = useIsLoaded('vm')
  const name = useLastName(vm)
  const { run, dialogs } = useVmActions()
  const context = useMemo(() => (vm ? { vm, run } : null), [vm, run])
  if (!vm || !context) {
    return (
      <>
        <Gone name={name} isLoading={!isLoaded} what={t`This VM`} list={<AllVmsLink />} />
        {dialogs}
      </>
    )
  }
  return (
    <VmPageContext value={context}>
      <div className="flex min-h-0 flex-1 flex-col">
        <VmHead vm={vm} run={run} />
        <PoolBanner poolId={vm.poolId} />
        <div className="flex min-h-0 flex-1 flex-col">
          <Outlet />
        </div>
      </div>
      {dialogs}
    </VmPageContext>
  )
}
