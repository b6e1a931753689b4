import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../context.ts'
import type { Store } from '../store/store.ts'
import { subjectOf } from './accounts.ts'
import type { ActiveSession, NewSession } from './types.ts'

const minute = 60_000
const hour = 60 * minute
/** A session ends when nothing was asked for so long. Open sockets alone do not keep it: nobody may be looking. */
export const idleLimit = 12 * hour
/** A session ends in any case. */
export const absoluteLimit = 7 * 24 * hour
/** `last_seen_at` is written at most this often: reading the inventory should not write to the disk each time. */
const seenEvery = minute
/** Of one account; the oldest makes room. */
const sessionsPerAccount = 50

function makeToken(): string {
  return randomBytes(32).toString('base64url')
}

/** The token has 256 random bits: a plain hash is enough, nothing can be guessed from it. */
function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** The sessions of the store. */
export class Sessions {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  async open(accountId: string, address: string): Promise<NewSession> {
    const now = this.#clock.now()
    const token = makeToken()
    const id = randomUUID()
    await this.#store.db
      .insertInto('sessions')
      .values({
        id,
        token_hash: hashToken(token),
        account_id: accountId,
        csrf_token: makeToken(),
        created_at: now.toISOString(),
        last_seen_at: now.toISOString(),
        expires_at: new Date(now.getTime() + absoluteLimit).toISOString(),
        address,
      })
      .execute()
    await this.#dropOldest(accountId, id)
    return { session: await this.#need(id), token }
  }

  /** The session that `token` opens; null where there is none or it is over. */
  async find(token: string): Promise<ActiveSession | null> {
    return await this.#read('token_hash', hashToken(token))
  }

  /** A new token and a new CSRF token for the same session: what was known before opens nothing. */
  async rotate(id: string): Promise<NewSession> {
    const token = makeToken()
    await this.#store.db
      .updateTable('sessions')
      .set({ token_hash: hashToken(token), csrf_token: makeToken() })
      .where('id', '=', id)
      .execute()
    return { session: await this.#need(id), token }
  }

  async end(id: string): Promise<void> {
    await this.#store.db.deleteFrom('sessions').where('id', '=', id).execute()
  }

  /** Ends all of the account but `exceptId`; returns their ids. */
  async endOthers(accountId: string, exceptId: string): Promise<string[]> {
    const ended = await this.#store.db
      .deleteFrom('sessions')
      .where('account_id', '=', accountId)
      .where('id', '!=', exceptId)
      .returning('id')
      .execute()
    return ended.map((row) => row.id)
  }

  /** Forgets what is over. */
  async sweep(): Promise<void> {
    const now = this.#clock.now()
    const idleSince = new Date(now.getTime() - idleLimit).toISOString()
    await this.#store.db
      .deleteFrom('sessions')
      .where((row) =>
        row.or([row('expires_at', '<=', now.toISOString()), row('last_seen_at', '<=', idleSince)]),
      )
      .execute()
  }

  /** Which of `ids` are still there. */
  async stillOpen(ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set()
    const rows = await this.#store.db
      .selectFrom('sessions')
      .select('id')
      .where('id', 'in', ids)
      .execute()
    return new Set(rows.map((row) => row.id))
  }

  async #need(id: string): Promise<ActiveSession> {
    const session = await this.#read('id', id)
    if (!session) throw new Error('a session ended while it was being opened')
    return session
  }

  async #read(column: 'id' | 'token_hash', value: string): Promise<ActiveSession | null> {
    const row = await this.#store.db
      .selectFrom('sessions')
      .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
      .select([
        'sessions.id as session_id',
        'sessions.csrf_token',
        'sessions.last_seen_at',
        'sessions.expires_at',
        'accounts.id',
        'accounts.name',
        'accounts.role',
        'accounts.must_change_password',
      ])
      .where(`sessions.${column}`, '=', value)
      .executeTakeFirst()
    if (!row) return null
    const now = this.#clock.now().getTime()
    const lastSeen = Date.parse(row.last_seen_at)
    const ends = Date.parse(row.expires_at)
    if (now >= ends || now >= lastSeen + idleLimit) return null
    if (now - lastSeen >= seenEvery) await this.#seen(row.session_id, now)
    return {
      id: row.session_id,
      subject: subjectOf(row),
      mustChangePassword: row.must_change_password !== 0,
      csrfToken: row.csrf_token,
      expiresAt: new Date(Math.min(ends, now + idleLimit)),
    }
  }

  async #seen(id: string, now: number): Promise<void> {
    await this.#store.db
      .updateTable('sessions')
      .set({ last_seen_at: new Date(now).toISOString() })
      .where('id', '=', id)
      .execute()
  }

  async #dropOldest(accountId: string, newest: string): Promise<void> {
    const kept = this.#store.db
      .selectFrom('sessions')
      .select('id')
      .where('account_id', '=', accountId)
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(sessionsPerAccount)
    await this.#store.db
      .deleteFrom('sessions')
      .where('account_id', '=', accountId)
      .where('id', 'not in', kept)
      .where('id', '!=', newest)
      .execute()
  }
}
