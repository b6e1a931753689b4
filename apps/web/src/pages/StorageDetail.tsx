import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useParams } from '@tanstack/react-router'
import type { Disk } from '@xendeck/contract'
import {
  Badge,
  CopyText,
  DataTable,
  DescriptionList,
  EmptyState,
  Switch,
  type Column,
} from '@xendeck/ui'
import { useMemo, useState } from 'react'
import { live, useIsLoaded, useResource, useResources } from '../api/live.ts'
import { dotted, TextCell } from '../features/cells.tsx'
import { Gone, useLastName } from '../features/Gone.tsx'
import { sortOf, sortRows } from '../features/list-sort.ts'
import { HostLink, linkLook, OwnerLink } from '../features/links.tsx'
import { AttachedState, StorageType } from '../features/storage/StorageCells.tsx'
import { UsageBar } from '../features/UsageBar.tsx'
import { formatBytes, formatNumber, NOTHING } from '../lib/bytes.ts'
import { compareText } from '../lib/sort.ts'
import { PoolBanner } from '../shell/ConnectionBanner.tsx'
import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'

const sortValues = {
  name: (disk: Disk) => disk.name,
  size: (disk: Disk) => disk.size,
  used: (disk: Disk) => disk.used,
  type: (disk: Disk) => disk.type,
}
const idOf = (disk: Disk) => disk.id

export function StorageDetailPage() {
  const { t, i18n } = useLingui()
  const { storageId } = useParams({ from: '/storages/$storageId' })
  const storage = useResource('storage', storageId)
  const isLoaded = useIsLoaded('storage')
  const disksLoaded = useIsLoaded('disk')
  const name = useLastName(storage)
  const pool = useResource('pool', storage?.poolId)
  const all = useResources('disk')
  const [showsHidden, setShowsHidden] = useState(false)
  const [sort, setSort] = useState(() => sortOf(undefined, sortValues))
  const here = useMemo(() => all.filter((disk) => disk.storageId === storageId), [all, storageId])
  const rows = useMemo(
    () =>
      sortRows(
        here.filter((disk) => showsHidden || disk.managed),
        sort,
        sortValues,
      ),
    [here, showsHidden, sort],
  )
  const columns = useMemo<Column<Disk>[]>(
    () => [
      {
        id: 'name',
        header: t`Name`,
        width: 220,
        isFlexible: true,
        isSortable: true,
        cell: (disk) => <DiskName disk={disk} />,
      },
      {
        id: 'type',
        header: t`Type`,
        width: 110,
        isSortable: true,
        cell: (disk) => <TextCell>{disk.type}</TextCell>,
      },
      {
        id: 'size',
        header: t`Size`,
        width: 96,
        align: 'end',
        isSortable: true,
        cell: (disk) => formatBytes(disk.size, i18n.locale),
      },
      {
        id: 'used',
        header: t`On storage`,
        width: 110,
        align: 'end',
        isSortable: true,
        cell: (disk) => formatBytes(disk.used, i18n.locale),
      },
      {
        id: 'usedBy',
        header: t`Used by`,
        width: 240,
        cell: (disk) => <UsedBy ids={disk.usedBy} />,
      },
    ],
    // The words change with the language, which i18n itself does not tell.
    // oxlint-disable-next-line react/exhaustive-deps
    [t, i18n.locale],
  )
  if (!storage) {
    return (
      <Gone
        name={name}
        isLoading={!isLoaded}
        what={t`This storage`}
        list={
          <Link to="/storages" className={linkLook}>
            <Trans>All storage</Trans>
          </Link>
        }
      />
    )
  }
  const unmanaged = here.filter((disk) => !disk.managed).length
  const count = formatNumber(rows.length, i18n.locale)
  return (
    <Page
      isFlush
      head={
        <>
          <PageHeader
            title={storage.name || storage.id}
            state={<AttachedState storage={storage} />}
            meta={
              pool?.defaultStorageId === storage.id && (
                <Badge>
                  <Trans>default</Trans>
                </Badge>
              )
            }
          />
          <PoolBanner poolId={storage.poolId} />
        </>
      }
    >
      <div className="grid shrink-0 gap-x-10 gap-y-5 px-5 py-4 narrow:px-4 min-[900px]:grid-cols-2">
        <DescriptionList
          className="content-start"
          items={[
            { term: t`Type`, value: <StorageType storage={storage} /> },
            {
              term: t`Used`,
              value: <UsageBar label={t`Used`} used={storage.used} total={storage.size} />,
            },
            { term: t`Promised to disks`, value: formatBytes(storage.allocated, i18n.locale) },
            { term: t`Shared`, value: storage.shared ? t`Yes` : t`No` },
          ]}
        />
        <DescriptionList
          className="content-start"
          items={[
            { term: t`Pool`, value: pool?.name ?? null },
            {
              term: t`Hosts`,
              value:
                storage.hosts.length === 0 ? null : (
                  <ul className="flex flex-wrap gap-x-3">
                    {storage.hosts.toSorted(byHostName).map((host) => (
                      <li key={host.id}>
                        <HostLink id={host.hostId} />
                        {!host.attached && <span className="text-warn"> {t`detached`}</span>}
                      </li>
                    ))}
                  </ul>
                ),
            },
            storage.description ? { term: t`Description`, value: storage.description } : null,
            { term: t`UUID`, value: <CopyText text={storage.id} /> },
          ]}
        />
      </div>
      <div className="flex shrink-0 items-center justify-between gap-4 px-5 pb-2 narrow:px-4">
        <h2 className="font-semibold text-secondary">
          <Trans>Disks</Trans> <span className="font-normal text-muted">{count}</span>
        </h2>
        {unmanaged > 0 && (
          <Switch isSelected={showsHidden} onChange={setShowsHidden}>
            <Trans>Show {unmanaged} unmanaged</Trans>
          </Switch>
        )}
      </div>
      <div className="flex min-h-64 flex-1 flex-col border-t border-hairline">
        <DataTable
          label={t`Disks`}
          columns={columns}
          rows={rows}
          getRowId={idOf}
          getRowLabel={(disk) => disk.name}
          narrow={(disk) => ({
            title: <DiskName disk={disk} />,
            aside: formatBytes(disk.size, i18n.locale),
            detail: dotted(disk.type, formatBytes(disk.used, i18n.locale)),
          })}
          sort={sort}
          onSortChange={setSort}
          isLoading={!disksLoaded}
          empty={<EmptyState title={t`No disks`} />}
        />
      </div>
    </Page>
  )
}

/** Links show names; so they are in their order. */
function byHostName(a: { hostId: string | null }, b: { hostId: string | null }): number {
  const nameOf = (id: string | null) => live.get('host', id ?? '')?.name ?? ''
  return compareText(nameOf(a.hostId), nameOf(b.hostId))
}

function DiskName({ disk }: { disk: Disk }) {
  const { t } = useLingui()
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span className="truncate font-medium" title={`${disk.name}\n${disk.id}`}>
        {disk.name || <span className="font-mono text-caption">{disk.id}</span>}
      </span>
      {disk.isSnapshot && <Badge>{t`snapshot`}</Badge>}
      {disk.readOnly && <Badge>{t`read-only`}</Badge>}
      {!disk.managed && <Badge>{t`unmanaged`}</Badge>}
      {disk.missing && <Badge tone="bad">{t`missing`}</Badge>}
    </span>
  )
}

function UsedBy({ ids }: { ids: readonly string[] }) {
  const { t } = useLingui()
  const [first] = ids
  if (!first) return <span className="text-muted">{NOTHING}</span>
  const others = ids.length - 1
  return (
    <span className="truncate">
      <OwnerLink id={first} />
      {others > 0 && <span className="text-muted"> {t`and ${others} more`}</span>}
    </span>
  )
}
