import { randomUUID } from 'node:crypto'
import type { Task } from '@xendeck/contract'
import type { Clock } from '../context.ts'
import { put, type ResourceTable } from '../feed/table.ts'
import { reasonOf, type NameOf, type Reason } from '../operations/xenapi-errors.ts'
import type { TaskHistory } from './history.ts'
import type { Known } from './task.ts'

export interface Work extends Known {
  /** Left out: a new one. */
  readonly id?: string
  /** ISO 8601; left out: now. */
  readonly createdAt?: string
  readonly poolId: string
  readonly name: string
  readonly nameOf: NameOf
}

/** Told by the work as it goes. */
export interface Progress {
  /** 0 to 1, and what is being done. */
  report(progress: number, description: string): void
}

/** Thrown by work that goes on after the next start: its task is not over. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** Work of several XenAPI calls, shown as one task. */
export class ConsoleTasks {
  readonly #table: ResourceTable
  readonly #history: TaskHistory
  readonly #clock: Clock
  readonly #onFailure: (task: Task, error: unknown) => void
  readonly #running = new Set<Promise<void>>()

  constructor(options: {
    table: ResourceTable
    history: TaskHistory
    clock: Clock
    onFailure: (task: Task, error: unknown) => void
  }) {
    this.#table = options.table
    this.#history = options.history
    this.#clock = options.clock
    this.#onFailure = options.onFailure
  }

  /** Starts the work and returns its task's id at once. */
  start(work: Work, run: (progress: Progress) => Promise<void>): string {
    const task = this.#make(work)
    this.#show(task)
    const running = this.#run(task, work, run).finally(() => this.#running.delete(running))
    this.#running.add(running)
    return task.id
  }

  /** Shows the outcome of work that is over, as it was when it ended. */
  recall(work: Work, finishedAt: string, error: Reason | null): void {
    const task = this.#make(work)
    this.#show({
      ...task,
      status: error ? 'failure' : 'success',
      progress: 1,
      finishedAt,
      error,
    })
    this.#history.add(task.id, task.poolId)
  }

  /** Until what runs now has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#running)
  }

  async #run(task: Task, work: Work, run: (progress: Progress) => Promise<void>): Promise<void> {
    try {
      await run({
        report: (progress, description) => {
          task.progress = progress
          task.description = description
          this.#show(task)
        },
      })
      task.status = 'success'
    } catch (error) {
      if (error instanceof Interrupted) return
      task.status = 'failure'
      task.error = reasonOf(error, work.nameOf)
      this.#onFailure(task, error)
    }
    task.progress = 1
    task.finishedAt = this.#clock.now().toISOString()
    this.#show(task)
    this.#history.add(task.id, task.poolId)
  }

  #make(work: Work): Task {
    return {
      id: work.id ?? randomUUID(),
      poolId: work.poolId,
      operation: work.operation,
      name: work.name,
      description: '',
      status: 'pending',
      progress: 0,
      createdAt: work.createdAt ?? this.#clock.now().toISOString(),
      finishedAt: null,
      target: work.target,
      hostId: null,
      startedBy: work.startedBy,
      cancellable: false,
      error: null,
    }
  }

  #show(task: Task): void {
    this.#table.commit([put('task', task)])
  }
}
