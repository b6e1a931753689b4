import { randomUUID } from 'node:crypto'
import type { Task } from '@xendeck/contract'
import type { Reason } from '../operations/xenapi-errors.ts'
import type { Store } from '../store/store.ts'

/** What a person has ordered, with all that is to be done for it. */
export interface Job {
  /** The id of its task. */
  readonly id: string
  readonly operation: string
  /** Display name of the person. */
  readonly startedBy: string
  /** XenAPI uuid of the pool. */
  readonly poolId: string
  readonly target: NonNullable<Task['target']>
  /** Plain JSON, in the operation's form; it was checked when it was written, and is checked again when it is read. */
  readonly plan: unknown
  readonly state: unknown
  /** ISO 8601. */
  readonly createdAt: string
}

export type NewJob = Omit<Job, 'id' | 'createdAt'>

export interface FinishedJob extends Job {
  readonly finishedAt: string
  readonly error: Reason | null
}

/** How long the outcome is kept, in milliseconds: as long as finished tasks stay in sight. */
const KEPT = 60 * 60_000

/** Jobs at rest. */
export class JobStore {
  readonly #db: Store['db']
  readonly #now: () => Date

  constructor({ db }: Pick<Store, 'db'>, now: () => Date) {
    this.#db = db
    this.#now = now
  }

  async insert(order: NewJob): Promise<Job> {
    const job = { ...order, id: randomUUID(), createdAt: this.#now().toISOString() }
    await this.#db
      .insertInto('jobs')
      .values({
        id: job.id,
        operation: job.operation,
        started_by: job.startedBy,
        pool_id: job.poolId,
        target: JSON.stringify(job.target),
        plan: JSON.stringify(job.plan),
        state: JSON.stringify(job.state),
        created_at: job.createdAt,
        finished_at: null,
        error: null,
      })
      .execute()
    return job
  }

  async save(id: string, state: unknown): Promise<void> {
    await this.#db
      .updateTable('jobs')
      .set({ state: JSON.stringify(state) })
      .where('id', '=', id)
      .execute()
  }

  async finish(id: string, error: Reason | null): Promise<void> {
    await this.#db
      .updateTable('jobs')
      .set({
        finished_at: this.#now().toISOString(),
        error: error && JSON.stringify(error),
      })
      .where('id', '=', id)
      .execute()
    await this.#sweep()
  }

  /** In the order in which they were ordered. */
  async load(): Promise<(Job | FinishedJob)[]> {
    await this.#sweep()
    const rows = await this.#db.selectFrom('jobs').selectAll().orderBy('created_at').execute()
    return rows.map((row) => {
      const job: Job = {
        id: row.id,
        operation: row.operation,
        startedBy: row.started_by,
        poolId: row.pool_id,
        target: JSON.parse(row.target) as Job['target'],
        plan: JSON.parse(row.plan) as unknown,
        state: JSON.parse(row.state) as unknown,
        createdAt: row.created_at,
      }
      if (row.finished_at === null) return job
      const error = row.error === null ? null : (JSON.parse(row.error) as Reason)
      return { ...job, finishedAt: row.finished_at, error }
    })
  }

  async #sweep(): Promise<void> {
    const before = new Date(this.#now().getTime() - KEPT).toISOString()
    await this.#db.deleteFrom('jobs').where('finished_at', '<', before).execute()
  }
}
