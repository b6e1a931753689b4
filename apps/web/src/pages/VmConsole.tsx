import { Spinner } from '@xendeck/ui'
import { lazy, Suspense } from 'react'
import { VmFacts } from '../features/vm/VmFacts.tsx'
import { useVmPage } from '../features/vm/vm-page-context.ts'

/** noVNC and xterm.js are larger than the rest of the page: they load when a console is opened. */
const ConsolePane = lazy(async () => {
  const { ConsolePane: component } = await import('../features/console/ConsolePane.tsx')
  return { default: component }
})

export function VmConsolePage() {
  const { vm, run } = useVmPage()
  return (
    <div className="flex min-h-0 flex-1">
      <Suspense
        fallback={
          <div data-theme="dark" className="grid flex-1 place-items-center bg-[#0a0c0f] text-muted">
            <Spinner />
          </div>
        }
      >
        <ConsolePane key={vm.id} vm={vm} run={run} />
      </Suspense>
      <aside className="hidden w-84 shrink-0 overflow-y-auto border-l border-hairline bg-surface px-5 py-4 min-[1200px]:block">
        <VmFacts vm={vm} />
      </aside>
    </div>
  )
}
