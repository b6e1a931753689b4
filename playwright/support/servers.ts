import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, startServer, type Running } from './processes.ts'

export const admin = { username: 'admin', password: 'correct-horse-9' }
/** Of root in every simulated pool of the tests. */
export const poolPassword = 'pool-secret-7'
/** Each host has a port of its own: this many for the largest pool of the tests. */
const mostHosts = 16

/** A simulated pool in a process of its own. It can be killed and started again at the same address. */
export class SimulatedPool {
  readonly port: number
  readonly #args: readonly string[]
  #process: Running | undefined

  constructor(port: number, args: readonly string[]) {
    this.port = port
    this.#args = args
  }

  static async start(args: readonly string[] = []): Promise<SimulatedPool> {
    const pool = new SimulatedPool(await freePorts(mostHosts), args)
    await pool.start()
    return pool
  }

  get address(): string {
    return `${this.#args.includes('--tls') ? 'https' : 'http'}://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    this.#process = await startServer(
      [
        'packages/simulator/src/cli.ts',
        '--port',
        String(this.port),
        '--password',
        poolPassword,
        '--faults',
        '--time-scale',
        '0.2',
        ...this.#args,
      ],
      /^https?:\/\//,
    )
  }

  async kill(): Promise<void> {
    await this.#process?.end('SIGKILL')
  }

  async restart(): Promise<void> {
    await this.kill()
    await this.start()
  }
}

/** The server of the console with a data directory of its own. */
export class ConsoleServer {
  readonly #dataDir: string
  readonly #env: Record<string, string>
  #port = 0
  #process: Running | undefined
  /** What it prints on its first start only. */
  oneTimePassword: string | undefined

  constructor(dataDir: string, env: Record<string, string>) {
    this.#dataDir = dataDir
    this.#env = env
  }

  static async start(
    pools: readonly SimulatedPool[],
    { adminPassword = admin.password }: { adminPassword?: string } = {},
  ): Promise<ConsoleServer> {
    const dataDir = await mkdtemp(join(tmpdir(), 'xendeck-e2e-'))
    const server = new ConsoleServer(dataDir, {
      XENDECK_ADMIN_PASSWORD: adminPassword,
      XENDECK_POOLS: JSON.stringify(
        pools.map(({ address }) => ({ address, username: 'root', password: poolPassword })),
      ),
    })
    server.#port = await freePorts(1)
    await server.start()
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async start(): Promise<void> {
    this.#process = await startServer(
      ['apps/bff/src/main.ts'],
      /^Sign in at (\S+)(?:\s+user (\S+))?(?:\s+password (\S+))?/,
      {
        HOST: '127.0.0.1',
        PORT: String(this.#port),
        XENDECK_DATA_DIR: this.#dataDir,
        DATABASE_URL: '',
        ...this.#env,
      },
    )
    this.oneTimePassword = this.#process.ready[3]
  }

  async kill(): Promise<void> {
    await this.#process?.end('SIGKILL')
  }

  async restart(): Promise<void> {
    await this.kill()
    await this.start()
  }

  async close(): Promise<void> {
    await this.#process?.end()
    await rm(this.#dataDir, { recursive: true, force: true })
  }
}
