import { isPermitted, type Permission, type Subject } from '@xendeck/contract'
import type { Logger } from 'pino'
import type { Audit, AuditEntry } from '../audit/audit.ts'
import type { Config } from '../config.ts'
import type { Clock } from '../context.ts'
import { ApiFailure } from '../http/errors.ts'
import type { Store } from '../store/store.ts'
import { findAccount, type Account } from './accounts.ts'
import { readCookie } from './cookie.ts'
import { defaultCost, hashPassword, isPasswordRight, type PasswordCost } from './passwords.ts'
import { SessionListeners } from './session-listeners.ts'
import { Sessions } from './sessions.ts'
import { addressKey, Throttle } from './throttle.ts'
import { Turns } from './turns.ts'
import type { Access, Attempt, Scope } from './types.ts'

interface Parts {
  readonly config: Pick<Config, 'secure' | 'basePath'>
  readonly store: Store
  readonly audit: Audit
  readonly log: Logger
  readonly clock: Clock
  /** Tests take a cheaper one. */
  readonly cost?: PasswordCost
}

const second = 1000
const sweepEvery = 60 * second
/** Wrong passwords for one account, from anywhere. A right one does not count, and opens the door in between. */
const accountLimits = { burst: 10, refill: 30 * second, keys: 10_000 }
/** Wrong passwords from one address, for any account. */
const addressLimits = { burst: 20, refill: 6 * second, keys: 10_000 }
/**
 * Passwords being hashed: each holds 32 MiB and, for some 100 ms, one of the four threads that files, names of hosts
 * and compression need too.
 */
const hashing = { atOnce: 2, waiting: 30 }

/** Local accounts: sign-in, sessions in the store, the permission check. */
export async function createAccess(parts: Parts): Promise<Access> {
  const { config, store, audit, log, clock, cost = defaultCost } = parts
  const sessions = new Sessions(store, clock)
  const listeners = new SessionListeners()
  const byAccount = new Throttle(accountLimits)
  const byAddress = new Throttle(addressLimits)
  // Compared with where there is no such account, so that it takes as long as a wrong password.
  const nobody = await hashPassword('', cost)
  const turns = new Turns(hashing)

  async function isRight(password: string, account: Account | undefined): Promise<boolean> {
    const right = turns.take(() => isPasswordRight(password, account?.password_hash ?? nobody))
    if (!right) throw tooMany(second)
    return (await right) && account !== undefined
  }

  /** Counts the attempt before the password is looked at, so that many at once count too. */
  async function tryPassword(
    name: string,
    password: string,
    account: Account | undefined,
    from: string,
  ): Promise<boolean> {
    const now = clock.now().getTime()
    const accountName = name.normalize('NFKC').toLowerCase().slice(0, 200)
    const address = addressKey(from)
    const wait = Math.max(byAccount.take(accountName, now), byAddress.take(address, now))
    if (wait > 0) throw tooMany(wait)
    const right = await isRight(password, account)
    if (right) {
      byAccount.giveBack(accountName, now)
      byAddress.giveBack(address, now)
    }
    return right
  }

  function record(
    action: string,
    result: string,
    who: Pick<AuditEntry, 'userId' | 'userName'>,
    { from, requestId }: Attempt,
  ): Promise<void> {
    return audit.append({ ...who, from, action, target: null, poolId: null, result, requestId })
  }

  const access: Access = {
    async authenticate(request) {
      const token = readCookie(config, request)
      return token === undefined ? null : await sessions.find(token)
    },

    authorize(subject: Subject, permission: Permission, scope?: Scope) {
      if (isPermitted(subject, permission, scope?.poolId)) return
      throw new ApiFailure('FORBIDDEN', 'Your role does not allow this.', { params: [permission] })
    },

    onSessionEnded: (sessionId, listener) => listeners.add(sessionId, listener),

    async signIn(input, attempt) {
      const account = await findAccount(store, input.username)
      // What is typed where no account is found may be a password that slipped into the wrong field: not kept.
      const who = { userId: account?.id ?? null, userName: account?.name ?? '(unknown)' }
      const right = await tryPassword(input.username, input.password, account, attempt.from)
      if (!right || !account) {
        await record('session.signIn', 'SIGN_IN_FAILED', who, attempt)
        throw new ApiFailure('SIGN_IN_FAILED', 'The user name or the password is wrong.')
      }
      const opened = await sessions.open(account.id, attempt.from)
      await record('session.signIn', 'ok', who, attempt)
      return opened
    },

    async signOut(session, attempt) {
      await sessions.end(session.id)
      listeners.end(session.id)
      await record('session.signOut', 'ok', whoIs(session.subject), attempt)
    },

    async changePassword(session, { current, next }, attempt) {
      const { subject } = session
      const account = await findAccount(store, subject.name)
      if (!(await tryPassword(subject.name, current, account, attempt.from)) || !account) {
        await record('session.changePassword', 'SIGN_IN_FAILED', whoIs(subject), attempt)
        throw new ApiFailure('SIGN_IN_FAILED', 'The current password is wrong.', {
          status: 403,
          fields: { current: 'wrong' },
        })
      }
      if (current === next) {
        throw new ApiFailure(
          'INVALID_INPUT',
          'The new password must differ from the current one.',
          {
            fields: { next: 'the same as the current one' },
          },
        )
      }
      const hash = turns.take(() => hashPassword(next, cost))
      if (!hash) throw tooMany(second)
      await store.db
        .updateTable('accounts')
        .set({
          password_hash: await hash,
          must_change_password: 0,
          updated_at: clock.now().toISOString(),
        })
        .where('id', '=', account.id)
        .execute()
      const rotated = await sessions.rotate(session.id)
      for (const id of await sessions.endOthers(account.id, session.id)) listeners.end(id)
      await record('session.changePassword', 'ok', whoIs(subject), attempt)
      return rotated
    },

    async sweep() {
      await sessions.sweep()
      // Also those that ended elsewhere: on another BFF, or by the password reset.
      const open = await sessions.stillOpen(listeners.sessionIds)
      for (const id of listeners.sessionIds) if (!open.has(id)) listeners.end(id)
    },

    close() {
      clearInterval(timer)
    },
  }

  const timer = setInterval(() => {
    access.sweep().catch((error: unknown) => log.error({ err: error }, 'session sweep failed'))
  }, sweepEvery)
  timer.unref()
  return access
}

function whoIs(subject: Subject): Pick<AuditEntry, 'userId' | 'userName'> {
  return { userId: subject.userId, userName: subject.name }
}

/** `wait` in ms. */
function tooMany(wait: number): ApiFailure {
  const retryAfter = Math.ceil(wait / second)
  return new ApiFailure('TOO_MANY_ATTEMPTS', `Too many attempts. Try again in ${retryAfter} s.`, {
    params: [String(retryAfter)],
    retryAfter,
  })
}
