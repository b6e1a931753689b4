/** One simulated pool: its data, its sessions, tasks and events, and the hosts that serve it. */
import { AuditLog } from './audit/audit.ts'
import type { Clock } from './clock.ts'
import type { Database } from './db/database.ts'
import { NULL_REF } from './db/database.ts'
import type { Events } from './events/events.ts'
import { Faults } from './faults.ts'
import type { Certificate } from './http/certificate.ts'
import { Routes } from './http/routes.ts'
import type { Messages } from './messages/messages.ts'
import type { Random } from './random.ts'
import type { Behaviour } from './rpc/registry.ts'
import { XapiError } from './rpc/errors.ts'
import type { Sessions } from './session/sessions.ts'
import type { Tasks } from './tasks/tasks.ts'

/** A host's listener; `start` opens the same port again after `stop`. */
export interface HostServer {
  readonly host: string
  /** Without brackets and port. */
  readonly ip: string
  /**
   * What HOST_IS_SLAVE tells: `127.0.0.2` where the hosts of the pool share one port, as the
   * addresses of real hosts do; else `127.0.0.1:8082`.
   */
  readonly address: string
  /** `http://127.0.0.2:8081` */
  readonly url: string
  readonly port: number
  /** Of a pool with TLS. */
  readonly certificate: Certificate | undefined
  start(): Promise<void>
  stop(): Promise<void>
}

export interface PoolParts {
  readonly db: Database
  readonly clock: Clock
  readonly random: Random
  readonly events: Events
  readonly tasks: Tasks
  readonly messages: Messages
  readonly sessions: Sessions
  readonly behaviours: readonly Behaviour[]
  readonly timeScale: number
}

export class Pool {
  readonly db: Database
  readonly clock: Clock
  readonly random: Random
  readonly events: Events
  readonly tasks: Tasks
  readonly messages: Messages
  readonly sessions: Sessions
  readonly behaviours: readonly Behaviour[]
  /** Simulated seconds last this many real ones; 0: nothing waits. */
  readonly timeScale: number
  readonly http = new Routes()
  readonly faults: Faults
  readonly audit: AuditLog
  readonly #servers = new Map<string, HostServer>()
  readonly #closed = new AbortController()

  constructor(parts: PoolParts) {
    this.db = parts.db
    this.clock = parts.clock
    this.random = parts.random
    this.events = parts.events
    this.tasks = parts.tasks
    this.messages = parts.messages
    this.sessions = parts.sessions
    this.behaviours = parts.behaviours
    this.timeScale = parts.timeScale
    this.faults = new Faults(this)
    this.audit = new AuditLog(parts.db, parts.clock)
  }

  /** Ref of the pool object. */
  get ref(): string {
    const [pool] = this.db.all('pool')
    return pool?.[0] ?? NULL_REF
  }

  /** Aborted when the pool closes. */
  get closed(): AbortSignal {
    return this.#closed.signal
  }

  /** Ref of the coordinator ("master"). */
  coordinator(): string {
    const master = this.db.get('pool', this.ref)?.['master']
    return typeof master === 'string' ? master : NULL_REF
  }

  /** @throws XapiError HANDLE_INVALID["host", ref] */
  promote(host: string): void {
    this.db.must('host', host)
    this.db.write('pool', this.ref, { master: host })
  }

  addServer(server: HostServer): void {
    this.#servers.set(server.host, server)
  }

  /** @throws XapiError HOST_OFFLINE[host] for a host that is not served */
  server(host: string): HostServer {
    const server = this.#servers.get(host)
    if (!server) throw new XapiError('HOST_OFFLINE', host)
    return server
  }

  get servers(): HostServer[] {
    return [...this.#servers.values()]
  }

  /** Where a host is reached, `127.0.0.2` or `127.0.0.1:8082`; of a host that is not served its recorded address. */
  hostAddress(host: string): string {
    return this.#servers.get(host)?.address ?? String(this.db.get('host', host)?.['address'] ?? '')
  }

  /** `http://127.0.0.2:8081`, no slash at the end. */
  hostUrl(host: string): string {
    return this.#servers.get(host)?.url ?? `https://${this.hostAddress(host)}`
  }

  /**
   * Waits so many simulated seconds.
   * @throws the signal's reason when it aborts, or an AbortError when the pool closes
   */
  async sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    const ms = seconds * 1000 * this.timeScale
    signal?.throwIfAborted()
    if (ms <= 0) return
    await new Promise<void>((resolve, reject) => {
      const signals = signal ? [signal, this.closed] : [this.closed]
      const stop = () => {
        clearTimeout(timer)
        for (const each of signals) each.removeEventListener('abort', abort)
      }
      const abort = () => {
        stop()
        reject(signal?.aborted ? signal.reason : this.closed.reason)
      }
      const timer = setTimeout(() => {
        stop()
        resolve()
      }, ms)
      for (const each of signals) each.addEventListener('abort', abort)
    })
  }

  /** Runs `action` every so many real seconds until the pool closes. */
  every(seconds: number, action: () => void): void {
    const timer = setInterval(action, seconds * 1000)
    timer.unref()
    this.closed.addEventListener('abort', () => clearInterval(timer), { once: true })
  }

  /** Runs the behaviours' `start`: call it once the data is there. */
  start(): void {
    for (const behaviour of this.behaviours) behaviour.start?.(this)
  }

  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return
    this.#closed.abort()
    for (const behaviour of this.behaviours) behaviour.stop?.(this)
    await Promise.all(this.servers.map((server) => server.stop()))
  }
}
