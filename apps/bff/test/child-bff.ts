import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** A BFF in a process of its own, for tests in which it dies. */
export class ChildBff {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  readonly address: string
  #cookie = ''
  #csrfToken = ''

  private constructor(child: ChildProcessByStdio<null, Readable, Readable>, address: string) {
    this.#child = child
    this.address = address
  }

  /** Resolves once it can be signed in to. */
  static async start(env: NodeJS.ProcessEnv): Promise<ChildBff> {
    const { DATABASE_URL: _, ...inherited } = process.env
    const child = spawn(process.execPath, ['--unhandled-rejections=strict', main], {
      env: { ...inherited, PORT: '0', XENDECK_LOG_LEVEL: 'warn', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', (chunk) => (errors += String(chunk)))
    let output = ''
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      output += String(chunk)
      const address = /^Sign in at (\S+)/m.exec(output)?.[1]
      if (address === undefined) continue
      child.stdout.resume()
      return new ChildBff(child, address)
    }
    throw new Error(`it did not start: ${errors}`)
  }

  async signIn(username: string, password: string): Promise<void> {
    const reply = await this.#fetch('POST', 'session', { username, password })
    if (reply.status !== 200) throw new Error(`sign-in failed: ${await reply.text()}`)
    this.#cookie = reply.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const { csrfToken } = (await reply.json()) as { csrfToken: string }
    this.#csrfToken = csrfToken
  }

  /** The body of the reply; undefined where it is an error. */
  async get<T>(path: string): Promise<T | undefined> {
    const reply = await this.#fetch('GET', path)
    return reply.ok ? ((await reply.json()) as T) : undefined
  }

  async post<T>(path: string, input: object): Promise<T> {
    const reply = await this.#fetch('POST', path, input)
    if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`)
    return (await reply.json()) as T
  }

  /** Without a chance to do anything about it. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    await ended
  }

  #fetch(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.address}api/v1/${path}`, {
      method,
      headers: {
        'Content-Type': 'application/json',
        Cookie: this.#cookie,
        'X-CSRF-Token': this.#csrfToken,
      },
      ...(body && { body: JSON.stringify(body) }),
    })
  }
}
