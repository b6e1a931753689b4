import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Vm } from '@xendeck/contract'
import { Button, DataTable, EmptyState, SearchField, Tag, type Sort } from '@xendeck/ui'
import { useMemo, useState } from 'react'
import { live, useIsLoaded, useResource, usePendingConnections, useResources } from '../api/live.ts'
import { useListSearch } from '../features/use-list-search.ts'
import { useVmActions } from '../features/vm/use-vm-actions.tsx'
import {
  filterVms,
  formatSort,
  parseSort,
  sortVms,
  vmColumns,
  type VmNames,
} from '../features/vm/vm-list.ts'
import { vmState } from '../features/vm/vm-state.ts'
import { NameLink, vmTableColumns } from '../features/vm/vm-columns.tsx'
import { VmSelectionBar } from '../features/vm/VmSelectionBar.tsx'
import { VmStateLabel } from '../features/vm/VmStateLabel.tsx'
import { activityLabels, powerStateLabels } from '../features/vm/words.ts'
import { formatBytes, formatNumber } from '../lib/bytes.ts'
import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'

const idOf = (vm: Vm) => vm.id
const nameOf = (vm: Vm) => vm.name

export function VmListPage() {
  const { t, i18n } = useLingui()
  const navigate = useNavigate()
  const search = useSearch({ from: '/vms' })
  const { text, setText, terms } = useListSearch('/vms', search.q)
  const sort = useMemo(() => parseSort(search.sort), [search.sort])
  const all = useResources('vm')
  const hosts = useResources('host')
  const pools = useResources('pool')
  const isLoaded = useIsLoaded('vm')
  const isAwaited = usePendingConnections().some(
    ({ state }) => state === 'connecting' || state === 'connected',
  )
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set())
  const { run, dialogs } = useVmActions()

  const names = useMemo<VmNames>(() => {
    const hostNames = new Map(hosts.map((host) => [host.id, host.name]))
    const poolNames = new Map(pools.map((pool) => [pool.id, pool.name]))
    return {
      host: (id) => (id === null ? undefined : hostNames.get(id)),
      pool: (id) => poolNames.get(id),
      state: (vm) => {
        const state = vmState(vm)
        return i18n._(
          state.activity ? activityLabels[state.activity] : powerStateLabels[state.power],
        )
      },
    }
    // The words change with the language, which i18n itself does not tell.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [hosts, pools, i18n, i18n.locale])

  const scoped = useMemo(
    () =>
      search.pool || search.host
        ? all.filter(
            (vm) =>
              (!search.pool || vm.poolId === search.pool) &&
              (!search.host || vm.hostId === search.host),
          )
        : all,
    [all, search.pool, search.host],
  )
  const rows = useMemo(
    () => sortVms(filterVms(scoped, terms, names), sort, names),
    [scoped, terms, names, sort],
  )
  const columns = useMemo(
    () => vmTableColumns(i18n, run, pools.length > 1),
    // As above; and of the pools only how many there are.
    // oxlint-disable-next-line react/exhaustive-deps
    [i18n, i18n.locale, run, pools.length > 1],
  )
  const selected = useMemo(() => {
    if (selection.size === 0) return []
    return all.filter((vm) => selection.has(vm.id))
  }, [all, selection])
  const hidden = useMemo(() => {
    if (selected.length === 0) return 0
    const shown = new Set(rows.map(idOf))
    return selected.filter((vm) => !shown.has(vm.id)).length
  }, [rows, selected])

  const running = useMemo(() => scoped.filter((vm) => vm.powerState === 'running').length, [scoped])
  const total = formatNumber(scoped.length, i18n.locale)
  const runningText = formatNumber(running, i18n.locale)
  const found = formatNumber(rows.length, i18n.locale)

  const onSortChange = ({ column, direction }: Sort) => {
    const known = vmColumns.find((each) => each === column)
    if (!known) return
    void navigate({
      to: '/vms',
      search: (old) => ({
        ...old,
        sort: formatSort({ column: known, descending: direction === 'descending' }),
      }),
      replace: true,
    })
  }

  return (
    <Page
      isFlush
      head={
        <PageHeader
          title={t`Virtual machines`}
          meta={
            isLoaded &&
            (rows.length < scoped.length ? (
              <Trans>
                {found} of {total}
              </Trans>
            ) : (
              <Trans>
                {total}, {runningText} running
              </Trans>
            ))
          }
        >
          <div className="flex items-center gap-2 pt-2 pb-3">
            <SearchField
              label={t`Filter`}
              shortcut="/"
              placeholder={t`Filter by name, address, tag, host, state or uuid`}
              value={text}
              onChange={setText}
              className="max-w-160 flex-1"
            />
            <Scope pool={search.pool} host={search.host} />
          </div>
        </PageHeader>
      }
    >
      <div className="relative flex min-h-0 flex-1 flex-col border-t border-hairline">
        <DataTable
          label={t`Virtual machines`}
          columns={columns}
          rows={rows}
          getRowId={idOf}
          getRowLabel={nameOf}
          narrow={(vm) => ({
            title: <NameLink vm={vm} />,
            aside: <VmStateLabel vm={vm} />,
            detail: [
              vm.addresses[0],
              names.host(vm.hostId),
              formatBytes(vm.memory.dynamicMax, i18n.locale),
              ...vm.tags,
            ]
              .filter(Boolean)
              .join(' · '),
          })}
          sort={{ column: sort.column, direction: sort.descending ? 'descending' : 'ascending' }}
          onSortChange={onSortChange}
          selection={selection}
          onSelectionChange={setSelection}
          onOpen={(vm) => void navigate({ to: '/vms/$vmId', params: { vmId: vm.id } })}
          isLoading={!isLoaded || (all.length === 0 && isAwaited)}
          empty={<Empty isFiltered={all.length > 0} onClear={clearFilter} />}
        />
        <VmSelectionBar
          selected={selected}
          hidden={hidden}
          run={run}
          onClear={() => setSelection(new Set())}
        />
      </div>
      {dialogs}
    </Page>
  )

  function clearFilter() {
    setText('')
    void navigate({ to: '/vms', search: (old) => ({ sort: old.sort }), replace: true })
  }
}

/** What the tree narrowed the list to, with a way back. */
function Scope({ pool, host }: { pool: string | undefined; host: string | undefined }) {
  const navigate = useNavigate()
  const hostName = useResource('host', host)?.name
  const poolName = useResource('pool', pool)?.name
  const name = hostName ?? poolName
  if (!name) return null
  return (
    <Tag
      onRemove={() =>
        void navigate({
          to: '/vms',
          search: (old) => ({ ...old, pool: undefined, host: undefined }),
          replace: true,
        })
      }
    >
      {name}
    </Tag>
  )
}

function Empty({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const { t } = useLingui()
  const navigate = useNavigate()
  if (isFiltered) {
    return (
      <EmptyState
        title={t`No VM matches`}
        action={
          <Button onPress={onClear}>
            <Trans>Clear the filter</Trans>
          </Button>
        }
      />
    )
  }
  if (live.list('connection').length === 0) {
    return (
      <EmptyState
        title={t`No pool yet`}
        action={
          <Button
            variant="primary"
            onPress={() => void navigate({ to: '/pools', search: { q: undefined } })}
          >
            <Trans>Add a pool</Trans>
          </Button>
        }
      >
        <Trans>Register a XenServer or XCP-ng pool, and its virtual machines appear here.</Trans>
      </EmptyState>
    )
  }
  return (
    <EmptyState title={t`No virtual machines`}>
      <Trans>The connected pools have none. They appear here as soon as there is one.</Trans>
    </EmptyState>
  )
}
