/** Sessions and local accounts (PROTOCOL section 2). Session rows are in the database but make no events. */
import { randomUUID, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { NULL_REF } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'

/** A simulated account. `root` is the superuser; others are subjects with a role. */
export interface Account {
  readonly name: string
  password: string
  /** Name of a role; undefined: the local superuser, whom RBAC does not touch. */
  readonly role?: string
}

export interface Session {
  readonly ref: string
  readonly account: Account
  readonly host: string
  readonly root: boolean
  readonly subject: string
  /** Identifier of the account; empty for root, as in xapi. */
  readonly sid: string
  readonly ended: AbortSignal
}

/** How many local sessions are kept; the oldest give way. */
const MAX_LOCAL = 100

interface Live extends Session {
  readonly abort: AbortController
  touched: number
}

/** xapi refreshes last_active at most this often (xapi_globs.ml:728), ms. */
const REFRESH = 600_000
const MAX_INACTIVE = 24 * 3600 * 1000
/** Sessions of one originator, or of one user that is not root. */
const MAX_PER_GROUP = 500
const MAX_ANONYMOUS = 400

export class Sessions {
  readonly accounts = new Map<string, Account>()
  readonly #db: Database
  readonly #clock: Clock
  readonly #live = new Map<string, Live>()
  /** Known to their host only: no rows of the pool's database. */
  readonly #local = new Map<string, { session: Session; abort: AbortController }>()

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  authenticate(name: string, password: string): Account | undefined {
    const account = this.accounts.get(name)
    const given = Buffer.from(password)
    const wanted = Buffer.from(account?.password ?? '')
    if (!account || given.length !== wanted.length || !timingSafeEqual(given, wanted))
      return undefined
    return account
  }

  create(account: Account, host: string, originator: string, subject = NULL_REF): Session {
    const root = account.role === undefined
    const sid = root ? '' : `sid-${account.name}`
    const now = this.#clock.iso()
    const ref = this.#db.create('session', {
      this_host: host,
      this_user: NULL_REF,
      last_active: now,
      pool: false,
      is_local_superuser: root,
      subject,
      validation_time: now,
      auth_user_sid: sid,
      auth_user_name: account.name,
      parent: NULL_REF,
      originator,
      client_certificate: false,
    })
    const abort = new AbortController()
    const session = {
      ref,
      account,
      host,
      root,
      subject,
      sid,
      ended: abort.signal,
      abort,
      touched: this.#clock.now(),
    }
    this.#live.set(ref, session)
    this.#limit(session, originator)
    return session
  }

  /** A session of one host, for calls about that host only. */
  createLocal(account: Account, host: string): Session {
    const ref = `OpaqueRef:${randomUUID()}`
    const abort = new AbortController()
    const session: Session = {
      ref,
      account,
      host,
      root: true,
      subject: NULL_REF,
      sid: '',
      ended: abort.signal,
    }
    this.#local.set(ref, { session, abort })
    const [oldest] = this.#local.keys()
    if (this.#local.size > MAX_LOCAL && oldest !== undefined) this.destroy(oldest)
    return session
  }

  /** For calls that local sessions may make: one of this host, or any of the pool. @throws XapiError SESSION_INVALID[ref] */
  mustLocal(ref: string, host: string): Session {
    const local = this.#local.get(ref)?.session
    return local?.host === host ? local : this.must(ref)
  }

  /** @throws XapiError SESSION_INVALID[ref] */
  must(ref: string): Session {
    const session = this.#live.get(ref)
    if (!session) throw new XapiError('SESSION_INVALID', ref)
    const now = this.#clock.now()
    if (now - session.touched > REFRESH) {
      session.touched = now
      this.#db.write('session', ref, { last_active: this.#clock.iso() })
    }
    return session
  }

  destroy(ref: string): void {
    const local = this.#local.get(ref)
    if (this.#local.delete(ref)) local?.abort.abort(new XapiError('SESSION_INVALID', ref))
    const session = this.#live.get(ref)
    if (!session) return
    this.#live.delete(ref)
    this.#db.destroy('session', ref)
    session.abort.abort(new XapiError('SESSION_INVALID', ref))
  }

  all(): Session[] {
    return [...this.#live.values()]
  }

  /** Ends sessions unused for 24 h; one pass of xapi's GC. */
  collect(): void {
    const now = this.#clock.now()
    for (const session of this.#live.values()) {
      if (now - session.touched > MAX_INACTIVE) this.destroy(session.ref)
    }
  }

  // Oldest first, sessions with an unfinished task spared (db_gc_util.ml:474-627).
  #limit(session: Live, originator: string): void {
    const group = (live: Live) =>
      live.root
        ? `originator ${String(this.#db.get('session', live.ref)?.['originator'])}`
        : `user ${live.account.name}`
    const name = group(session)
    const members = [...this.#live.values()].filter((live) => group(live) === name)
    const max = session.root && originator === '' ? MAX_ANONYMOUS : MAX_PER_GROUP
    for (const live of members.slice(0, Math.max(0, members.length - max))) {
      const tasks = this.#db.get('session', live.ref)?.['tasks']
      if (!Array.isArray(tasks) || tasks.length === 0) this.destroy(live.ref)
    }
  }
}
