import type { Task } from '@xendeck/contract'
import type { Ref, StoreChange, XenConnection } from '@xendeck/xenapi'
import { put, type Key, type Put, type ResourceTable } from '../feed/table.ts'
import type { RecordStore } from '../inventory/view.ts'
import type { NameOf } from '../operations/xenapi-errors.ts'
import type { TaskHistory } from './history.ts'
import { TaskTargets, type TargetRef } from './targets.ts'
import { interest, projectTask, type Known } from './task.ts'

/** Ordinary calls are shown when they have lasted this long, in milliseconds. */
const LATE = 2_000

/** What is done with a task that the console has started. */
export interface Tracking extends Known {
  /** Part of the console's own task, which is what people see. */
  readonly hidden?: boolean
  /** Called with the task's result text (PROTOCOL 4) before it is forgotten. */
  readonly onSuccess?: (result: string) => Promise<void>
}

export interface PoolTasksOptions {
  readonly connection: Pick<XenConnection, 'call'> & { readonly store: RecordStore }
  readonly poolId: string
  readonly table: ResourceTable
  readonly history: TaskHistory
  readonly nameOf: NameOf
  /** The resource that an object is shown as. */
  readonly shown: (ref: string) => Key | undefined
  readonly hostId: (ref: string | undefined) => string | null
  readonly onFailure: (message: string, error: unknown) => void
  /** What was shown of the same pool before, over another connection. */
  readonly heritage?: TasksHeritage
}

/** What is known of tasks that a connection to another one leaves behind. */
export interface TasksHeritage {
  readonly tracked: ReadonlyMap<string, Tracking>
  readonly shown: ReadonlyMap<string, { readonly id: string; readonly finished: boolean }>
}

interface Shown {
  readonly id: string
  /** The task is over, and its line is the history's. */
  finished: boolean
}

/** The XenAPI tasks of one pool as `task` resources, whoever started them. */
export class PoolTasks {
  readonly #options: PoolTasksOptions
  readonly #store: RecordStore
  readonly #targets = new TaskTargets()
  readonly #tracked = new Map<string, Tracking>()
  readonly #shown = new Map<string, Shown>()
  readonly #late = new Map<string, NodeJS.Timeout>()
  readonly #unsubscribe: () => void

  constructor(options: PoolTasksOptions) {
    this.#options = options
    this.#store = options.connection.store
    for (const cls of ['VM', 'SR', 'host', 'VDI'] as const) {
      for (const [ref, record] of this.#store.entries(cls)) {
        this.#targets.apply(this.#store, { class: cls, ref, record, previous: undefined })
      }
    }
    this.#inherit(options.heritage)
    this.#show([...this.#store.entries('task')].map(([ref]) => ref))
    this.#unsubscribe = this.#store.subscribe((changes) => this.#apply(changes))
  }

  /** Follows a task that was just started. Returns its resource id. */
  async track(ref: Ref<'task'>, tracking: Tracking): Promise<string> {
    this.#tracked.set(ref, tracking)
    const known = this.#store.get('task', ref)
    // Events may have told of it before it was known to be ours.
    if (known) this.#show([ref])
    return known?.uuid ?? (await this.#options.connection.call('task.get_uuid', ref))
  }

  /** Ref of the task that is shown under `id`. */
  find(id: string): Ref<'task'> | undefined {
    return this.#store.byUuid('task', id)?.ref
  }

  close(): void {
    this.#stop()
    const removes = [...this.#shown.values()].map(({ id }) => ({ kind: 'task' as const, id }))
    this.#options.table.commit([], removes)
    this.#options.history.dropPool(this.#options.poolId)
  }

  /** Ends, and leaves everything in sight for the one that follows. */
  handOver(): TasksHeritage {
    this.#stop()
    return { tracked: this.#tracked, shown: this.#shown }
  }

  #stop(): void {
    this.#unsubscribe()
    for (const timer of this.#late.values()) clearTimeout(timer)
  }

  #inherit(heritage: TasksHeritage | undefined): void {
    if (!heritage) return
    for (const [ref, tracking] of heritage.tracked) this.#tracked.set(ref, tracking)
    for (const [ref, shown] of heritage.shown) this.#shown.set(ref, { ...shown })
    for (const ref of heritage.shown.keys()) if (!this.#store.get('task', ref)) this.#forget(ref)
  }

  #apply(changes: readonly StoreChange[]): void {
    const touched = new Set<string>()
    const gone = new Set<string>()
    for (const change of changes) {
      if (change.class !== 'task') {
        for (const ref of this.#targets.apply(this.#store, change)) touched.add(ref)
      } else if (change.record) touched.add(change.ref)
      else gone.add(change.ref)
    }
    if (touched.size > 0) this.#show([...touched].filter((ref) => !gone.has(ref)))
    for (const ref of gone) this.#forget(ref)
  }

  #show(refs: readonly string[]): void {
    const puts: Put[] = []
    for (const ref of refs) {
      const record = this.#store.get('task', ref)
      if (!record) continue
      const tracking = this.#tracked.get(ref)
      if (this.#shown.get(ref)?.finished) continue
      const pending = record.status === 'pending' || record.status === 'cancelling'
      if (!tracking && !this.#shown.has(ref) && !this.#isWorth(ref)) continue
      if (!tracking?.hidden) {
        const task = this.#project(ref)
        if (task) {
          puts.push(put('task', task))
          this.#shown.set(ref, { id: task.id, finished: false })
        }
      }
      if (tracking && !pending)
        this.#finish(ref as Ref<'task'>, tracking, record.status, record.result)
    }
    if (puts.length > 0) this.#options.table.commit(puts)
  }

  #isWorth(ref: string): boolean {
    const record = this.#store.get('task', ref)
    if (!record || this.#store.get('task', record.subtask_of)) return false
    const worth = interest(record)
    if (worth === 'at once') return true
    if (worth === 'late' && record.status === 'pending' && !this.#late.has(ref)) {
      const timer = setTimeout(() => {
        this.#late.delete(ref)
        this.#showLate(ref)
      }, LATE)
      timer.unref()
      this.#late.set(ref, timer)
    }
    return false
  }

  #showLate(ref: string): void {
    const task = this.#project(ref)
    if (task?.status !== 'pending') return
    this.#shown.set(ref, { id: task.id, finished: false })
    this.#options.table.commit([put('task', task)])
  }

  #project(ref: string): Task | undefined {
    const record = this.#store.get('task', ref)
    if (!record) return undefined
    return projectTask(record, {
      id: record.uuid,
      poolId: this.#options.poolId,
      hostId: this.#options.hostId(record.resident_on),
      known: this.#tracked.get(ref),
      target: this.#target(this.#targets.get(ref)),
      nameOf: this.#options.nameOf,
    })
  }

  #target(target: TargetRef | undefined): Task['target'] {
    if (!target) return null
    const key = this.#options.shown(target.ref)
    return key ? { ...key, name: this.#options.nameOf(target.ref) ?? '' } : null
  }

  /** The pool would keep it for an hour; we have its outcome, and 200 tasks are all that a pool keeps (PROTOCOL 4). */
  #finish(ref: Ref<'task'>, tracking: Tracking, status: string, result: string): void {
    const { connection, history, poolId, onFailure } = this.#options
    this.#tracked.delete(ref)
    const shown = this.#shown.get(ref)
    if (shown) {
      shown.finished = true
      history.add(shown.id, poolId)
    }
    // Whoever waits for a hidden one reads its result and forgets it.
    if (tracking.hidden) return
    const follow =
      status === 'success' && tracking.onSuccess ? tracking.onSuccess(result) : Promise.resolve()
    follow
      .catch((error: unknown) => onFailure(`after ${tracking.operation}`, error))
      .then(() => connection.call('task.destroy', ref))
      .catch((error: unknown) => onFailure('a finished task could not be removed', error))
  }

  #forget(ref: string): void {
    clearTimeout(this.#late.get(ref))
    this.#late.delete(ref)
    this.#targets.delete(ref)
    const tracking = this.#tracked.get(ref)
    this.#tracked.delete(ref)
    const shown = this.#shown.get(ref)
    this.#shown.delete(ref)
    if (!shown || shown.finished) return
    if (tracking) this.#lose(shown.id)
    else this.#options.table.commit([], [{ kind: 'task', id: shown.id }])
  }

  /** Toolstack restarts drop tasks without a word of how they ended. */
  #lose(id: string): void {
    const row = this.#options.table.row('task', id)
    if (!row) return
    const task = JSON.parse(row.json) as Task
    const lost: Task = {
      ...task,
      status: 'failure',
      cancellable: false,
      error: {
        code: 'TASK_LOST',
        params: [],
        message:
          'The pool dropped the task before it said how it ended. Look at the object itself.',
      },
    }
    this.#options.table.commit([put('task', lost)])
    this.#options.history.add(id, this.#options.poolId)
  }
}
