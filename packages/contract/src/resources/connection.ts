import * as z from 'zod/mini'
import { id, instant } from './common.ts'

export const connectionState = z.enum([
  'connecting',
  'connected',
  'reconnecting',
  'failed',
  'disconnected',
])

/**
 * A registered pool: where it is and how the connection to it fares. It has its own id, since a pool that was
 * never reached has no XenAPI uuid yet. Its credentials never leave the BFF.
 */
export const connection = z.object({
  id,
  /** The label given when it was registered; shown until the pool's own name is known. */
  label: z.string(),
  /** `https://host[:port]`, as entered. */
  address: z.string(),
  username: z.string(),
  /** SHA-256 of the pinned certificate, `AA:BB:…`; null where the certificate is verified by a CA, or for http. */
  fingerprint: z.nullable(z.string()),
  /** `configuration`: given at start, cannot be edited here. `console`: registered by a person. */
  origin: z.enum(['configuration', 'console']),
  state: connectionState,
  /** Why it is not connected, as an error code with parameters and the server's own words. */
  reason: z.nullable(
    z.object({ code: z.string(), params: z.array(z.string()), message: z.string() }),
  ),
  /** When the state began. */
  since: instant,
  /** Next attempt to connect by itself, while `reconnecting` or `failed`. */
  retryAt: instant,
  /** The XenAPI pool behind it, once it has been reached. */
  poolId: z.nullable(id),
})
export type Connection = z.infer<typeof connection>
export type ConnectionState = z.infer<typeof connectionState>
