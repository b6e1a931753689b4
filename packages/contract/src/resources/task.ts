import * as z from 'zod/mini'
import { id, instant } from './common.ts'

export const taskStatus = z.enum(['pending', 'success', 'failure', 'cancelled'])

/** Long work: a XenAPI `task`, whoever started it, with what the console knows beside it. */
export const task = z.object({
  id,
  poolId: z.nullable(id),
  /** Operation name where the console started it (`vm.start`), else null. */
  operation: z.nullable(z.string()),
  /** XenAPI's name: `Async.VM.start`. */
  name: z.string(),
  description: z.string(),
  status: taskStatus,
  /** 0 to 1. */
  progress: z.number(),
  createdAt: instant,
  finishedAt: instant,
  /** What it works on, where that is known. */
  target: z.nullable(z.object({ kind: z.string(), id, name: z.string() })),
  hostId: z.nullable(id),
  /** Display name of the person who started it here; null for work started elsewhere. */
  startedBy: z.nullable(z.string()),
  cancellable: z.boolean(),
  error: z.nullable(
    z.object({ code: z.string(), params: z.array(z.string()), message: z.string() }),
  ),
})
export type Task = z.infer<typeof task>
export type TaskStatus = z.infer<typeof taskStatus>
