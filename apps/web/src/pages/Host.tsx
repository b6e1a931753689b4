import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useParams } from '@tanstack/react-router'
import type { PhysicalNic, Vm } from '@xendeck/contract'
import { Badge, CopyText, DescriptionList, Section } from '@xendeck/ui'
import { useIsLoaded, useResource, useResources } from '../api/live.ts'
import { FactTable } from '../features/FactTable.tsx'
import { Gone, useLastName } from '../features/Gone.tsx'
import { HostStateLabel } from '../features/host/HostStateLabel.tsx'
import { linkLook, StorageLink, VmLink } from '../features/links.tsx'
import { PhysicalNicTable } from '../features/network/PhysicalNicTable.tsx'
import { Elapsed } from '../features/Since.tsx'
import { UsageBar } from '../features/UsageBar.tsx'
import { VmStateLabel } from '../features/vm/VmStateLabel.tsx'
import { formatBytes, formatNumber } from '../lib/bytes.ts'
import { byName } from '../lib/sort.ts'
import { PoolBanner } from '../shell/ConnectionBanner.tsx'
import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'

export function HostPage() {
  const { t, i18n } = useLingui()
  const { hostId } = useParams({ from: '/hosts/$hostId' })
  const host = useResource('host', hostId)
  const isLoaded = useIsLoaded('host')
  const name = useLastName(host)
  const pool = useResource('pool', host?.poolId)
  const vms = useResources('vm')
    .filter((vm: Vm) => vm.hostId === hostId)
    .toSorted(byName)
  const nics = useResources('physicalNic').filter((nic: PhysicalNic) => nic.hostId === hostId)
  const storages = useResources('storage').flatMap((storage) =>
    storage.hosts
      .filter((attachment) => attachment.hostId === hostId)
      .map((attachment) => ({ id: storage.id, storage, attached: attachment.attached })),
  )
  if (!host) {
    return (
      <Gone
        name={name}
        isLoading={!isLoaded}
        what={t`This host`}
        list={
          <Link to="/hosts" className={linkLook}>
            <Trans>All hosts</Trans>
          </Link>
        }
      />
    )
  }
  const { memory, cpu, version, controlDomain } = host
  const used = memory.total === null || memory.free === null ? null : memory.total - memory.free
  const size = (value: number | null) => formatBytes(value, i18n.locale)
  const speed = cpu.mhz === null ? null : `${formatNumber(cpu.mhz / 1000, i18n.locale)} GHz`
  return (
    <Page
      head={
        <>
          <PageHeader
            title={host.name}
            state={<HostStateLabel host={host} />}
            meta={
              <span className="flex items-center gap-3">
                {host.isCoordinator && (
                  <Badge>
                    <Trans>coordinator</Trans>
                  </Badge>
                )}
                {host.bootedAt && (
                  <span>
                    <Trans>
                      up <Elapsed since={host.bootedAt} />
                    </Trans>
                  </span>
                )}
              </span>
            }
          />
          <PoolBanner poolId={host.poolId} />
        </>
      }
    >
      <div className="space-y-7">
        <div className="grid gap-x-10 gap-y-6 min-[900px]:grid-cols-2">
          <Section title={t`Hardware`}>
            <DescriptionList
              items={[
                {
                  term: t`Memory`,
                  value: <UsageBar label={t`Memory used`} used={used} total={memory.total} />,
                },
                {
                  term: t`CPUs`,
                  value: [cpu.count, cpu.sockets === null ? null : t`${cpu.sockets} sockets`, speed]
                    .filter((part) => part !== null)
                    .join(', '),
                },
                { term: t`Model`, value: cpu.model || null },
                controlDomain && {
                  term: t`Control domain`,
                  value: t`${controlDomain.vcpus} vCPUs, ${size(controlDomain.memory)}`,
                },
              ]}
            />
          </Section>
          <Section title={t`About`}>
            <DescriptionList
              items={[
                { term: t`Pool`, value: pool?.name ?? null },
                {
                  term: t`Address`,
                  value: <span className="font-mono text-caption">{host.address}</span>,
                },
                { term: t`Host name`, value: host.hostname || null },
                {
                  term: t`Version`,
                  value: [
                    version.product,
                    version.version,
                    version.build && t`build ${version.build}`,
                  ]
                    .filter(Boolean)
                    .join(' '),
                },
                { term: 'XAPI', value: version.xapi || null },
                host.description ? { term: t`Description`, value: host.description } : null,
                { term: t`UUID`, value: <CopyText text={host.id} /> },
              ]}
            />
          </Section>
        </div>
        <Section title={t`Running VMs`}>
          <FactTable
            label={t`Running VMs`}
            empty={t`No VM runs here.`}
            rows={vms}
            columns={[
              { id: 'name', header: t`Name`, isWide: true, cell: (vm) => <VmLink id={vm.id} /> },
              { id: 'state', header: t`State`, cell: (vm) => <VmStateLabel vm={vm} /> },
              { id: 'vcpus', header: t`vCPU`, align: 'end', cell: (vm) => vm.vcpus.atStartup },
              {
                id: 'memory',
                header: t`Memory`,
                align: 'end',
                cell: (vm) => size(vm.memoryActual ?? vm.memory.dynamicMax),
              },
            ]}
          />
        </Section>
        <Section title={t`Physical interfaces`}>
          <PhysicalNicTable nics={nics} of="host" />
        </Section>
        <Section title={t`Storage`}>
          <FactTable
            label={t`Storage`}
            empty={t`No storage is attached.`}
            rows={storages.toSorted((a, b) => byName(a.storage, b.storage))}
            columns={[
              {
                id: 'name',
                header: t`Name`,
                isWide: true,
                cell: (row) => <StorageLink id={row.id} />,
              },
              { id: 'type', header: t`Type`, cell: ({ storage }) => storage.type },
              {
                id: 'attached',
                header: t`Attached`,
                cell: (row) => (row.attached ? t`Yes` : <span className="text-warn">{t`No`}</span>),
              },
              {
                id: 'used',
                header: t`Used`,
                cell: ({ storage }) => (
                  <UsageBar label={t`Used`} used={storage.used} total={storage.size} />
                ),
              },
            ]}
          />
        </Section>
      </div>
    </Page>
  )
}
