import * as z from 'zod/mini'

/** A resource's id: the XenAPI uuid of the object, except for default templates (see {@link ./template.ts}). */
export const id = z.string().check(z.minLength(1), z.maxLength(120))

/** Bytes; null where the pool does not know (XenAPI says −1). */
export const bytes = z.nullable(z.number())

/** ISO 8601 in UTC; null for XenAPI's epoch, which means "never". */
export const instant = z.nullable(z.string())

/** What every object of a pool has. `poolId` is the uuid of the XenAPI pool. */
export const poolObject = {
  id,
  poolId: id,
  name: z.string(),
  description: z.string(),
}

/** XenAPI's view of what may be done now and what is being done: `VM.allowed_operations`, `VM.current_operations`. */
export const operable = {
  /** XenAPI operation names (enum `vm_operations` and so on) that the pool would accept now. */
  allowed: z.array(z.string()),
  /** Running XenAPI operations, with the task's id where it is known. */
  current: z.array(z.object({ operation: z.string(), taskId: z.nullable(z.string()) })),
}

/** A virtual drive of a VM, template or snapshot (XenAPI VBD). */
export const drive = z.object({
  id,
  /** `disk`, `cd` or `floppy` (VBD.type). */
  type: z.enum(['disk', 'cd', 'floppy']),
  /** Position on the VM's bus, e.g. `0` (VBD.userdevice). */
  position: z.string(),
  /** Name in the guest while attached, e.g. `xvda`; empty otherwise. */
  device: z.string(),
  /** The disk or CD image; null for an empty CD drive. */
  diskId: z.nullable(id),
  attached: z.boolean(),
  bootable: z.boolean(),
  readOnly: z.boolean(),
})
export type Drive = z.infer<typeof drive>
