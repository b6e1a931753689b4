import type { Logger } from 'pino'
import { ApiFailure } from '../http/api-failure.ts'
import { reasonOf } from '../operations/xenapi-errors.ts'
import type { LivePool, Pools } from '../pools/pools.ts'
import { nameOf } from '../pools/registered-pool.ts'
import { Interrupted, type ConsoleTasks, type Progress, type Work } from '../tasks/console-tasks.ts'
import type { FinishedJob, Job, JobStore, NewJob } from './job-store.ts'

/** What a job works with. */
export interface JobRun {
  readonly job: Job
  readonly progress: Progress
  /** Aborted when the BFF ends: the job goes on at the next start. */
  readonly signal: AbortSignal
  /**
   * The pool as soon as it answers. Where it is away, the job waits for it.
   * @throws Interrupted; ApiFailure POOL_DISCONNECTED where it is registered no more
   */
  pool(): Promise<LivePool>
  /** Writes how far the job has come. To be called before each step. */
  save(state: unknown): Promise<void>
}

/** Does what the plan says from where the state says; steps that were done before count as done. */
export type JobWork = (run: JobRun) => Promise<void>

/**
 * Work of several XenAPI calls that outlives the process. What is to be done is written before the first step, so that
 * it is carried to its end, or to a failure that somebody is told of, whatever dies in between: the pool's coordinator,
 * the network, the BFF. Two BFFs that take up the same job do no harm: what the other one has done counts as done.
 */
export class Jobs {
  readonly #store: JobStore
  readonly #pools: Pools
  readonly #tasks: ConsoleTasks
  readonly #log: Logger
  readonly #works = new Map<string, JobWork>()
  readonly #closing = new AbortController()

  constructor(options: { store: JobStore; pools: Pools; tasks: ConsoleTasks; log: Logger }) {
    this.#store = options.store
    this.#pools = options.pools
    this.#tasks = options.tasks
    this.#log = options.log
  }

  define(operation: string, work: JobWork): void {
    this.#works.set(operation, work)
  }

  /** Writes the order, begins with it and returns its task's id. */
  async order(order: NewJob): Promise<string> {
    this.#throwIfClosing()
    const job = await this.#store.insert(order)
    this.#begin(job)
    return job.id
  }

  /** Takes up what the process before this one has left, and tells again what became of the rest. */
  async start(): Promise<void> {
    for (const job of await this.#store.load()) {
      if (isFinished(job)) {
        this.#tasks.recall(this.#workOf(job), job.finishedAt, job.error)
      } else {
        this.#log.info({ job: job.id, operation: job.operation }, 'a job goes on')
        this.#begin(job)
      }
    }
  }

  /** Lets go of what runs; it is taken up by the next process. */
  async close(): Promise<void> {
    this.#closing.abort(new Interrupted())
    await this.#tasks.settled()
  }

  #begin(job: Job): void {
    this.#tasks.start(this.#workOf(job), (progress) => this.#run(job, progress))
  }

  #workOf(job: Job): Work {
    const { id, createdAt, operation, startedBy, target, poolId } = job
    return {
      id,
      createdAt,
      operation,
      startedBy,
      target,
      poolId,
      name: operation,
      nameOf: (ref) => this.#nameOf(poolId, ref),
    }
  }

  #nameOf(poolId: string, ref: string): string | undefined {
    const connection = this.#pools.byPoolId(poolId)?.connection
    return connection && nameOf(connection, ref)
  }

  async #run(job: Job, progress: Progress): Promise<void> {
    const { signal } = this.#closing
    const run: JobRun = {
      job,
      progress,
      signal,
      pool: async () => {
        this.#throwIfClosing()
        if (!this.#pools.byPoolId(job.poolId)?.isLive) progress.report(0, 'Waits for the pool.')
        return await this.#pools.untilLive(job.poolId, signal)
      },
      save: async (state) => {
        this.#throwIfClosing()
        await this.#store.save(job.id, state)
      },
    }
    try {
      const work = this.#works.get(job.operation)
      if (!work) throw new ApiFailure('NOT_FOUND', 'This release cannot go on with the work.')
      await work(run)
    } catch (error) {
      this.#throwIfClosing()
      await this.#finish(job, error)
      throw error
    }
    this.#throwIfClosing()
    await this.#finish(job)
  }

  async #finish(job: Job, error?: unknown): Promise<void> {
    const reason =
      error === undefined ? null : reasonOf(error, (ref) => this.#nameOf(job.poolId, ref))
    try {
      await this.#store.finish(job.id, reason)
    } catch (failure) {
      // It will be taken up once more, and find that everything is done.
      this.#log.error({ err: failure, job: job.id }, 'the outcome of a job cannot be written')
    }
  }

  #throwIfClosing(): void {
    if (this.#closing.signal.aborted) throw new Interrupted()
  }
}

function isFinished(job: Job | FinishedJob): job is FinishedJob {
  return 'finishedAt' in job
}
