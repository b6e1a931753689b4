import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useParams } from '@tanstack/react-router'
import { CopyText, DescriptionList, Section, State, TagList } from '@xendeck/ui'
import { useIsLoaded, useResource, useResources } from '../api/live.ts'
import { FactTable } from '../features/FactTable.tsx'
import { Gone, useLastName } from '../features/Gone.tsx'
import { HostStateLabel } from '../features/host/HostStateLabel.tsx'
import { useRunningVms } from '../features/host/use-running-vms.ts'
import { HostLink, linkLook, StorageLink } from '../features/links.tsx'
import { connectionStates } from '../features/pools/connection-states.ts'
import { byNewest, TaskList } from '../features/tasks/TaskList.tsx'
import { UsageBar } from '../features/UsageBar.tsx'
import { formatNumber } from '../lib/bytes.ts'
import { byName } from '../lib/sort.ts'
import { PoolBanner } from '../shell/ConnectionBanner.tsx'
import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'

const RECENT = 8

export function PoolPage() {
  const { t, i18n } = useLingui()
  const { poolId } = useParams({ from: '/pools/$poolId' })
  const pool = useResource('pool', poolId)
  const connection = useResource('connection', pool?.connectionId)
  const isLoaded = useIsLoaded('pool')
  const name = useLastName(pool)
  const hosts = useResources('host').filter((host) => host.poolId === poolId)
  const vms = useResources('vm').filter((vm) => vm.poolId === poolId)
  const tasks = useResources('task').filter((task) => task.poolId === poolId)
  const running = useRunningVms()
  if (!pool) {
    return (
      <Gone
        name={name}
        isLoading={!isLoaded}
        what={t`This pool`}
        list={
          <Link to="/pools" className={linkLook}>
            <Trans>All pools</Trans>
          </Link>
        }
      />
    )
  }
  const state = connection && connectionStates[connection.state]
  const vmCount = formatNumber(vms.length, i18n.locale)
  const runningCount = formatNumber(
    vms.filter((vm) => vm.powerState === 'running').length,
    i18n.locale,
  )
  return (
    <Page
      head={
        <>
          <PageHeader
            title={pool.name}
            state={state && <State shape={state.shape}>{i18n._(state.label)}</State>}
          />
          <PoolBanner poolId={pool.id} />
        </>
      }
    >
      <div className="space-y-7">
        <div className="grid gap-x-10 gap-y-5 min-[900px]:grid-cols-2">
          <DescriptionList
            className="content-start"
            items={[
              {
                term: t`Virtual machines`,
                value: (
                  <Link to="/vms" search={{ pool: pool.id }} className={linkLook}>
                    <Trans>
                      {vmCount}, {runningCount} running
                    </Trans>
                  </Link>
                ),
              },
              { term: t`Coordinator`, value: <HostLink id={pool.coordinatorId} /> },
              { term: t`Default storage`, value: <StorageLink id={pool.defaultStorageId} /> },
              {
                term: t`Storage for suspended VMs`,
                value: <StorageLink id={pool.suspendStorageId} />,
              },
              { term: t`High availability`, value: pool.haEnabled ? t`On` : t`Off` },
            ]}
          />
          <DescriptionList
            className="content-start"
            items={[
              connection
                ? {
                    term: t`Address`,
                    value: <span className="font-mono text-caption">{connection.address}</span>,
                  }
                : null,
              connection ? { term: t`Account`, value: connection.username } : null,
              connection?.fingerprint
                ? {
                    term: t`Certificate`,
                    value: <CopyText text={connection.fingerprint} />,
                  }
                : null,
              pool.description ? { term: t`Description`, value: pool.description } : null,
              pool.tags.length > 0 ? { term: t`Tags`, value: <TagList tags={pool.tags} /> } : null,
              { term: t`UUID`, value: <CopyText text={pool.id} /> },
            ]}
          />
        </div>
        <Section title={t`Hosts`}>
          <FactTable
            label={t`Hosts`}
            empty={t`No hosts.`}
            rows={hosts.toSorted(byName)}
            columns={[
              {
                id: 'name',
                header: t`Name`,
                isWide: true,
                cell: (host) => <HostLink id={host.id} />,
              },
              { id: 'state', header: t`State`, cell: (host) => <HostStateLabel host={host} /> },
              {
                id: 'address',
                header: t`Address`,
                cell: (host) => <span className="font-mono text-caption">{host.address}</span>,
              },
              {
                id: 'memory',
                header: t`Memory`,
                cell: ({ memory: { total, free } }) => (
                  <UsageBar
                    label={t`Memory used`}
                    used={total === null || free === null ? null : total - free}
                    total={total}
                  />
                ),
              },
              {
                id: 'vms',
                header: t`VMs`,
                align: 'end',
                cell: (host) => running.get(host.id) ?? 0,
              },
            ]}
          />
        </Section>
        <Section title={t`Recent tasks`}>
          <TaskList
            tasks={tasks.toSorted(byNewest).slice(0, RECENT)}
            empty={t`Nothing has been done here lately.`}
          />
        </Section>
      </div>
    </Page>
  )
}
