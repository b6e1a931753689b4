import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { fileURLToPath } from 'node:url'

type Child = ChildProcessByStdio<null, Readable, Readable>

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}

function signIn(address: string, password: string): Promise<Response> {
  return fetch(`${address}api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  })
}

describe('the process', () => {
  let dataDir: string
  const children: Child[] = []
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'xendeck-main-'))
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    rmSync(dataDir, { recursive: true, force: true })
  })

  function run(file: string, parameters: string[], env: NodeJS.ProcessEnv): Child {
    const { DATABASE_URL: _, ...inherited } = process.env
    const child = spawn(process.execPath, [path(file), ...parameters], {
      env: { ...inherited, PORT: '0', XENDECK_DATA_DIR: dataDir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(child)
    return child
  }

  /** Everything that a process says, and how it ends. */
  async function finish(child: Child) {
    const [stdout, stderr, [code, signal]] = await Promise.all([
      child.stdout.toArray(),
      child.stderr.toArray(),
      once(child, 'exit'),
    ])
    return {
      stdout: stdout.join(''),
      stderr: stderr.join(''),
      code: code as unknown,
      signal: signal as unknown,
    }
  }

  /** Waits for the line that says where to sign in. */
  async function started(child: Child) {
    let output = ''
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      output += String(chunk)
      const line = /^Sign in at (\S+)(?: {2}user (\S+))?(?: {2}password (\S+))?$/m.exec(output)
      if (line) return { address: line[1] ?? '', user: line[2], password: line[3] }
    }
    throw new Error(`it did not start: ${String(await child.stderr.toArray())}`)
  }

  it('prints a one-time password once; a lost one is replaced by a command', async () => {
    const first = run('main.ts', [], {})
    const { address, user, password = '' } = await started(first)
    expect(user).toBe('admin')
    expect((await signIn(address, password)).status).toBe(200)
    first.kill('SIGKILL')
    await once(first, 'exit')

    const second = run('main.ts', [], { XENDECK_ADMIN_PASSWORD: 'is not used any more' })
    const again = await started(second)
    expect(again).toMatchObject({ user: undefined, password: undefined })
    expect((await signIn(again.address, password)).status).toBe(200)

    const reset = await finish(run('cli/reset-password.ts', ['admin'], {}))
    expect(reset).toMatchObject({ code: 0 })
    const made = /password (\S+)/.exec(reset.stdout)?.[1] ?? ''
    expect((await signIn(again.address, password)).status).toBe(401)
    expect((await signIn(again.address, made)).status).toBe(200)
    expect(await finish(run('cli/reset-password.ts', ['nobody'], {}))).toMatchObject({ code: 1 })
  })

  it('tells sockets that it goes, and exits with 0', async () => {
    const password = 'a password of mine'
    const child = run('main.ts', [], { XENDECK_ADMIN_PASSWORD: password })
    const { address } = await started(child)
    // Changing a password that was chosen is not asked for: everything is open at once.
    const reply = await signIn(address, password)
    const Cookie = reply.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const socket = new WebSocket(`${address.replace('http', 'ws')}api/v1/feed`, {
      headers: { Cookie },
    })
    await once(socket, 'message')
    const closed = once(socket, 'close')
    child.kill('SIGTERM')
    const [code]: unknown[] = await closed
    expect(code).toBe(1001)
    expect(await finish(child)).toMatchObject({ code: 0, signal: null })
  })

  it('says in a sentence what is wrong with its configuration', async () => {
    const ended = await finish(run('main.ts', [], { PORT: 'http', XENDECK_LOG_LEVEL: 'loud' }))
    expect(ended.code).toBe(2)
    expect(ended.stderr.trim().split('\n')).toEqual([
      'PORT is "http": expected a port number from 0 to 65535.',
      expect.stringMatching(/^XENDECK_LOG_LEVEL is "loud": expected one of fatal, /),
    ])
  })

  it('says in a sentence that the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const ended = await finish(run('main.ts', [], { PORT: String(port) }))
    other.close()
    expect(ended.code).toBe(1)
    expect(ended.stderr).toBe(
      `Port ${port} of 127.0.0.1 is in use: stop what listens there, or set PORT to another one.\n`,
    )
    // The password is made up once there is somebody to read it.
    expect(await started(run('main.ts', [], {}))).toMatchObject({ user: 'admin' })
  })
})
