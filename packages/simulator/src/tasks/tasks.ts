/** Task rows and their life (PROTOCOL section 4). */
import { NEVER } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { Database, Row } from '../db/database.ts'
import { NULL_REF } from '../db/database.ts'
import type { Random } from '../random.ts'
import type { XapiError } from '../rpc/errors.ts'
import { TaskHandle } from './handle.ts'

export interface NewTask {
  /** Wire name with its prefix, `Async.VM.start`, or what a client called its task. */
  readonly label: string
  readonly description?: string
  readonly host: string
  /** Ref of the session, `OpaqueRef:NULL` for the pool itself. */
  readonly session?: string
  readonly subtaskOf?: string
  readonly otherConfig?: Record<string, string>
}

const BACKTRACE = '(((process xapi)(filename simulator)(line 0)))'
/** Retention of ended tasks and limit of tasks (db_gc_util.ml:361-472). */
const COMPLETED_TTL = 65 * 60 * 1000
const PENDING_TTL = 24 * 3600 * 1000
const MAX_TASKS = 200

export class Tasks {
  readonly #db: Database
  readonly #clock: Clock
  readonly #random: Random
  readonly #running = new Map<string, TaskHandle>()
  /** Ended or created at, milliseconds since 1970: the GC's measure. */
  readonly #since = new Map<string, number>()
  readonly #stalled = new Map<string, number>()

  constructor(db: Database, clock: Clock, random: Random) {
    this.#db = db
    this.#clock = clock
    this.#random = random
  }

  /** A pending task that a call runs under. */
  start(task: NewTask): TaskHandle {
    const ref = this.create(task)
    const handle = new TaskHandle(this.#db, ref, ref)
    this.#running.set(ref, handle)
    return handle
  }

  /** For calls that make no task row. */
  dummy(label: string): TaskHandle {
    return new TaskHandle(this.#db, null, `DummyRef:|${this.#random.uuid()}|${label}`)
  }

  /** A pending task for a client to work with (task.create). */
  create(task: NewTask): string {
    const row: Row = {
      name_label: task.label,
      name_description: task.description ?? '',
      created: this.#clock.iso(),
      finished: NEVER,
      status: 'pending',
      progress: 0,
      type: '<none/>',
      result: '',
      resident_on: task.host,
      session: task.session ?? NULL_REF,
      externalpid: -1,
      stunnelpid: -1,
      forwarded: false,
      forwarded_to: NULL_REF,
      subtask_of: task.subtaskOf ?? NULL_REF,
      other_config: task.otherConfig ?? {},
      backtrace: '()',
    }
    const ref = this.#db.create('task', row)
    this.#since.set(ref, this.#clock.now())
    return ref
  }

  /** The handle of a task that a call runs under, or that a client made (HTTP handlers). */
  handle(ref: string): TaskHandle {
    let handle = this.#running.get(ref)
    if (!handle) this.#running.set(ref, (handle = new TaskHandle(this.#db, ref, ref)))
    return handle
  }

  /** @param result an XML-RPC value fragment, `<value>OpaqueRef:…</value>`, or "" */
  succeed(ref: string, result: string): void {
    this.#end(
      ref,
      { finished: this.#clock.iso() },
      { progress: 1 },
      { result },
      { status: 'success' },
    )
  }

  fail(ref: string, error: XapiError): void {
    const status = error.code === 'TASK_CANCELLED' ? 'cancelled' : 'failure'
    this.#end(
      ref,
      { progress: 1 },
      { error_info: error.description },
      { backtrace: BACKTRACE },
      { finished: this.#clock.iso() },
      { allowed_operations: [] },
      { status },
    )
  }

  cancel(ref: string, by: string): void {
    const { current_operations: operations } = this.#db.must('task', ref)
    this.#db.write('task', ref, { current_operations: { ...(operations as Row), [by]: 'cancel' } })
    this.#running.get(ref)?.abort()
  }

  /** Ended: removed. Else it goes when it ends (xapi_task.ml:38-45). */
  destroy(ref: string): void {
    const { status, current_operations: operations } = this.#db.must('task', ref)
    if (status !== 'pending' && status !== 'cancelling') return this.remove(ref)
    this.#db.write('task', ref, { current_operations: { ...(operations as Row), task: 'destroy' } })
  }

  remove(ref: string): void {
    this.#running.delete(ref)
    this.#since.delete(ref)
    this.#stalled.delete(ref)
    if (this.#db.get('task', ref)) this.#db.destroy('task', ref)
  }

  /** One pass; xapi makes one every 30 s. */
  collect(): void {
    const now = this.#clock.now()
    const ended: [string, number][] = []
    for (const [ref, row] of this.#db.all('task')) {
      const since = this.#since.get(ref) ?? now
      if (row['status'] === 'pending') {
        const progress = Number(row['progress'])
        const moved = this.#stalled.get(ref) !== progress
        this.#stalled.set(ref, progress)
        if (now - since > PENDING_TTL && !moved && !this.#running.has(ref)) this.remove(ref)
      } else if (now - since > COMPLETED_TTL || destroyed(row)) this.remove(ref)
      else ended.push([ref, since])
    }
    const excess = this.#db.count('task') - MAX_TASKS
    ended.sort((a, b) => a[1] - b[1])
    if (excess > 0) for (const [ref] of ended.slice(0, excess)) this.remove(ref)
  }

  // Separate writes in xapi's order: a client that looks in between sees what it would see there.
  #end(ref: string, ...writes: Row[]): void {
    this.#running.delete(ref)
    if (!this.#db.get('task', ref)) return
    for (const write of [{ allowed_operations: [] }, ...writes]) this.#db.write('task', ref, write)
    this.#since.set(ref, this.#clock.now())
    if (destroyed(this.#db.must('task', ref))) this.remove(ref)
  }
}

function destroyed(row: Row): boolean {
  const operations = row['current_operations']
  return typeof operations === 'object' && 'task' in operations
}
