import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useSearch } from '@tanstack/react-router'
import { can, type Connection, type OperationName } from '@xendeck/contract'
import {
  Button,
  ConfirmDialog,
  DataTable,
  EmptyState,
  IconButton,
  Menu,
  MoreIcon,
  notices,
  State,
  type Column,
  type MenuEntry,
} from '@xendeck/ui'
import { useMemo, useState } from 'react'
import { operate } from '../api/client.ts'
import { errorText, refusalText } from '../api/errors.ts'
import { useIsLoaded, useResource, useResources } from '../api/live.ts'
import { useHasPermission, useSubject } from '../api/session.ts'
import { TextCell } from '../features/cells.tsx'
import { PoolDialog } from '../features/pools/PoolDialog.tsx'
import { connectionStates } from '../features/pools/connection-states.ts'
import { When } from '../features/Since.tsx'
import { notSubmitted } from '../features/SubmitError.tsx'
import { compareText } from '../lib/sort.ts'
import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'

const idOf = (connection: Connection) => connection.id
const nameOf = (connection: Connection) => connection.label || connection.address

type Open = { what: 'add' } | { what: 'edit' | 'certificate' | 'remove'; connection: Connection }

export function PoolsPage() {
  const { t } = useLingui()
  useSearch({ from: '/pools' })
  const connections = useResources('connection')
  const isLoaded = useIsLoaded('connection')
  const mayManage = useHasPermission('connection.manage')
  const [open, setOpen] = useState<Open | null>(null)
  const close = () => setOpen(null)
  const rows = useMemo(
    () =>
      connections.toSorted((a, b) => compareText(nameOf(a), nameOf(b)) || (a.id < b.id ? -1 : 1)),
    [connections],
  )
  const columns = useMemo<Column<Connection>[]>(
    () => [
      {
        id: 'name',
        header: t`Pool`,
        width: 180,
        cell: (connection) => <PoolName connection={connection} />,
      },
      {
        id: 'state',
        header: t`State`,
        width: 320,
        isFlexible: true,
        cell: (connection) => <ConnectionCell connection={connection} />,
      },
      { id: 'since', header: t`Since`, width: 130, cell: ({ since }) => <When at={since} /> },
      {
        id: 'address',
        header: t`Address`,
        width: 220,
        cell: ({ address }) => <TextCell isMono>{address}</TextCell>,
      },
      {
        id: 'account',
        header: t`Account`,
        width: 110,
        cell: ({ username }) => <TextCell>{username}</TextCell>,
      },
      {
        id: 'actions',
        header: '',
        width: 160,
        align: 'end',
        cell: (connection) => <ConnectionActions connection={connection} onOpen={setOpen} />,
      },
    ],
    [t],
  )
  const add = (
    <Button
      variant="primary"
      disabledReason={mayManage ? null : t`Your role does not allow it`}
      onPress={() => setOpen({ what: 'add' })}
    >
      <Trans>Add a pool…</Trans>
    </Button>
  )
  const connected = connections.filter((connection) => connection.state === 'connected').length
  const total = connections.length
  return (
    <Page
      isFlush
      head={
        <PageHeader
          title={t`Pools`}
          meta={
            isLoaded &&
            total > 0 && (
              <Trans>
                {total}, {connected} connected
              </Trans>
            )
          }
          actions={total > 0 && add}
        >
          <div className="pb-3" />
        </PageHeader>
      }
    >
      <div className="flex min-h-0 flex-1 flex-col border-t border-hairline">
        <DataTable
          label={t`Pools`}
          columns={columns}
          rows={rows}
          getRowId={idOf}
          getRowLabel={nameOf}
          narrow={(connection) => ({
            title: <PoolName connection={connection} />,
            aside: <ConnectionActions connection={connection} onOpen={setOpen} isNarrow />,
            detail: <ConnectionCell connection={connection} />,
          })}
          isLoading={!isLoaded}
          empty={
            <EmptyState title={t`No pool yet`} action={add}>
              <Trans>
                Register a XenServer or XCP-ng pool by the address of its coordinator. XenDeck then
                shows everything in it, live.
              </Trans>
            </EmptyState>
          }
        />
      </div>
      {open?.what === 'add' && <PoolDialog connection={null} onClose={close} />}
      {(open?.what === 'edit' || open?.what === 'certificate') && (
        <PoolDialog
          connection={open.connection}
          isRenewal={open.what === 'certificate'}
          onClose={close}
        />
      )}
      {open?.what === 'remove' && <RemoveDialog connection={open.connection} onClose={close} />}
    </Page>
  )
}

function PoolName({ connection }: { connection: Connection }) {
  const pool = useResource('pool', connection.poolId)
  const name = pool?.name || nameOf(connection)
  if (!pool) {
    return (
      <span className="truncate font-semibold" title={name}>
        {name}
      </span>
    )
  }
  return (
    <Link
      to="/pools/$poolId"
      params={{ poolId: pool.id }}
      tabIndex={-1}
      title={name}
      className="truncate rounded-sm font-semibold hover:underline"
    >
      {name}
    </Link>
  )
}

/** State, why, and when it is tried again. */
function ConnectionCell({ connection }: { connection: Connection }) {
  const { i18n } = useLingui()
  const { state, reason, retryAt } = connection
  const { label, shape } = connectionStates[state]
  const why = reason && state !== 'connected' ? errorText(reason) : null
  return (
    <span className="flex min-w-0 items-center gap-2">
      <State shape={shape} className="shrink-0">
        {i18n._(label)}
      </State>
      {why && (
        <span className="truncate text-secondary" title={`${why}\n${reason?.message ?? ''}`}>
          {why}
        </span>
      )}
      {retryAt && state !== 'connected' && (
        <span className="shrink-0 text-muted">
          <Trans>
            next try <When at={retryAt} />
          </Trans>
        </span>
      )}
    </span>
  )
}

interface ActionsProps {
  connection: Connection
  onOpen: (open: Open) => void
  isNarrow?: boolean
}

function ConnectionActions({ connection, onOpen, isNarrow = false }: ActionsProps) {
  const { t } = useLingui()
  const subject = useSubject()
  const name = nameOf(connection)
  const reason = (operation: Extract<OperationName, `connection.${string}`>) => {
    const refusal = subject ? can(operation, connection, subject) : null
    return refusal && refusalText(refusal)
  }
  const run = (operation: 'connection.connect' | 'connection.disconnect') => {
    operate(operation, connection.id, {}).catch((error: unknown) =>
      notices.add({ tone: 'bad', title: name, detail: errorText(error) }),
    )
  }
  const isChanged = connection.reason?.code === 'CERTIFICATE_CHANGED'
  const items: MenuEntry[] = [
    {
      id: 'connect',
      label: t`Connect`,
      disabledReason: reason('connection.connect'),
      onAction: () => run('connection.connect'),
    },
    {
      id: 'disconnect',
      label: t`Disconnect`,
      disabledReason: reason('connection.disconnect'),
      onAction: () => run('connection.disconnect'),
    },
    {
      id: 'edit',
      label: t`Edit…`,
      disabledReason: reason('connection.edit'),
      onAction: () => onOpen({ what: 'edit', connection }),
    },
    { separator: true, id: 'line' },
    {
      id: 'remove',
      label: t`Remove…`,
      isDanger: true,
      disabledReason: reason('connection.delete'),
      onAction: () => onOpen({ what: 'remove', connection }),
    },
  ]
  const first = isChanged ? (
    <Button
      size="small"
      disabledReason={reason('connection.edit')}
      onPress={() => onOpen({ what: 'certificate', connection })}
    >
      <Trans>Check certificate…</Trans>
    </Button>
  ) : (
    connection.state !== 'connected' &&
    connection.state !== 'connecting' && (
      <Button
        size="small"
        disabledReason={reason('connection.connect')}
        onPress={() => run('connection.connect')}
      >
        <Trans>Connect</Trans>
      </Button>
    )
  )
  return (
    <span className="flex items-center gap-1">
      {(!isNarrow || isChanged) && first}
      <Menu label={t`Actions on ${name}`} items={items} placement="bottom end">
        <IconButton size="small" label={t`Actions on ${name}`} icon={<MoreIcon />} />
      </Menu>
    </span>
  )
}

function RemoveDialog({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const { t } = useLingui()
  const [{ isPending, error }, setState] = useState(notSubmitted)
  const name = nameOf(connection)
  const remove = () => {
    setState({ isPending: true, error: null })
    operate('connection.delete', connection.id, {}).then(onClose, (cause: unknown) =>
      setState({ isPending: false, error: errorText(cause) }),
    )
  }
  return (
    <ConfirmDialog
      isOpen
      isDanger
      onClose={onClose}
      onConfirm={remove}
      isPending={isPending}
      error={error}
      title={t`Remove ${name}?`}
      confirmLabel={t`Remove`}
    >
      <p>
        <Trans>
          XenDeck forgets the address and the credentials. The pool itself and everything in it stay
          as they are.
        </Trans>
      </p>
    </ConfirmDialog>
  )
}
