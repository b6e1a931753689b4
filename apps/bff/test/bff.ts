import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Session } from '@xendeck/contract'
import { createAccount } from '../src/access/accounts.ts'
import { loadConfig, type Config } from '../src/config.ts'
import { createLogger } from '../src/logger.ts'
import { startBff, type Replacements, type RunningBff } from '../src/start.ts'

/** scrypt that costs a tenth of a millisecond. */
export const cheapCost = { N: 16, r: 1, p: 1 }
export const adminPassword = 'correct horse battery'

/** A clock that stands until it is told to go on. */
export class TestClock {
  #now = Date.parse('2026-03-01T12:00:00Z')

  now(): Date {
    return new Date(this.#now)
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds
  }
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; undefined where it is none. */
  readonly json: Record<string, unknown> | undefined
  readonly code: string | undefined
}

/** A BFF on a free port with a data directory of its own, and everything that its log has said. */
export class TestBff {
  readonly bff: RunningBff
  readonly clock: TestClock
  readonly #dataDir: string
  readonly #lines: string[]

  private constructor(bff: RunningBff, clock: TestClock, dataDir: string, lines: string[]) {
    this.bff = bff
    this.clock = clock
    this.#dataDir = dataDir
    this.#lines = lines
  }

  static async start(
    change: Partial<Config> = {},
    replacements: Replacements = {},
  ): Promise<TestBff> {
    const dataDir = mkdtempSync(join(tmpdir(), 'xendeck-bff-'))
    const lines: string[] = []
    const clock = new TestClock()
    const config = { ...loadConfig({}), port: 0, dataDir, adminPassword, ...change }
    const log = createLogger('trace', { write: (line: string) => void lines.push(line) })
    const all = { clock, log, passwordCost: cheapCost, ...replacements }
    return new TestBff(await startBff(config, all), clock, dataDir, lines)
  }

  get log(): string {
    return this.#lines.join('')
  }

  get origin(): string {
    return `http://127.0.0.1:${this.bff.port}`
  }

  /** Somebody who has not signed in. */
  visitor(): Client {
    return new Client(this)
  }

  async administrator(): Promise<Client> {
    return await this.signedIn('admin', adminPassword)
  }

  /** Somebody who may look but not touch. */
  async auditor(): Promise<Client> {
    const account = {
      name: 'auditor',
      password: 'an auditor’s password',
      role: 'auditor',
      mustChangePassword: false,
    } as const
    await createAccount(this.bff.context.store, this.clock, cheapCost, account)
    return await this.signedIn(account.name, account.password)
  }

  async signedIn(username: string, password: string): Promise<Client> {
    const client = this.visitor()
    const reply = await client.signIn(username, password)
    if (reply.status !== 200) throw new Error(`sign-in failed: ${reply.text}`)
    return client
  }

  async close(): Promise<void> {
    await this.bff.close()
    rmSync(this.#dataDir, { recursive: true, force: true })
  }
}

export interface RequestOptions {
  readonly body?: unknown
  /** Sent as it is, in place of `body`. */
  readonly raw?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
  /** Left out: the session's. Null: none. */
  readonly csrf?: string | null
}

/** A browser, as far as cookies and the CSRF token go. */
export class Client {
  readonly #test: TestBff
  cookie: string | undefined
  csrfToken: string | undefined

  constructor(test: TestBff) {
    this.#test = test
  }

  async signIn(username: string, password: string): Promise<Reply> {
    return await this.request('POST', '/api/v1/session', { body: { username, password } })
  }

  async request(method: string, path: string, options: RequestOptions = {}): Promise<Reply> {
    const headers = new Headers(options.headers)
    if (this.cookie !== undefined) headers.set('Cookie', this.cookie)
    const csrf = options.csrf === undefined ? this.csrfToken : options.csrf
    if (csrf && method !== 'GET') headers.set('X-CSRF-Token', csrf)
    const hasBody = options.body !== undefined || options.raw !== undefined
    if (hasBody && !headers.has('Content-Type')) headers.set('Content-Type', 'application/json')
    const response = await fetch(this.#test.origin + path, {
      method,
      headers,
      redirect: 'manual',
      ...(hasBody && { body: options.raw ?? JSON.stringify(options.body) }),
    })
    const text = await response.text()
    const json = parse(text)
    this.#remember(response, json)
    const error = json?.['error']
    const code = isObject(error) ? String(error['code']) : undefined
    return { status: response.status, headers: response.headers, text, json, code }
  }

  #remember(response: Response, json: Record<string, unknown> | undefined): void {
    const [cookie] = response.headers.getSetCookie()
    if (cookie !== undefined) {
      const [pair = ''] = cookie.split(';')
      this.cookie = pair.endsWith('=') ? undefined : pair
    }
    const token: unknown = (json as Partial<Session> | undefined)?.csrfToken
    if (typeof token === 'string') this.csrfToken = token
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
