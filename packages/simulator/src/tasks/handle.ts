/** What a running call may do with its task. */
import { XapiError } from '../rpc/errors.ts'
import type { Database } from '../db/database.ts'

export class TaskHandle {
  /** null: the call is not worth a task of its own (a getter). */
  readonly ref: string | null
  /** The key for `current_operations`: the ref, or a dummy one where there is no task. */
  readonly key: string
  readonly #db: Database
  readonly #abort = new AbortController()

  constructor(db: Database, ref: string | null, key: string) {
    this.#db = db
    this.ref = ref
    this.key = key
  }

  /** Aborted when a client cancels the task while it is cancellable. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** @param fraction 0 … 1 */
  progress(fraction: number): void {
    this.#write({ progress: Math.min(1, Math.max(0, fraction)) })
  }

  cancellable(on: boolean): void {
    this.#write({ allowed_operations: on ? ['cancel'] : [] })
  }

  /** @throws XapiError TASK_CANCELLED[task] once the task was cancelled */
  throwIfCancelled(): void {
    if (this.#abort.signal.aborted) throw this.cancelled()
  }

  cancelled(): XapiError {
    return new XapiError('TASK_CANCELLED', this.key)
  }

  /** The task machinery's side of task.cancel. */
  abort(): void {
    this.#abort.abort(this.cancelled())
  }

  #write(fields: { progress?: number; allowed_operations?: string[] }): void {
    if (this.ref !== null && this.#db.get('task', this.ref))
      this.#db.write('task', this.ref, fields)
  }
}
