/** The time an operation takes: simulated seconds with moving progress, cancellable or not. */
import type { Call } from '../rpc/registry.ts'

export interface Span {
  /** Progress of the task when the work starts and ends, 0 … 1. */
  readonly from?: number
  readonly to?: number
  /** false: the work cannot be stopped half-way. */
  readonly cancellable?: boolean
}

/** Steps a long operation shows; a console redraws at most that often anyway. */
const STEPS_PER_SECOND = 2
const MAX_STEPS = 40

/**
 * Takes `seconds` of simulated time.
 * @throws XapiError TASK_CANCELLED when the task is cancelled during cancellable work
 */
export async function work(call: Call, seconds: number, span: Span = {}): Promise<void> {
  const { from = 0, to = 1, cancellable = true } = span
  const { pool, task } = call
  const steps = Math.min(MAX_STEPS, Math.max(1, Math.ceil(seconds * STEPS_PER_SECOND)))
  task.cancellable(cancellable)
  for (let step = 1; step <= steps; step++) {
    await pool.sleep(seconds / steps, cancellable ? task.signal : undefined)
    // Done is what the end of the task says, not the last step.
    task.progress(Math.min(0.99, from + ((to - from) * step) / steps))
  }
  task.cancellable(false)
}
