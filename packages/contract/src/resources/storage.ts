import * as z from 'zod/mini'
import { bytes, id, instant, operable, poolObject } from './common.ts'

/** XenAPI `SR`, joined with its PBDs. */
export const storage = z.object({
  ...poolObject,
  ...operable,
  /** SR.type: `nfs`, `lvmoiscsi`, `ext`, `lvm`, `iso`, … */
  type: z.string(),
  /** `user` for disks, `iso` for CD images, `disk` for physical devices. */
  contentType: z.string(),
  shared: z.boolean(),
  /** Bytes: capacity, used, and the sum of the disks' virtual sizes. */
  size: bytes,
  used: bytes,
  allocated: bytes,
  /** One a host that knows it (PBD). */
  hosts: z.array(z.object({ id, hostId: z.nullable(id), attached: z.boolean() })),
  /** The pool's own tools SR. */
  isTools: z.boolean(),
  tags: z.array(z.string()),
})
export type Storage = z.infer<typeof storage>

/** XenAPI `VDI`. */
export const disk = z.object({
  ...poolObject,
  ...operable,
  storageId: z.nullable(id),
  /** Bytes: what the guest sees, and what it takes on the storage. */
  size: bytes,
  used: bytes,
  /** VDI.type: `user`, `system`, `suspend`, `ha_statefile`, … */
  type: z.string(),
  isSnapshot: z.boolean(),
  snapshotOfId: z.nullable(id),
  takenAt: instant,
  readOnly: z.boolean(),
  shareable: z.boolean(),
  /** False for coalesce parents and the like, which screens hide. */
  managed: z.boolean(),
  missing: z.boolean(),
  /** VMs, templates and snapshots whose drives point here (VBDs). */
  usedBy: z.array(id),
  tags: z.array(z.string()),
})
export type Disk = z.infer<typeof disk>
