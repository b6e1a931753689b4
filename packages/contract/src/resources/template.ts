import * as z from 'zod/mini'
import { operable, poolObject } from './common.ts'
import { hardware } from './vm.ts'

/**
 * XenAPI `VM` with is_a_template and not is_a_snapshot. Templates shipped with the product can carry the same uuid
 * in every pool, so the id of a default template is `<pool uuid>.<uuid>`.
 */
export const template = z.object({
  ...poolObject,
  ...operable,
  ...hardware,
  /** Shipped with the product (VM.is_default_template). */
  isDefault: z.boolean(),
})
export type Template = z.infer<typeof template>
