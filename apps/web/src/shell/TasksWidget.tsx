import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { can, type Task } from '@xendeck/contract'
import {
  Button,
  CloseIcon,
  IconButton,
  Popover,
  ProgressBar,
  StateIcon,
  TaskIcon,
  notices,
} from '@xendeck/ui'
import { useMemo } from 'react'
import { operate } from '../api/client.ts'
import { errorText, refusalText } from '../api/errors.ts'
import { useResources } from '../api/live.ts'
import { useSubject } from '../api/session.ts'
import { statusLabels, statusShapes, taskTitle } from '../features/tasks/task-words.ts'

const recentCount = 8

/** What is going on, in the top bar; behind it the running and the latest tasks. */
export function TasksWidget() {
  const { t } = useLingui()
  const tasks = useResources('task')
  const { running, recent } = useMemo(() => split(tasks), [tasks])
  const [first] = running
  const others = running.length - 1
  const trigger = first ? (
    <Button variant="quiet" isTight className="min-w-0" label={runningLabel(running.length)}>
      <span className="max-w-56 truncate narrow:hidden">{taskTitle(first)}</span>
      <ProgressBar label={taskTitle(first)} value={first.progress} className="w-16 narrow:w-10" />
      {others > 0 && (
        <span className="narrow:hidden">{plural(others, { one: '# more', other: '# more' })}</span>
      )}
    </Button>
  ) : (
    <IconButton label={t`Tasks`} icon={<TaskIcon />} />
  )
  return (
    <Popover trigger={trigger} label={t`Tasks`} className="w-92">
      {(close) => (
        <div className="p-2">
          {running.length + recent.length === 0 && (
            <p className="px-2 py-3 text-muted">
              <Trans>No tasks lately. What takes time shows up here.</Trans>
            </p>
          )}
          <ul>
            {[...running, ...recent].map((task) => (
              <TaskLine key={task.id} task={task} />
            ))}
          </ul>
          <Link
            to="/tasks"
            onClick={close}
            className="mt-1 flex h-8 items-center rounded-md px-2 text-accent-text hover:bg-hover"
          >
            <Trans>All tasks</Trans>
          </Link>
        </div>
      )}
    </Popover>
  )
}

function runningLabel(count: number): string {
  return plural(count, { one: '# task running', other: '# tasks running' })
}

function split(tasks: readonly Task[]): { running: Task[]; recent: Task[] } {
  const running = tasks
    .filter((task) => task.status === 'pending')
    .toSorted((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''))
  const recent = tasks
    .filter((task) => task.status !== 'pending')
    .toSorted((a, b) => (b.finishedAt ?? '').localeCompare(a.finishedAt ?? ''))
    .slice(0, recentCount)
  return { running, recent }
}

function TaskLine({ task }: { task: Task }) {
  const { i18n } = useLingui()
  const word = i18n._(statusLabels[task.status])
  return (
    <li className="flex items-start gap-2 rounded-md px-2 py-1.5">
      <StateIcon shape={statusShapes[task.status]} label={word} className="mt-1" />
      <div className="min-w-0 flex-1">
        <p className="truncate" title={task.name}>
          {taskTitle(task)}
        </p>
        {task.status === 'pending' ? (
          <div className="flex items-center gap-2">
            <ProgressBar label={taskTitle(task)} value={task.progress} className="flex-1" />
            <span className="w-9 text-right text-caption text-muted">
              {Math.round(task.progress * 100)} %
            </span>
          </div>
        ) : (
          <p className={task.error ? 'text-caption text-bad' : 'text-caption text-muted'}>
            {task.error ? errorText(task.error) : word}
            {task.startedBy && ` · ${task.startedBy}`}
          </p>
        )}
      </div>
      {task.status === 'pending' && <CancelButton task={task} />}
    </li>
  )
}

function CancelButton({ task }: { task: Task }) {
  const { t } = useLingui()
  const subject = useSubject()
  const refusal = subject && can('task.cancel', task, subject)
  const title = taskTitle(task)
  return (
    <IconButton
      size="small"
      label={t`Cancel ${title}`}
      icon={<CloseIcon />}
      disabledReason={refusal ? refusalText(refusal) : null}
      onPress={() => {
        operate('task.cancel', task.id, {}).catch((error: unknown) =>
          notices.add({
            tone: 'bad',
            title: t`${title} was not cancelled`,
            detail: errorText(error),
          }),
        )
      }}
    />
  )
}
