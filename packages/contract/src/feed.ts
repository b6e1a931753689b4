import type { Kind, Resource } from './resources/index.ts'

/**
 * A point in the inventory's history: `<epoch>.<n>`. An epoch is one run of the BFF; n grows with every batch of
 * changes. Opaque to clients.
 */
export type Revision = string

export type ByKind = { [K in Kind]?: Resource<K>[] }
export type IdsByKind = { [K in Kind]?: string[] }

/** `GET /api/v1/inventory[?kinds=vm,host]` */
export interface Inventory {
  revision: Revision
  resources: ByKind
}

/**
 * Server → client on `GET /api/v1/feed?revision=R`: first one `hello`, then what changed since R, then live.
 * `put` carries whole resources in their latest state, so applying a message twice does no harm.
 * `reset`: R is of another epoch or too old; fetch the inventory again.
 */
export type FeedMessage =
  | { hello: { revision: Revision; now: string } }
  | { reset: true }
  | { revision: Revision; put?: ByKind; remove?: IdsByKind }
  | { signedOut: true }

/** WebSocket close codes of feed and consoles (RFC 6455: 4000–4999 are the application's). */
export const closeCodes = {
  /** The BFF is shutting down: come back soon. */
  GOING_AWAY: 1001,
  SESSION_ENDED: 4401,
  FORBIDDEN: 4403,
  NOT_FOUND: 4404,
  /** The client sent something that it may not. */
  PROTOCOL: 4400,
  /** Nothing was heard from the client for too long. */
  TIMED_OUT: 4408,
  /** Consoles: the VM stopped, was suspended, or is being restarted. */
  VM_STOPPED: 4410,
  /** Consoles: the VM moved to another host; ask for a new ticket. */
  VM_MIGRATED: 4411,
  /** Consoles: the pool ended our XenAPI session. */
  POOL_SESSION_LOST: 4412,
  /** Consoles: the pool's or the BFF's limit of console sessions. */
  LIMIT_REACHED: 4429,
  /** Consoles: the host closed or refused the connection. */
  CONSOLE_LOST: 4502,
  POOL_UNREACHABLE: 4503,
} as const
export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes]
