/**
 * The pool's audit log, `GET /audit_log`: who called what that changes something, and whether the
 * role allowed it (xapi/rbac_audit.ml). xapi keeps it in files; here the newest lines are kept.
 */
import { createHash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { fromIso } from '../clock.ts'
import type { Database, Value } from '../db/database.ts'
import { stream } from '../http/stream.ts'
import type { Message } from '../model/model.ts'
import type { Behaviour } from '../rpc/registry.ts'
import type { Session } from '../session/sessions.ts'

/** Some hundred bytes each. */
const MAX_LINES = 5000
const READS = /^(get_|assert_|compute_|query_|can_|is_|retrieve_)/
/** Calls that every client makes all the time, or that carry secrets. */
const UNLISTED = new Set(['session', 'event', 'task'])

interface Line {
  readonly time: number
  readonly text: string
}

export interface Audited {
  readonly session: Session
  readonly message: Message
  readonly values: readonly Value[]
  readonly allowed: boolean
  /** The code of the failure; undefined: OK. */
  readonly error?: string | undefined
}

export class AuditLog {
  readonly #db: Database
  readonly #clock: Clock
  #lines: Line[] = []

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  record({ session, message, values, allowed, error }: Audited): void {
    if (READS.test(message.name) || UNLISTED.has(message.cls)) return
    const time = this.#clock.now()
    const trackid = createHash('md5').update(session.ref).digest('hex')
    const host = String(this.#db.get('host', session.host)?.['hostname'] ?? '')
    const user = session.root ? 'LOCAL_SUPERUSER' : session.account.name
    const words = [
      `trackid=${trackid}`,
      user,
      session.sid,
      allowed ? 'ALLOWED' : 'DENIED',
      error === undefined ? 'OK' : `ERROR:${error}`,
      'API',
      message.method,
    ]
    const stamp = new Date(time).toISOString().replaceAll('-', '')
    const text = `[${stamp}|audit|${host}|0 ||audit] (${words.map(quoted).join(' ')} (${this.#objects(message, values)}))\n`
    this.#lines.push({ time, text })
    if (this.#lines.length > MAX_LINES) this.#lines = this.#lines.slice(-MAX_LINES / 2)
  }

  *since(time: number): Generator<string> {
    for (const line of this.#lines) if (line.time >= time) yield line.text
  }

  /** What the call is about: parameter, name, uuid and ref of every object it was given. */
  #objects(message: Message, values: readonly Value[]): string {
    const found: string[] = []
    for (const [index, { name, type }] of message.params.entries()) {
      if (type.kind !== 'ref') continue
      const ref = String(values[index])
      const row = this.#db.get(type.name, ref)
      const words = [name, row?.['name_label'] ?? '', row?.['uuid'] ?? '', ref].map(String)
      found.push(`(${words.map(quoted).join(' ')})`)
    }
    return found.join(' ')
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', ' ')}'`
}

/** The route; the reply ends with the connection (recording 357). */
export const auditLog: Behaviour = {
  start(pool) {
    pool.http.route(
      'GET',
      '/audit_log',
      async ({ query }, response) => {
        const since = query.get('since') ?? ''
        const time = since === '' ? 0 : fromIso(since)
        const socket = response.takeOver()
        socket.write(
          'HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nCache-Control: no-cache, no-store\r\ncontent-type: text/plain\r\n\r\n',
        )
        await stream(socket, pool.audit.since(Number.isNaN(time) ? 0 : time))
      },
      { label: 'get_audit_log', action: 'get_audit_log' },
    )
  },
}
