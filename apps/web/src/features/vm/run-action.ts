import type { BatchResult, InputOf, Task } from '@xendeck/contract'
import { batch, operate } from '../../api/client.ts'
import { live } from '../../api/live.ts'
import type { VmOperation } from './actions.ts'

/** Resolves with the task once it is over; with null where it vanished before its end was seen. */
export function taskEnd(taskId: string, signal?: AbortSignal): Promise<Task | null> {
  return new Promise((resolve) => {
    let seen = false
    const look = () => {
      const task = live.get('task', taskId)
      seen ||= task !== undefined
      if (task ? task.status === 'pending' : !seen) return
      unsubscribe()
      resolve(task ?? null)
    }
    const unsubscribe = live.onResource('task', taskId, look)
    signal?.addEventListener('abort', unsubscribe)
    look()
  })
}

/**
 * One VM: the reply tells whether it was accepted, the task whether it worked.
 * @throws {ApiRequestError} where it was not accepted
 * @throws the task's error where it failed
 */
export async function runOnOne<N extends VmOperation>(
  operation: N,
  id: string,
  input: InputOf<N>,
): Promise<void> {
  const { taskId } = await operate(operation, id, input)
  if (!taskId) return
  const task = await taskEnd(taskId)
  if (task?.error && task.status === 'failure') throw task.error
}

export interface TargetResult {
  id: string
  /** As it was called when it began: it may be gone now. */
  name: string
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'skipped'
  taskId: string | null
  /** An ApiError, a task's error or a refusal, for errorText. */
  error: unknown
}

/**
 * How many go out together. The server takes 500 (`POST /api/v1/batch`) but answers when the pool has accepted the last
 * of them: with fewer, results come in while the rest waits.
 */
const CHUNK = 25

/** Runs on many and reports every step; never throws. */
export async function runOnMany<N extends VmOperation>(
  operation: N,
  targets: readonly { id: string; name: string }[],
  input: InputOf<N>,
  report: (id: string, change: Partial<TargetResult>) => void,
): Promise<void> {
  for (let start = 0; start < targets.length; start += CHUNK) {
    const ids = targets.slice(start, start + CHUNK).map((target) => target.id)
    let results: BatchResult[]
    try {
      results = await batch(operation, ids, input)
    } catch (error) {
      for (const id of ids) report(id, { state: 'failed', error })
      continue
    }
    for (const result of results) follow(result, report)
  }
}

function follow(
  { id, ok, taskId, error }: BatchResult,
  report: (id: string, change: Partial<TargetResult>) => void,
): void {
  if (!ok) {
    report(id, { state: 'failed', error })
  } else if (taskId) {
    report(id, { state: 'running', taskId })
    void taskEnd(taskId).then((task) => {
      if (task?.status === 'failure') report(id, { state: 'failed', error: task.error })
      else report(id, { state: task?.status === 'cancelled' ? 'cancelled' : 'done' })
    })
  } else {
    report(id, { state: 'done' })
  }
}
