/** A generated pool in the simulator and the server of the console, each in a process of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { startChild, type Child } from './children.ts'

export const account = { username: 'admin', password: 'benchmark-battery-staple' }
export const poolAccount = { username: 'root', password: 'secret' }

/** Starts a pool; its address is the coordinator's. `quiet`: nothing changes in it by itself. */
export async function startPool(
  hosts: number,
  vms: number,
  mood: 'load' | 'quiet' = 'load',
): Promise<{ address: string; child: Child }> {
  let address = ''
  const child = await startChild(['benchmarks/lib/pool.ts', `${hosts}`, `${vms}`, mood], (line) => {
    address = line
    return true
  })
  return { address, child }
}

export interface Console {
  /** Where people go, with a slash at the end. */
  readonly url: string
  readonly child: Child
  stop(): Promise<void>
}

/** Starts the server with one pool. It connects at once; see {@link poolShown}. */
export async function startConsole(poolAddress: string, webDir?: string): Promise<Console> {
  const dataDir = await mkdtemp(join(tmpdir(), 'xendeck-benchmark-'))
  let url = ''
  const child = await startChild(
    ['apps/bff/src/main.ts'],
    (line) => {
      url ||= /^Sign in at (\S+)/.exec(line)?.[1] ?? ''
      return url !== ''
    },
    {
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: '',
      XENDECK_DATA_DIR: dataDir,
      XENDECK_ADMIN_PASSWORD: account.password,
      XENDECK_LOG_LEVEL: 'warn',
      XENDECK_POOLS: JSON.stringify([{ address: poolAddress, ...poolAccount }]),
      ...(webDir === undefined ? {} : { XENDECK_WEB_DIR: webDir }),
    },
  )
  return {
    url: url.endsWith('/') ? url : `${url}/`,
    child,
    async stop() {
      await child.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** A session without a browser. */
export interface Client {
  /** GET below /api/v1, the body as it comes. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>
  /** A feed of everything from `revision` on. */
  feed(revision: string): WebSocket
}

/** @throws Error where the server refuses */
export async function signIn(url: string): Promise<Client> {
  const reply = await fetch(new URL('api/v1/session', url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(account),
  })
  if (!reply.ok) throw new Error(`signing in: ${reply.status} ${await reply.text()}`)
  const cookie = reply.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  return {
    get: (path, headers) =>
      fetch(new URL(`api/v1/${path}`, url), { headers: { ...headers, cookie } }),
    feed: (revision) => {
      const address = new URL(`api/v1/feed?revision=${revision}`, url)
      address.protocol = 'ws:'
      return new WebSocket(address, { headers: { cookie } })
    },
  }
}

/** Resolves once the console shows that many VMs. */
export async function poolShown(client: Client, vms: number): Promise<void> {
  for (;;) {
    const list = (await (await client.get('vms')).json()) as unknown[]
    if (list.length >= vms) return
    await new Promise((resolve) => void setTimeout(resolve, 200))
  }
}
