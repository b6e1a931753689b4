/** A XenAPI pool in this process: its data, its behaviour and a listener for each host. */
import type { Behaviour } from './rpc/registry.ts'
import { createPool } from './create.ts'
import { defaultBehaviours } from './behaviours.ts'
import { serveFaults } from './http/control.ts'
import { listen, publishAddresses, publishCertificates } from './http/listen.ts'
import type { Pool } from './pool.ts'
import type { DumpSource } from './pools/index.ts'
import { loadDatabase, populateDemo, populateGenerated } from './pools/index.ts'
import type { Account } from './session/sessions.ts'

export { createPool } from './create.ts'
export type { PoolOptions } from './create.ts'
export { Pool } from './pool.ts'
export type { Faults } from './faults.ts'
export { XapiError } from './rpc/errors.ts'
export type { Behaviour, Call, Handler } from './rpc/registry.ts'
export type { Account } from './session/sessions.ts'
export { DatabaseFileError } from './pools/index.ts'

/** Where the pool's data comes from. */
export type PoolData =
  | 'demo'
  | { readonly database: DumpSource }
  | { readonly hosts: number; readonly vms: number; readonly seed: number }

export interface SimulatorOptions {
  /** Default: the demo pool. */
  readonly data?: PoolData
  /** Port of every host (of the coordinator, where hosts cannot have addresses of their own); 0: any free one. Default 0. */
  readonly port?: number
  /** Address of the coordinator; default 127.0.0.1, whose members are at 127.0.0.2 and so on. */
  readonly host?: string
  /** Password of root; default "secret". */
  readonly password?: string
  /** More accounts, with roles. */
  readonly accounts?: readonly Account[]
  /** Simulated seconds last this many real ones; 0: nothing waits. Default 1. */
  readonly timeScale?: number
  /** https with a self-signed certificate for each host. */
  readonly tls?: boolean
  /** Faults over HTTP, `POST /simulator/faults`. */
  readonly faults?: boolean
  /** VM uuid → `vnc://127.0.0.1:5901`: consoles that a real VNC server draws. */
  readonly consoles?: ReadonlyMap<string, string>
  /** Guests and hosts report now and then; default: where time passes, `timeScale` over 0. */
  readonly load?: boolean
  /** Takes a line about trouble with a guest or a VNC server. */
  readonly log?: (line: string) => void
  readonly seed?: number
  /** On top of what the simulator does by itself. */
  readonly behaviours?: readonly Behaviour[]
}

export interface Simulator {
  readonly pool: Pool
  /** Of the coordinator, `http://127.0.0.1:8081`. */
  readonly url: string
  /** Of every host, the coordinator first. */
  readonly urls: readonly string[]
  close(): Promise<void>
}

/**
 * @throws DatabaseFileError for a file that is no pool's database; the listener's error (EADDRINUSE)
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const {
    data = 'demo',
    port = 0,
    host: bind = '127.0.0.1',
    password = 'secret',
    timeScale = 1,
  } = options
  const generated = typeof data === 'object' && 'hosts' in data
  const pool = createPool({
    behaviours: [
      ...defaultBehaviours({ load: timeScale > 0, ...options }),
      ...(options.behaviours ?? []),
    ],
    timeScale,
    // Another stream than the generator's own, or their refs would collide.
    seed: (options.seed ?? (generated ? data.seed : Math.trunc(Math.random() * 2 ** 32))) + 2 ** 40,
    accounts: [{ name: 'root', password }, ...(options.accounts ?? [])],
  })
  if (data === 'demo') populateDemo(pool)
  else if (generated) populateGenerated(pool, data)
  else await loadDatabase(pool, data.database)
  try {
    await listen(pool, { bind, port, tls: options.tls ?? false })
    // A real pool's hosts keep the addresses they have where the database comes from.
    if (data === 'demo' || generated) publishAddresses(pool)
    publishCertificates(pool)
    if (options.faults) serveFaults(pool)
    pool.start()
  } catch (error) {
    await pool.close()
    throw error
  }
  const coordinator = pool.coordinator()
  const others = pool.servers.filter(({ host }) => host !== coordinator)
  const url = pool.hostUrl(coordinator)
  return {
    pool,
    url,
    urls: [url, ...others.map((server) => server.url)],
    close: () => pool.close(),
  }
}
