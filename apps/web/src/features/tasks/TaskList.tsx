import { useLingui } from '@lingui/react/macro'
import { can, type Task } from '@xendeck/contract'
import { Button, notices, ProgressBar, State } from '@xendeck/ui'
import { operate } from '../../api/client.ts'
import { errorText, refusalText } from '../../api/errors.ts'
import { useSubject } from '../../api/session.ts'
import { formatPercent, NOTHING } from '../../lib/bytes.ts'
import { FactTable } from '../FactTable.tsx'
import { HostLink, StorageLink, VmLink } from '../links.tsx'
import { When } from '../Since.tsx'
import { statusLabels, statusShapes, taskVerb } from './task-words.ts'

/** Running ones first, then the latest. */
export function byNewest(a: Task, b: Task): number {
  const running = Number(b.status === 'pending') - Number(a.status === 'pending')
  return running || (b.createdAt ?? '').localeCompare(a.createdAt ?? '') || (a.id < b.id ? -1 : 1)
}

/** A few tasks of one object. */
export function TaskList({ tasks, empty }: { tasks: readonly Task[]; empty: string }) {
  const { t } = useLingui()
  return (
    <FactTable
      label={t`Tasks`}
      empty={empty}
      rows={tasks}
      columns={[
        { id: 'task', header: t`Task`, isTitle: true, cell: (task) => <TaskTitle task={task} /> },
        { id: 'state', header: t`State`, isWide: true, cell: (task) => <TaskState task={task} /> },
        { id: 'who', header: t`Started by`, cell: (task) => task.startedBy ?? t`The pool` },
        { id: 'when', header: t`When`, cell: (task) => <When at={task.createdAt} /> },
        { id: 'cancel', header: '', cell: (task) => <CancelTask task={task} /> },
      ]}
    />
  )
}

export function TaskTitle({ task }: { task: Task }) {
  return (
    <span className="truncate font-medium" title={task.name}>
      {taskVerb(task)}
    </span>
  )
}

export function TaskTarget({ task }: { task: Task }) {
  const { target } = task
  if (!target) return <span className="text-muted">{NOTHING}</span>
  if (target.kind === 'vm') return <VmLink id={target.id} fallback={target.name} />
  if (target.kind === 'host') return <HostLink id={target.id} fallback={target.name} />
  if (target.kind === 'storage') return <StorageLink id={target.id} fallback={target.name} />
  return <>{target.name}</>
}

/** State, how far it is, and what went wrong, on one line. */
export function TaskState({ task }: { task: Task }) {
  const { t, i18n } = useLingui()
  const word = i18n._(statusLabels[task.status])
  // "Cancelled" says it all.
  const error = task.error && task.status !== 'cancelled' ? errorText(task.error) : ''
  return (
    <span className="flex min-w-0 grow items-center gap-3">
      <State shape={statusShapes[task.status]} className="shrink-0">
        {word}
      </State>
      {task.status === 'pending' && (
        <>
          <ProgressBar
            label={t`Progress`}
            value={task.progress > 0 ? task.progress : null}
            className="w-24 shrink-0"
          />
          {task.progress > 0 && (
            <span className="text-secondary">{formatPercent(task.progress, i18n.locale)}</span>
          )}
        </>
      )}
      {error && (
        <span className="truncate text-bad" title={error}>
          {error}
        </span>
      )}
    </span>
  )
}

export function CancelTask({ task }: { task: Task }) {
  const { t } = useLingui()
  const subject = useSubject()
  if (task.status !== 'pending' || !subject) return null
  const refusal = can('task.cancel', task, subject)
  return (
    <Button
      size="small"
      disabledReason={refusal && refusalText(refusal)}
      onPress={() => {
        operate('task.cancel', task.id, {}).catch((error: unknown) =>
          notices.add({ tone: 'bad', title: t`Not cancelled`, detail: errorText(error) }),
        )
      }}
    >
      {t`Cancel`}
    </Button>
  )
}
