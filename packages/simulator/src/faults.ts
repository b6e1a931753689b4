/** Trouble on demand, for tests of clients. */
import type { Pool } from './pool.ts'
import { XapiError } from './rpc/errors.ts'

interface Planned {
  readonly kind: 'delay' | 'fail' | 'malformed'
  /** Wire name without `Async.`, or `*`. */
  readonly method: string
  readonly seconds: number
  readonly error: XapiError | undefined
  times: number
}

export class Faults {
  readonly #pool: Pool
  #planned: Planned[] = []

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** The next `times` calls take so much longer; real seconds, not scaled. */
  delay(method: string, seconds: number, times = 1): void {
    this.#planned.push({ kind: 'delay', method, seconds, error: undefined, times })
  }

  /** The next `times` calls fail instead of running. */
  fail(method: string, code: string, params: string[] = [], times = 1): void {
    this.#planned.push({
      kind: 'fail',
      method,
      seconds: 0,
      error: new XapiError(code, ...params),
      times,
    })
  }

  /** The next `times` calls are answered with a cut-off envelope. */
  malformed(method: string, times = 1): void {
    this.#planned.push({ kind: 'malformed', method, seconds: 0, error: undefined, times })
  }

  clear(): void {
    this.#planned = []
  }

  /** Ends every session: blocked event.from calls answer SESSION_INVALID. */
  expireSessions(): void {
    for (const session of this.#pool.sessions.all()) this.#pool.sessions.destroy(session.ref)
  }

  /** Cuts the connections that wait in event.from or event.next. */
  dropEventStreams(): void {
    this.#pool.events.drop()
  }

  /** Closes the host's port and connections; host_metrics.live stays until somebody looks after it. */
  async killHost(host: string): Promise<void> {
    await this.#pool.server(host).stop()
  }

  /** Opens the host's port again. */
  async reviveHost(host: string): Promise<void> {
    await this.#pool.server(host).start()
  }

  /** Makes a member the coordinator; the old one, when it lives, answers HOST_IS_SLAVE. */
  promote(host: string): void {
    this.#pool.promote(host)
  }

  /** For the dispatcher: what is planned for this call, used up. */
  take(kind: Planned['kind'], method: string): Planned | undefined {
    const planned = this.#planned.find(
      (fault) => fault.kind === kind && (fault.method === method || fault.method === '*'),
    )
    if (planned && --planned.times <= 0)
      this.#planned = this.#planned.filter((fault) => fault !== planned)
    return planned
  }
}
