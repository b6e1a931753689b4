/** A pool of records behind a FakeXapi: sessions, event.from with tokens, tasks. */
import { XenApiError } from '../errors.ts'
import { FakeXapi } from './fake-xapi.ts'
import type { FakeOptions, Method, Value } from './fake-xapi.ts'

interface FakeEvent {
  readonly generation: number
  readonly class: string
  readonly operation: 'add' | 'mod' | 'del'
  readonly ref: string
}

type FakeRecord = Record<string, Value>

export class FakePool {
  readonly records = new Map<string, Map<string, FakeRecord>>()
  readonly sessions = new Set<string>()
  generation = 100
  password = 'secret-word'
  /** Events that are never told, as when xapi has forgotten a deletion. */
  silent = false
  #events: FakeEvent[] = []
  #waiting: (() => void)[] = []
  #sessions = 0

  /** The tables of a request's database, which counts only what it holds. */
  put(cls: string, ref: string, record: FakeRecord): void {
    const table = this.records.get(cls) ?? new Map<string, FakeRecord>()
    this.records.set(cls, table)
    this.#tell({ class: cls, operation: table.has(ref) ? 'mod' : 'add', ref })
    table.set(ref, record)
  }

  remove(cls: string, ref: string): void {
    this.records.get(cls)?.delete(ref)
    this.#tell({ class: cls, operation: 'del', ref })
  }

  endSessions(): void {
    this.sessions.clear()
    this.wake()
  }

  wake(): void {
    for (const resume of this.#waiting.splice(0)) resume()
  }

  #tell(event: Omit<FakeEvent, 'generation'>): void {
    this.generation++
    if (!this.silent) this.#events.push({ ...event, generation: this.generation })
    this.wake()
  }

  /** Forgets what happened, as a xapi that starts again does. */
  forget(): void {
    this.#events = []
  }

  check(session: string | undefined): void {
    if (session === undefined || !this.sessions.has(session)) {
      throw new XenApiError('SESSION_INVALID', [session ?? ''])
    }
  }

  get methods(): Record<string, Method> {
    return {
      'session.login_with_password': ([user = '', password]) => {
        if (password !== this.password) {
          throw new XenApiError('SESSION_AUTHENTICATION_FAILED', [user, `no ${password}`])
        }
        const session = `OpaqueRef:session-${++this.#sessions}`
        this.sessions.add(session)
        return session
      },
      'session.logout': ([session = '']) => {
        this.check(session)
        this.sessions.delete(session)
        return ''
      },
      'event.from': async ([session, token = '']) => {
        this.check(session)
        const since = token === '' ? -1 : Number(token.split(',')[0])
        if (since >= 0 && !this.#pending(since)) {
          await new Promise<void>((resolve) => {
            this.#waiting.push(resolve)
          })
          this.check(session)
        }
        return this.#batch(since)
      },
      'VM.get_all_records': ([session]) => {
        this.check(session)
        return Object.fromEntries(this.records.get('VM') ?? [])
      },
      'VM.get_name_label': ([session, ref = '']) => {
        this.check(session)
        const record = this.records.get('VM')?.get(ref)
        if (!record) throw new XenApiError('HANDLE_INVALID', ['VM', ref])
        return record['name_label'] ?? ''
      },
      'task.get_record': ([session, ref = '']) => {
        this.check(session)
        const record = this.records.get('task')?.get(ref)
        if (!record) throw new XenApiError('HANDLE_INVALID', ['task', ref])
        return record
      },
      'task.destroy': ([session, ref = '']) => {
        this.check(session)
        this.remove('task', ref)
        return ''
      },
      'task.cancel': ([session]) => {
        this.check(session)
        return ''
      },
    }
  }

  #pending(since: number): boolean {
    return this.#events.some((event) => event.generation > since)
  }

  #batch(since: number): Value {
    const events: Value[] = []
    if (since < 0) {
      for (const [cls, table] of this.records) {
        for (const [ref, snapshot] of table) events.push(eventOf(cls, 'add', ref, snapshot))
      }
    } else {
      for (const event of this.#events.filter(({ generation }) => generation > since)) {
        const snapshot = this.records.get(event.class)?.get(event.ref)
        if (event.operation === 'del' || snapshot) {
          events.push(eventOf(event.class, event.operation, event.ref, snapshot))
        }
      }
    }
    const counts = [...this.records].map(([cls, table]) => [cls.toLowerCase(), table.size])
    return {
      events,
      valid_ref_counts: Object.fromEntries(counts),
      token: `${String(this.generation).padStart(20, '0')},${'0'.repeat(20)}`,
    }
  }
}

function eventOf(
  cls: string,
  operation: string,
  ref: string,
  snapshot: FakeRecord | undefined,
): Value {
  const event = { id: '1', timestamp: '0.0', class: cls.toLowerCase(), operation, ref }
  return operation === 'del' || !snapshot ? event : { ...event, snapshot }
}

export async function servePool(
  pool: FakePool,
  options: Partial<FakeOptions> & { port?: number } = {},
): Promise<FakeXapi> {
  return new FakeXapi({ ...options, methods: { ...pool.methods, ...options.methods } }).listen(
    options.port,
  )
}

/** Waits for a condition; fails after five seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 5000
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain for: ${what}`)
    await new Promise((resolve) => void setTimeout(resolve, 5))
  }
}
