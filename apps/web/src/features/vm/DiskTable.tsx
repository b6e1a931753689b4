import { useLingui } from '@lingui/react/macro'
import type { Drive } from '@xendeck/contract'
import { Badge } from '@xendeck/ui'
import { useResource } from '../../api/live.ts'
import { formatBytes, NOTHING } from '../../lib/bytes.ts'
import { compareText } from '../../lib/sort.ts'
import { FactTable } from '../FactTable.tsx'
import { StorageLink } from '../links.tsx'

/** The drives of a VM, snapshot or template, in the order of their positions. */
export function DiskTable({ drives }: { drives: readonly Drive[] }) {
  const { t } = useLingui()
  return (
    <FactTable
      label={t`Disks`}
      empty={t`No disks.`}
      rows={drives.toSorted((a, b) => compareText(a.position, b.position))}
      columns={[
        {
          id: 'position',
          header: '#',
          align: 'end',
          isTight: true,
          cell: (drive) => drive.position,
        },
        { id: 'name', header: t`Name`, isWide: true, cell: (drive) => <DiskName drive={drive} /> },
        {
          id: 'size',
          header: t`Size`,
          align: 'end',
          cell: (drive) => <DiskSize id={drive.diskId} />,
        },
        { id: 'storage', header: t`Storage`, cell: (drive) => <DiskStorage id={drive.diskId} /> },
        {
          id: 'device',
          header: t`Device`,
          cell: (drive) =>
            drive.device === '' ? (
              <span className="text-muted">{NOTHING}</span>
            ) : (
              <span className="font-mono text-caption">{drive.device}</span>
            ),
        },
        {
          id: 'attached',
          header: t`Attached`,
          cell: (drive) => (drive.attached ? t`Yes` : <span className="text-muted">{t`No`}</span>),
        },
      ]}
    />
  )
}

function DiskName({ drive }: { drive: Drive }) {
  const { t } = useLingui()
  const disk = useResource('disk', drive.diskId)
  const name =
    drive.diskId === null ? (
      <span className="text-muted">{t`Empty`}</span>
    ) : (
      (disk?.name ?? NOTHING) || <span className="text-muted">{t`Without a name`}</span>
    )
  return (
    <span className="inline-flex max-w-full items-center gap-2" title={disk?.description}>
      <span className="truncate">{name}</span>
      {drive.type !== 'disk' && <Badge>{drive.type === 'cd' ? t`CD` : t`Floppy`}</Badge>}
      {drive.type === 'disk' && drive.bootable && <Badge>{t`Boot`}</Badge>}
      {drive.type === 'disk' && drive.readOnly && <Badge>{t`Read-only`}</Badge>}
    </span>
  )
}

function DiskSize({ id }: { id: string | null }) {
  const { i18n } = useLingui()
  return <>{formatBytes(useResource('disk', id)?.size, i18n.locale)}</>
}

function DiskStorage({ id }: { id: string | null }) {
  const disk = useResource('disk', id)
  return <StorageLink id={disk?.storageId ?? null} />
}
