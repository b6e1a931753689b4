import type { IncomingMessage } from 'node:http'
import type { PasswordChangeInput, Permission, SignInInput, Subject } from '@xendeck/contract'

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

/** Somebody who wants to sign in or to change their password, and from where. */
export interface Attempt {
  /** Address of the caller. */
  readonly from: string
  readonly requestId: string
}

/** A session as the caller gets it once: the token goes into the cookie and is not kept. */
export interface NewSession {
  readonly session: ActiveSession
  readonly token: string
}

/** Who is behind a request, and the one permission check of the console. */
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
  /** @throws ApiFailure SIGN_IN_FAILED, TOO_MANY_ATTEMPTS */
  signIn(input: SignInInput, attempt: Attempt): Promise<NewSession>
  signOut(session: ActiveSession, attempt: Attempt): Promise<void>
  /**
   * The session goes on under a new token; the others of the account end.
   * @throws ApiFailure SIGN_IN_FAILED where `current` is wrong, INVALID_INPUT, TOO_MANY_ATTEMPTS
   */
  changePassword(
    session: ActiveSession,
    input: PasswordChangeInput,
    attempt: Attempt,
  ): Promise<NewSession>
  /** Forgets sessions that are over and tells their sockets. Runs every minute by itself. */
  sweep(): Promise<void>
  close(): void
}
