/**
 * Locking by `current_operations` (PROTOCOL section 3.3): an operation that meets another one in
 * progress waits inside the server until that one is released, as long as its task is not
 * cancelled.
 */
import type { Database } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call } from '../rpc/registry.ts'
import type { TaskHandle } from '../tasks/handle.ts'
import { map } from './row.ts'
import type { Failure } from './row.ts'

export interface Lock {
  readonly cls: string
  readonly ref: string
  readonly operation: string
  /** Why the operation may not start now. */
  readonly check: () => Failure | undefined
  /** Recomputes allowed_operations of what the operation blocks. */
  readonly refresh: () => void
}

/** xapi gives up waiting after two hours. */
const LONGEST_WAIT_MS = 2 * 60 * 60 * 1000

const waiters = new WeakMap<Pool, Set<() => void>>()

/** Wakes whoever waits for an operation to end; they look again. */
export function announceRelease(pool: Pool): void {
  const waiting = waiters.get(pool)
  if (!waiting) return
  waiters.delete(pool)
  for (const wake of waiting) wake()
}

async function nextRelease(pool: Pool, task: TaskHandle, ms: number): Promise<void> {
  let waiting = waiters.get(pool)
  if (!waiting) waiters.set(pool, (waiting = new Set()))
  const signals = [task.signal, pool.closed]
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  waiting.add(resolve)
  for (const signal of signals) signal.addEventListener('abort', () => resolve(), { once: true })
  await promise
  clearTimeout(timer)
  waiting.delete(resolve)
  pool.closed.throwIfAborted()
}

/**
 * Waits while `check` says OTHER_OPERATION_IN_PROGRESS.
 * @throws XapiError any other failure of the check at once; TASK_CANCELLED when cancelled meanwhile
 */
export async function waitUntilFree(
  call: Call,
  check: () => Failure | undefined,
  longestMs = LONGEST_WAIT_MS,
): Promise<void> {
  const deadline = performance.now() + longestMs
  for (;;) {
    const failure = check()
    if (!failure) return
    const rest = deadline - performance.now()
    if (failure[0] !== 'OTHER_OPERATION_IN_PROGRESS' || rest <= 0) throw new XapiError(...failure)
    call.task.cancellable(true)
    await nextRelease(call.pool, call.task, rest)
    call.task.throwIfCancelled()
  }
}

export function setCurrentOperation(
  db: Database,
  cls: string,
  ref: string,
  task: string,
  operation: string,
): void {
  const current = map(db.must(cls, ref), 'current_operations')
  db.write(cls, ref, { current_operations: { ...current, [task]: operation } })
}

/** The object may be gone: operations can destroy what they worked on. */
export function clearCurrentOperation(db: Database, cls: string, ref: string, task: string): void {
  const row = db.get(cls, ref)
  if (!row) return
  const { [task]: _ended, ...rest } = map(row, 'current_operations')
  db.write(cls, ref, { current_operations: rest })
}

/** Runs `body` under the lock. Lock, body and release are separate writes, as in xapi. */
export async function withOperation<T>(
  call: Call,
  lock: Lock,
  body: () => T | Promise<T>,
): Promise<T> {
  const { pool, task } = call
  await waitUntilFree(call, lock.check)
  setCurrentOperation(pool.db, lock.cls, lock.ref, task.key, lock.operation)
  lock.refresh()
  try {
    return await body()
  } finally {
    clearCurrentOperation(pool.db, lock.cls, lock.ref, task.key)
    lock.refresh()
    announceRelease(pool)
  }
}
