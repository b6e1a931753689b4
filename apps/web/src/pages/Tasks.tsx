import { Trans, useLingui } from '@lingui/react/macro'
import { useSearch } from '@tanstack/react-router'
import type { Task } from '@xendeck/contract'
import { Button, DataTable, EmptyState, SearchField, type Column } from '@xendeck/ui'
import { useMemo } from 'react'
import { useIsLoaded, useResources } from '../api/live.ts'
import { When } from '../features/Since.tsx'
import { taskVerb } from '../features/tasks/task-words.ts'
import {
  byNewest,
  CancelTask,
  TaskState,
  TaskTarget,
  TaskTitle,
} from '../features/tasks/TaskList.tsx'
import { useListSearch } from '../features/use-list-search.ts'
import { matches } from '../lib/filter.ts'
import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'

const idOf = (task: Task) => task.id

export function TasksPage() {
  const { t, i18n } = useLingui()
  const search = useSearch({ from: '/tasks' })
  const { text, setText, terms } = useListSearch('/tasks', search.q)
  const tasks = useResources('task')
  const isLoaded = useIsLoaded('task')
  const rows = useMemo(() => {
    return tasks
      .filter((task) =>
        matches(terms, [taskVerb(task), task.name, task.target?.name, task.startedBy, task.status]),
      )
      .toSorted(byNewest)
    // The words change with the language.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [tasks, terms, i18n.locale])
  const running = tasks.filter((task) => task.status === 'pending').length
  const columns = useMemo<Column<Task>[]>(
    () => [
      { id: 'task', header: t`Task`, width: 200, cell: (task) => <TaskTitle task={task} /> },
      { id: 'target', header: t`On`, width: 180, cell: (task) => <TaskTarget task={task} /> },
      {
        id: 'state',
        header: t`State`,
        width: 300,
        isFlexible: true,
        cell: (task) => <TaskState task={task} />,
      },
      {
        id: 'who',
        header: t`Started by`,
        width: 130,
        cell: (task) => task.startedBy ?? <span className="text-muted">{t`The pool`}</span>,
      },
      { id: 'when', header: t`When`, width: 140, cell: (task) => <When at={task.createdAt} /> },
      {
        id: 'cancel',
        header: '',
        width: 96,
        align: 'end',
        cell: (task) => <CancelTask task={task} />,
      },
    ],
    [t],
  )
  return (
    <Page
      isFlush
      head={
        <PageHeader
          title={t`Tasks`}
          meta={isLoaded && (running > 0 ? <Trans>{running} running</Trans> : null)}
        >
          <div className="pt-2 pb-3">
            <SearchField
              label={t`Filter`}
              shortcut="/"
              placeholder={t`Filter by task, object, person or state`}
              value={text}
              onChange={setText}
              className="max-w-160"
            />
          </div>
        </PageHeader>
      }
    >
      <div className="flex min-h-0 flex-1 flex-col border-t border-hairline">
        <DataTable
          label={t`Tasks`}
          columns={columns}
          rows={rows}
          getRowId={idOf}
          getRowLabel={(task) => task.name}
          narrow={(task) => ({
            title: <TaskTitle task={task} />,
            aside: <When at={task.createdAt} />,
            detail: <TaskState task={task} />,
          })}
          isLoading={!isLoaded}
          empty={
            tasks.length > 0 ? (
              <EmptyState
                title={t`Nothing matches`}
                action={
                  <Button onPress={() => setText('')}>
                    <Trans>Clear the filter</Trans>
                  </Button>
                }
              />
            ) : (
              <EmptyState title={t`No tasks`}>
                <Trans>Long work appears here while it runs and for some time after.</Trans>
              </EmptyState>
            )
          }
        />
      </div>
    </Page>
  )
}
