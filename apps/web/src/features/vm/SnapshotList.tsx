import { Trans, useLingui } from '@lingui/react/macro'
import type { Snapshot, Vm } from '@xendeck/contract'
import {
  Badge,
  Button,
  CheckIcon,
  EmptyState,
  IconButton,
  Menu,
  MoreIcon,
  type MenuEntry,
} from '@xendeck/ui'
import { useState } from 'react'
import { live, useResources } from '../../api/live.ts'
import { formatBytes, NOTHING } from '../../lib/bytes.ts'
import { formatInstant, formatRelative } from '../../lib/time.ts'
import { lossesOf } from './losses.ts'
import { snapshotRows } from './snapshot-tree.ts'
import { useRefusal } from './use-refusal.ts'

export type SnapshotAction = 'revert' | 'rename' | 'delete'

interface Props {
  vm: Vm
  onAction: (action: SnapshotAction, snapshot: Snapshot) => void
  onTake: () => void
  /** Why none can be taken. */
  takeReason: string | null
}

/** A VM's snapshots, older above, branches indented, and where the VM stands now. */
export function SnapshotList({ vm, onAction, onTake, takeReason }: Props) {
  const { t } = useLingui()
  const snapshots = useResources('snapshot')
  // Disks arrive after the VMs, and the sizes with them.
  useResources('disk')
  const rows = snapshotRows(vm, snapshots)
  if (rows.length === 0) {
    return (
      <div className="py-12">
        <EmptyState
          title={t`No snapshots`}
          action={
            <Button variant="primary" disabledReason={takeReason} onPress={onTake}>
              <Trans>Take a snapshot…</Trans>
            </Button>
          }
        >
          <Trans>A snapshot keeps the state of the disks, so that you can go back to it.</Trans>
        </EmptyState>
      </div>
    )
  }
  const currentDepth = rows.find((row) => row.isCurrent)?.depth ?? 0
  const last = rows.at(-1)
  return (
    // As wide as the tables of the other tabs.
    <div className="-mx-2">
      <div
        aria-hidden="true"
        className="grid grid-cols-[minmax(0,1fr)_6rem_11rem_7rem] gap-x-4 border-b border-hairline px-2 pb-1.5 text-caption font-medium text-secondary narrow:hidden"
      >
        <span>{t`Name`}</span>
        <span className="text-right">{t`Disks`}</span>
        <span>{t`Taken`}</span>
      </div>
      <ol aria-label={t`Snapshots, the oldest first`}>
        {rows.map(({ snapshot, depth, isCurrent }) => (
          <li key={snapshot.id}>
            <Row snapshot={snapshot} depth={depth} onAction={onAction} />
            {isCurrent && (
              <Now depth={snapshot === last?.snapshot ? currentDepth : currentDepth + 1} />
            )}
          </li>
        ))}
        {!rows.some((row) => row.isCurrent) && (
          <li>
            <Now depth={0} />
          </li>
        )}
      </ol>
    </div>
  )
}

/** The date, to be compared; how long ago that is on hover. */
function Taken({ at }: { at: string | null }) {
  const { i18n } = useLingui()
  const [now] = useState(() => Date.now())
  if (at === null) return <>{NOTHING}</>
  return (
    <time dateTime={at} title={formatRelative(Date.parse(at), now, i18n.locale)}>
      {formatInstant(at, i18n.locale)}
    </time>
  )
}

const indent = (depth: number) => ({ paddingLeft: `${depth * 24 + 8}px` })

function Now({ depth }: { depth: number }) {
  return (
    <div
      className="flex min-h-9 items-center gap-2 border-b border-hairline px-2 font-medium"
      style={indent(depth)}
    >
      <CheckIcon className="size-3.5 text-accent-text" />
      <Trans>You are here</Trans>
    </div>
  )
}

function Row({
  snapshot,
  depth,
  onAction,
}: {
  snapshot: Snapshot
  depth: number
  onAction: Props['onAction']
}) {
  const { t, i18n } = useLingui()
  const refusal = useRefusal()
  const { name } = snapshot
  const reason = (operation: 'snapshot.revert' | 'snapshot.rename' | 'snapshot.delete') => {
    return refusal(operation, snapshot)
  }
  const losses = lossesOf([{ id: snapshot.id, drives: snapshot.drives, snapshotIds: [] }], (id) =>
    live.get('disk', id),
  )
  const items: MenuEntry[] = [
    {
      id: 'revert',
      label: t`Revert to it…`,
      disabledReason: reason('snapshot.revert'),
      onAction: () => onAction('revert', snapshot),
    },
    {
      id: 'rename',
      label: t`Rename…`,
      disabledReason: reason('snapshot.rename'),
      onAction: () => onAction('rename', snapshot),
    },
    { separator: true, id: 'line' },
    {
      id: 'delete',
      label: t`Delete…`,
      isDanger: true,
      disabledReason: reason('snapshot.delete'),
      onAction: () => onAction('delete', snapshot),
    },
  ]
  return (
    <div
      className="grid min-h-9 grid-cols-[minmax(0,1fr)_6rem_11rem_7rem] items-center gap-x-4 border-b border-hairline px-2 py-1 hover:bg-hover narrow:grid-cols-[minmax(0,1fr)_auto]"
      style={indent(depth)}
    >
      <div className="min-w-0">
        <span className="flex min-w-0 items-center gap-2">
          <span className="truncate font-medium" title={name}>
            {name}
          </span>
          {snapshot.withMemory && (
            <Badge>
              <Trans>with memory</Trans>
            </Badge>
          )}
        </span>
        {snapshot.description && (
          <span className="block truncate text-caption text-muted" title={snapshot.description}>
            {snapshot.description}
          </span>
        )}
        <span className="hidden text-caption text-secondary narrow:block">
          <Taken at={snapshot.takenAt} /> · {formatBytes(losses.diskSize, i18n.locale)}
        </span>
      </div>
      <span className="text-right narrow:hidden" title={t`Size of its disks`}>
        {losses.disks.length > 0 ? formatBytes(losses.diskSize, i18n.locale) : NOTHING}
      </span>
      <span className="text-secondary narrow:hidden">
        <Taken at={snapshot.takenAt} />
      </span>
      <span className="flex items-center justify-end gap-1">
        <span className="contents narrow:hidden">
          <Button
            size="small"
            className="narrow:hidden"
            disabledReason={reason('snapshot.revert')}
            onPress={() => onAction('revert', snapshot)}
          >
            <Trans>Revert…</Trans>
          </Button>
        </span>
        <Menu label={t`Actions on ${name}`} items={items} placement="bottom end">
          <IconButton size="small" label={t`Actions on ${name}`} icon={<MoreIcon />} />
        </Menu>
      </span>
    </div>
  )
}
