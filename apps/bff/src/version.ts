import { createRequire } from 'node:module'
import * as z from 'zod'

const read: unknown = createRequire(import.meta.url)('../package.json')

/** Of this release. */
export const { version } = z.object({ version: z.string() }).parse(read)
