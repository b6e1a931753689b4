import * as z from 'zod/mini'
import { id, instant, operable, poolObject } from './common.ts'
import { hardware } from './vm.ts'

/** XenAPI `VM` with is_a_snapshot. */
export const snapshot = z.object({
  ...poolObject,
  ...operable,
  ...hardware,
  /** The VM it was taken of (snapshot_of); null once that VM is gone. */
  vmId: z.nullable(id),
  takenAt: instant,
  /** The snapshot before it in the tree; null at the root. */
  parentId: z.nullable(id),
  /** Taken with memory (a checkpoint): reverting leaves the VM suspended. */
  withMemory: z.boolean(),
})
export type Snapshot = z.infer<typeof snapshot>
