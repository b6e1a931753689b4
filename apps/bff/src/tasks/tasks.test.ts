import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Task } from '@xendeck/contract'
import { refOf, TestStore } from '../../test/record-store.ts'
import { ResourceTable } from '../feed/table.ts'
import { ConsoleTasks } from './console-tasks.ts'
import { TaskHistory } from './history.ts'
import { PoolTasks } from './pool-tasks.ts'
import { interest } from './task.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const pending = { status: 'pending', progress: 0, created: '20261101T10:00:00Z' } as const

function setUp(store = new TestStore()) {
  const table = new ResourceTable()
  const history = new TaskHistory(table, () => Date.now())
  const call = vi.fn<() => Promise<string>>(async () => 'uuid-from-the-pool')
  const tasks = new PoolTasks({
    connection: { store, call: call as never },
    poolId: 'pool',
    table,
    history,
    nameOf: (ref) => (ref === refOf('vm') ? 'web 1' : undefined),
    shown: (ref) => (ref === refOf('vm') ? { kind: 'vm', id: 'vm' } : undefined),
    hostId: () => null,
    onFailure: () => undefined,
  })
  const shown = (id: string) => {
    const row = table.row('task', id)
    return row && (JSON.parse(row.json) as Task)
  }
  return { store, table, history, call, tasks, shown }
}

const known = {
  operation: 'vm.start',
  startedBy: 'Ada',
  target: { kind: 'vm', id: 'vm', name: 'web 1' },
}

it('shows a task that the console has started, then its outcome, and clears it away in the pool', async () => {
  const { store, call, tasks, shown } = setUp()
  expect(await tasks.track(refOf('t'), known)).toBe('uuid-from-the-pool')
  store.set('task', 't', {
    ...pending,
    name_label: 'Async.VM.start',
    allowed_operations: ['cancel'],
  })
  store.tell()
  expect(shown('t')).toMatchObject({
    operation: 'vm.start',
    startedBy: 'Ada',
    status: 'pending',
    cancellable: true,
  })
  store.set('task', 't', {
    status: 'failure',
    allowed_operations: [],
    error_info: ['NO_HOSTS_AVAILABLE'],
  })
  store.tell()
  expect(shown('t')).toMatchObject({
    status: 'failure',
    progress: 1,
    error: { code: 'NO_HOSTS_AVAILABLE' },
  })
  await vi.advanceTimersByTimeAsync(0)
  expect(call).toHaveBeenCalledWith('task.destroy', refOf('t'))
  store.delete('task', 't')
  store.tell()
  expect(shown('t')).toMatchObject({ status: 'failure' })
})

it('runs what follows a success with its result before the task is cleared away', async () => {
  const { store, call, tasks } = setUp()
  const order: string[] = []
  call.mockImplementation(async () => (order.push('destroy'), 'id'))
  store.set('task', 't', { ...pending })
  await tasks.track(refOf('t'), { ...known, onSuccess: async (result) => void order.push(result) })
  store.set('task', 't', { status: 'success', result: '<value>OpaqueRef:new</value>' })
  store.tell()
  await vi.advanceTimersByTimeAsync(0)
  expect(order).toEqual(['<value>OpaqueRef:new</value>', 'destroy'])
})

it('says that a task was lost where the pool drops it before its end', async () => {
  const { store, tasks, shown } = setUp()
  await tasks.track(refOf('t'), known)
  store.set('task', 't', { ...pending, name_label: 'Async.VM.start' })
  store.tell()
  store.delete('task', 't')
  store.tell()
  expect(shown('t')).toMatchObject({ status: 'failure', error: { code: 'TASK_LOST' } })
})

it('finds what a task from elsewhere works on, and takes it away with the pool', () => {
  const { store, shown } = setUp()
  store.set('task', 't', { ...pending, name_label: 'Async.VM.clean_shutdown' })
  store.set('host', 'host', { current_operations: { 'OpaqueRef:t': 'shutdown' } })
  store.set('VM', 'vm', { current_operations: { 'OpaqueRef:t': 'clean_shutdown' } })
  store.tell()
  expect(shown('t')).toMatchObject({
    startedBy: null,
    target: { kind: 'vm', id: 'vm', name: 'web 1' },
  })
  store.set('VM', 'vm', { current_operations: {} })
  store.set('task', 't', { status: 'success' })
  store.tell()
  expect(shown('t')).toMatchObject({ status: 'success', target: { id: 'vm' } })
  store.delete('task', 't')
  store.tell()
  expect(shown('t')).toBeUndefined()
})

it('shows ordinary calls only when they last, and inner ones never', async () => {
  const { store, table } = setUp()
  store.set('task', 'short', { ...pending, name_label: 'VM.clone' })
  store.set('task', 'long', { ...pending, name_label: 'VM.copy' })
  store.set('task', 'inner', { ...pending, name_label: 'VM.checkpoint', subtask_of: refOf('long') })
  store.set('task', 'noise', { ...pending, name_label: 'SR.scan' })
  store.tell()
  expect(table.rows('task').size).toBe(0)
  store.delete('task', 'short')
  store.tell()
  await vi.advanceTimersByTimeAsync(3000)
  expect([...table.rows('task').keys()]).toEqual(['long'])
})

it.each([
  ['Async.VM.start', 'at once'],
  ['[XO] VM export', 'at once'],
  ['Exporting web 1', 'at once'],
  ['VM.copy', 'late'],
  ['SR.scan', 'never'],
  ['Async.SR.scan', 'never'],
  ['session.login_with_password', 'never'],
  ['VM.get_all_records', 'never'],
  ['VM.set_name_label', 'never'],
  ['Connection to VM console', 'never'],
] as const)('finds %s worth showing: %s', (name_label, expected) => {
  expect(interest({ name_label })).toBe(expected)
})

it('keeps 200 finished tasks, for an hour', () => {
  const table = new ResourceTable()
  const history = new TaskHistory(table, () => Date.now())
  for (let n = 0; n < 250; n += 1) {
    table.commit([{ kind: 'task', id: `t${n}`, poolId: 'pool', json: `{"n":${n}}` }])
    history.add(`t${n}`, 'pool')
  }
  expect([...table.rows('task').keys()].slice(0, 1)).toEqual(['t50'])
  expect(table.rows('task').size).toBe(200)
  vi.advanceTimersByTime(60 * 60_000 + 1)
  history.sweep()
  expect(table.rows('task').size).toBe(0)
})

it('shows the console’s own work with its progress, and its failure in words', async () => {
  const table = new ResourceTable()
  const history = new TaskHistory(table, () => Date.now())
  const onFailure = vi.fn<(task: Task, error: unknown) => void>()
  const tasks = new ConsoleTasks({ table, history, clock: { now: () => new Date() }, onFailure })
  const seen: string[] = []
  table.onCommit(([row]) => {
    const task = JSON.parse(row?.json ?? '') as Task
    seen.push(`${task.status} ${task.progress} ${task.description}`)
  })
  const id = tasks.start(
    { ...known, poolId: 'pool', name: 'vm.delete', nameOf: () => undefined },
    async (progress) => {
      progress.report(0.5, 'disk')
      throw new Error('inside')
    },
  )
  await tasks.settled()
  expect(seen).toEqual(['pending 0 ', 'pending 0.5 disk', 'failure 1 disk'])
  expect(onFailure).toHaveBeenCalledOnce()
  expect(JSON.parse(table.row('task', id)?.json ?? '')).toMatchObject({
    error: { code: 'INTERNAL' },
  })
})
