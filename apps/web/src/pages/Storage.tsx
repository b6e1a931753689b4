import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Storage } from '@xendeck/contract'
import { Badge, type Column } from '@xendeck/ui'
import { useMemo } from 'react'
import { useResource, useResources } from '../api/live.ts'
import { dotted, NameCell, PoolCell } from '../features/cells.tsx'
import { ListPage } from '../features/ListPage.tsx'
import { AttachedState, StorageType } from '../features/storage/StorageCells.tsx'
import { useDiskCounts } from '../features/storage/use-disk-counts.ts'
import { storageType } from '../features/storage/storage-words.ts'
import { UsageBar } from '../features/UsageBar.tsx'
import { formatBytes } from '../lib/bytes.ts'

const fields = (storage: Storage) => [
  storage.name,
  storage.type,
  storage.contentType,
  storage.id,
  ...storage.tags,
]

export function StoragePage() {
  const { t, i18n } = useLingui()
  const navigate = useNavigate()
  const search = useSearch({ from: '/storages' })
  const storages = useResources('storage')
  const severalPools = useResources('pool').length > 1
  const disks = useDiskCounts()
  const values = useMemo(
    () => ({
      name: (storage: Storage) => storage.name,
      type: (storage: Storage) => storage.type,
      shared: (storage: Storage) => (storage.shared ? 0 : 1),
      used: (storage: Storage) => storage.used,
      size: (storage: Storage) => storage.size,
      disks: (storage: Storage) => disks.get(storage.id) ?? 0,
    }),
    [disks],
  )
  const columns = useMemo(() => {
    const all: (Column<Storage> | false)[] = [
      {
        id: 'name',
        header: t`Name`,
        width: 220,
        isFlexible: true,
        isSortable: true,
        cell: (storage) => <StorageName storage={storage} />,
      },
      {
        id: 'type',
        header: t`Type`,
        width: 150,
        isSortable: true,
        cell: (storage) => <StorageType storage={storage} />,
      },
      {
        id: 'shared',
        header: t`Shared`,
        width: 80,
        isSortable: true,
        cell: (storage) => (storage.shared ? t`Yes` : <span className="text-muted">{t`No`}</span>),
      },
      severalPools && {
        id: 'pool',
        header: t`Pool`,
        width: 130,
        cell: (storage) => <PoolCell id={storage.poolId} />,
      },
      {
        id: 'attached',
        header: t`Attached`,
        width: 150,
        cell: (storage) => <AttachedState storage={storage} />,
      },
      {
        id: 'used',
        header: t`Used`,
        width: 250,
        isSortable: true,
        cell: (storage) => <UsageBar label={t`Used`} used={storage.used} total={storage.size} />,
      },
      {
        id: 'disks',
        header: t`Disks`,
        width: 80,
        align: 'end',
        isSortable: true,
        cell: (storage) => disks.get(storage.id) ?? 0,
      },
    ]
    return all.filter((column) => column !== false)
  }, [t, severalPools, disks])
  return (
    <ListPage
      kind="storage"
      path="/storages"
      search={search}
      title={t`Storage`}
      rows={storages}
      columns={columns}
      values={values}
      fields={fields}
      placeholder={t`Filter by name, type, tag or uuid`}
      narrow={(storage) => {
        const type = storageType(storage.type)
        return {
          title: <StorageName storage={storage} />,
          aside: <AttachedState storage={storage} />,
          detail: dotted(
            typeof type === 'string' ? type : i18n._(type),
            Boolean(storage.size) &&
              `${formatBytes(storage.used, i18n.locale)} / ${formatBytes(storage.size, i18n.locale)}`,
          ),
        }
      }}
      empty={{ title: t`No storage`, text: t`The storage of connected pools appears here.` }}
      onOpen={({ id }) => void navigate({ to: '/storages/$storageId', params: { storageId: id } })}
    />
  )
}

function StorageName({ storage }: { storage: Storage }) {
  const pool = useResource('pool', storage.poolId)
  return (
    <span className="flex min-w-0 items-center gap-2">
      <NameCell
        to="/storages/$storageId"
        params={{ storageId: storage.id }}
        name={storage.name || storage.id}
      />
      {pool?.defaultStorageId === storage.id && (
        <Badge>
          <Trans>default</Trans>
        </Badge>
      )}
    </span>
  )
}
