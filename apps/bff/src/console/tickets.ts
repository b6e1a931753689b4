import { randomBytes } from 'node:crypto'
import type { ConsoleProtocol, Subject } from '@xendeck/contract'
import { ApiFailure } from '../http/errors.ts'

const LIFETIME = 30_000
const PER_SESSION = 20

/** The right to open one console once. */
export interface Ticket {
  readonly sessionId: string
  readonly subject: Subject
  readonly vmId: string
  readonly poolId: string
  readonly protocol: ConsoleProtocol
  readonly expiresAt: Date
}

/** Tickets that have been given out and not used. They die with their session. */
export class Tickets {
  readonly #tickets = new Map<string, Ticket>()
  readonly #now: () => Date
  readonly #onSessionEnded: (sessionId: string, listener: () => void) => () => void
  readonly #stops = new Map<string, () => void>()

  constructor(
    now: () => Date,
    onSessionEnded: (sessionId: string, listener: () => void) => () => void,
  ) {
    this.#now = now
    this.#onSessionEnded = onSessionEnded
  }

  /** @throws ApiFailure TOO_MANY_REQUESTS */
  issue(ticket: Omit<Ticket, 'expiresAt'>): { ticket: string; expiresAt: Date } {
    this.#sweep()
    const open = [...this.#tickets.values()].filter(
      ({ sessionId }) => sessionId === ticket.sessionId,
    )
    if (open.length >= PER_SESSION) {
      throw new ApiFailure(
        'TOO_MANY_REQUESTS',
        'Too many consoles were asked for at once. Wait half a minute.',
        {
          retryAfter: LIFETIME / 1000,
        },
      )
    }
    const token = randomBytes(32).toString('base64url')
    const expiresAt = new Date(this.#now().getTime() + LIFETIME)
    this.#tickets.set(token, { ...ticket, expiresAt })
    this.#stops.set(
      token,
      this.#onSessionEnded(ticket.sessionId, () => this.#drop(token)),
    )
    return { ticket: token, expiresAt }
  }

  /** Uses the ticket up. undefined: unknown, used, expired, or of another session. */
  redeem(token: string, sessionId: string): Ticket | undefined {
    this.#sweep()
    const ticket = this.#tickets.get(token)
    if (ticket?.sessionId !== sessionId) return undefined
    this.#drop(token)
    return ticket
  }

  get size(): number {
    return this.#tickets.size
  }

  #sweep(): void {
    const now = this.#now()
    for (const [token, { expiresAt }] of this.#tickets) if (expiresAt <= now) this.#drop(token)
  }

  #drop(token: string): void {
    this.#tickets.delete(token)
    this.#stops.get(token)?.()
    this.#stops.delete(token)
  }
}
