import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Host } from '@xendeck/contract'
import { Badge, type Column } from '@xendeck/ui'
import { useMemo } from 'react'
import { useResources } from '../api/live.ts'
import { CpuLoad } from '../features/CpuLoad.tsx'
import { dotted, NameCell, PoolCell, TextCell } from '../features/cells.tsx'
import { HostStateLabel } from '../features/host/HostStateLabel.tsx'
import { useRunningVms } from '../features/host/use-running-vms.ts'
import { ListPage } from '../features/ListPage.tsx'
import { UsageBar } from '../features/UsageBar.tsx'
import { formatBytes } from '../lib/bytes.ts'

const fields = (host: Host) => [
  host.name,
  host.address,
  host.hostname,
  host.id,
  host.state,
  ...host.tags,
]

function usedMemory({ memory: { total, free } }: Host): number | null {
  return total === null || free === null ? null : total - free
}

export function HostsPage() {
  const { t, i18n } = useLingui()
  const navigate = useNavigate()
  const search = useSearch({ from: '/hosts' })
  const hosts = useResources('host')
  const severalPools = useResources('pool').length > 1
  const running = useRunningVms()
  const values = useMemo(
    () => ({
      name: (host: Host) => host.name,
      state: (host: Host) => host.state,
      address: (host: Host) => host.address,
      version: (host: Host) => host.version.version,
      cpus: (host: Host) => host.cpu.count,
      memory: usedMemory,
      vms: (host: Host) => running.get(host.id) ?? 0,
    }),
    [running],
  )
  const columns = useMemo(() => {
    const all: (Column<Host> | false)[] = [
      {
        id: 'name',
        header: t`Name`,
        width: 200,
        isFlexible: true,
        isSortable: true,
        cell: (host) => (
          <span className="flex min-w-0 items-center gap-2">
            <NameCell to="/hosts/$hostId" params={{ hostId: host.id }} name={host.name} />
            {host.isCoordinator && (
              <Badge>
                <Trans>coordinator</Trans>
              </Badge>
            )}
          </span>
        ),
      },
      {
        id: 'state',
        header: t`State`,
        width: 150,
        isSortable: true,
        cell: (host) => <HostStateLabel host={host} />,
      },
      {
        id: 'address',
        header: t`Address`,
        width: 150,
        isSortable: true,
        cell: (host) => <TextCell isMono>{host.address}</TextCell>,
      },
      severalPools && {
        id: 'pool',
        header: t`Pool`,
        width: 130,
        cell: (host) => <PoolCell id={host.poolId} />,
      },
      {
        id: 'version',
        header: t`Version`,
        width: 150,
        isSortable: true,
        cell: (host) => <TextCell>{`${host.version.product} ${host.version.version}`}</TextCell>,
      },
      {
        id: 'cpus',
        header: t`CPUs`,
        width: 72,
        align: 'end',
        isSortable: true,
        cell: (host) => host.cpu.count,
      },
      {
        id: 'load',
        header: t`CPU, 10 min`,
        width: 124,
        cell: (host) => host.state !== 'unreachable' && <CpuLoad kind="host" id={host.id} />,
      },
      {
        id: 'memory',
        header: t`Memory`,
        width: 220,
        isSortable: true,
        cell: (host) => (
          <UsageBar label={t`Memory used`} used={usedMemory(host)} total={host.memory.total} />
        ),
      },
      {
        id: 'vms',
        header: t`VMs`,
        width: 72,
        align: 'end',
        isSortable: true,
        cell: (host) => running.get(host.id) ?? 0,
      },
    ]
    return all.filter((column) => column !== false)
  }, [t, severalPools, running])
  return (
    <ListPage
      kind="host"
      path="/hosts"
      search={search}
      title={t`Hosts`}
      rows={hosts}
      columns={columns}
      values={values}
      fields={fields}
      placeholder={t`Filter by name, address, state, tag or uuid`}
      narrow={(host) => ({
        title: <NameCell to="/hosts/$hostId" params={{ hostId: host.id }} name={host.name} />,
        aside: <HostStateLabel host={host} />,
        detail: dotted(
          host.address,
          `${formatBytes(usedMemory(host), i18n.locale)} / ${formatBytes(host.memory.total, i18n.locale)}`,
        ),
      })}
      empty={{ title: t`No hosts`, text: t`The hosts of connected pools appear here.` }}
      onOpen={(host) => void navigate({ to: '/hosts/$hostId', params: { hostId: host.id } })}
    />
  )
}
