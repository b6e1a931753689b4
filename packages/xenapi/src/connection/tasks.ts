/** Waits for tasks by their events (PROTOCOL section 4). */
import { DecodeError, TransportError, XenApiError } from '../errors.ts'
import type { TaskRecord } from '../generated/records.ts'
import type { Ref } from '../types.ts'
import { decodeFragment } from '../wire/decode.ts'
import type { XenConnection } from './connection.ts'

export interface TaskOptions {
  /** Cancels the task, as far as xapi can, and stops waiting. */
  signal?: AbortSignal
  /** From 0 to 1. */
  onProgress?: (progress: number) => void
}

/**
 * The value of a task's result: a string for a reference, a list for a set, undefined for void.
 * Throws what the task failed with, TASK_CANCELLED, or HANDLE_INVALID for a task that vanished.
 */
export async function taskValue(
  connection: XenConnection,
  task: Ref<'task'>,
  options: TaskOptions = {},
): Promise<unknown> {
  let record: TaskRecord
  try {
    record = await finished(connection, task, options)
  } catch (error) {
    if (options.signal?.aborted) void abandon(connection, task)
    throw error
  }
  // xapi keeps finished tasks for an hour, and only so many.
  connection.call('task.destroy', task).catch(() => undefined)
  return valueOf(task, record)
}

function valueOf(task: Ref<'task'>, record: TaskRecord): unknown {
  if (record.status === 'success') return decodeResult(record.result)
  const [code, ...params] = record.error_info
  if (code !== undefined) throw new XenApiError(code, params)
  if (record.status === 'cancelled') throw new XenApiError('TASK_CANCELLED', [task])
  throw new XenApiError('INTERNAL_ERROR', ['the task failed without saying why'])
}

/** `<value>…</value>`, or nothing for void; a client's own task may hold any text. */
function decodeResult(result: string): unknown {
  if (result === '') return undefined
  if (!result.startsWith('<')) return result
  try {
    const value = decodeFragment(result)
    return value === '' ? undefined : value
  } catch (error) {
    if (error instanceof DecodeError) return result
    throw error
  }
}

async function abandon(connection: XenConnection, task: Ref<'task'>): Promise<void> {
  try {
    await connection.call('task.cancel', task)
    await connection.call('task.destroy', task)
  } catch {
    // It has ended meanwhile, or cannot be cancelled: then it runs to its end.
  }
}

/** The record of the task once it is no longer pending. */
function finished(
  connection: XenConnection,
  task: Ref<'task'>,
  options: TaskOptions,
): Promise<TaskRecord> {
  const { signal, onProgress } = options
  return new Promise((resolve, reject) => {
    let progress = -1
    const look = (record: TaskRecord): void => {
      if (record.status !== 'pending' && record.status !== 'cancelling') {
        stop()
        resolve(record)
      } else if (record.progress !== progress) {
        progress = record.progress
        onProgress?.(progress)
      }
    }
    const fail = (error: unknown): void => {
      stop()
      reject(error)
    }
    const onAbort = (): void => fail(new TransportError('aborted', 'waiting for the task ended'))
    const unsubscribe = connection.store.subscribe((changes) => {
      const change = changes.findLast(({ class: cls, ref }) => cls === 'task' && ref === task)
      if (!change) return
      if (change.record) look(change.record as TaskRecord)
      else fail(new XenApiError('HANDLE_INVALID', ['task', task]))
    })
    const unwatch = connection.onStatus(({ phase }) => {
      if (phase === 'closed') fail(new TransportError('aborted', 'the connection was closed'))
    })
    function stop(): void {
      unsubscribe()
      unwatch()
      signal?.removeEventListener('abort', onAbort)
    }
    if (signal?.aborted) {
      onAbort()
      return
    }
    signal?.addEventListener('abort', onAbort)
    const known = connection.store.get('task', task)
    if (known) {
      look(known)
      return
    }
    // Its event is still to come, or came and went before anybody listened: only xapi knows.
    connection.call('task.get_record', task).then(look, (error: unknown) => {
      // A broken connection heals by itself, and the store then tells what became of the task.
      if (error instanceof XenApiError) fail(error)
    })
  })
}
