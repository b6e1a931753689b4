import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useResources } from '../api/live.ts'
import { InfrastructureTree } from './InfrastructureTree.tsx'
import { setDrawer } from './shell-store.ts'

/** Where one can go: the lists, and below them everything by its place. */
export function Sidebar() {
  const { t } = useLingui()
  const vms = useResources('vm')
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-surface">
      <nav aria-label={t`Main`} className="px-2 pt-2 pb-1">
        <Entry to="/vms" count={vms.length}>
          <Trans>Virtual machines</Trans>
        </Entry>
        <Entry to="/hosts">
          <Trans>Hosts</Trans>
        </Entry>
        <Entry to="/storages">
          <Trans>Storage</Trans>
        </Entry>
        <Entry to="/networks">
          <Trans>Networks</Trans>
        </Entry>
        <Entry to="/templates">
          <Trans>Templates</Trans>
        </Entry>
        <Entry to="/tasks">
          <Trans>Tasks</Trans>
        </Entry>
        <Entry to="/pools">
          <Trans>Pools</Trans>
        </Entry>
      </nav>
      <h2 className="px-4 pt-3 pb-1 text-caption font-semibold text-muted">
        <Trans>Infrastructure</Trans>
      </h2>
      <InfrastructureTree />
    </div>
  )
}

interface EntryProps {
  to: '/vms' | '/hosts' | '/storages' | '/networks' | '/templates' | '/tasks' | '/pools'
  count?: number
  children: ReactNode
}

function Entry({ to, count, children }: EntryProps) {
  const { i18n } = useLingui()
  return (
    <Link
      to={to}
      // A VM's own page belongs to the tree below, not to the list.
      activeOptions={{ exact: true, includeSearch: false }}
      onClick={() => setDrawer(false)}
      className="flex h-7 items-center justify-between gap-2 rounded-md px-2 -outline-offset-2 narrow:h-10"
      activeProps={{ className: 'bg-accent-soft font-semibold' }}
      inactiveProps={{ className: 'hover:bg-hover' }}
    >
      {children}
      {count !== undefined && count > 0 && (
        <span className="font-normal text-muted">{i18n.number(count)}</span>
      )}
    </Link>
  )
}
