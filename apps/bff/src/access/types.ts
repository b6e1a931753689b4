import type { IncomingMessage } from 'node:http'
import type { Permission, Subject } from '@xendeck/contract'

/** Where a permission is asked for. Without a pool: whether the role has it at all. */
export interface Scope {
  /** XenAPI uuid of the pool that holds the object. */
  readonly poolId?: string | null
}

/** A signed-in caller, as every route, socket and operation gets it. */
export interface ActiveSession {
  /** Names the session in logs, sockets and the audit; it is not the token and opens nothing. */
  readonly id: string
  readonly subject: Subject
  /** Until the password is changed only what needs `account.self` answers. */
  readonly mustChangePassword: boolean
  readonly csrfToken: string
  readonly expiresAt: Date
}

/** The one permission check of the console, and who is behind a request. */
export interface Access {
  /** Whose session cookie `request` carries; null where there is none or it has ended. */
  authenticate(request: Pick<IncomingMessage, 'headers'>): Promise<ActiveSession | null>
  /** @throws ApiFailure FORBIDDEN */
  authorize(subject: Subject, permission: Permission, scope?: Scope): void
  /**
   * Calls `listener` once when the session ends: signed out, expired, password changed. Returns what stops listening;
   * a socket must call it when it closes.
   */
  onSessionEnded(sessionId: string, listener: () => void): () => void
}
