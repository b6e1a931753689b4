import * as z from 'zod/mini'
import { id, poolObject } from './common.ts'

/** XenAPI `pool`. */
export const pool = z.object({
  ...poolObject,
  /** The registered connection it comes through. */
  connectionId: id,
  /** False while the connection is lost: everything of this pool is as last seen. */
  live: z.boolean(),
  coordinatorId: z.nullable(id),
  defaultStorageId: z.nullable(id),
  suspendStorageId: z.nullable(id),
  haEnabled: z.boolean(),
  tags: z.array(z.string()),
})
export type Pool = z.infer<typeof pool>
