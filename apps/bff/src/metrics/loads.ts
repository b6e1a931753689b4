import { NULL_REF, type Ref, type XenConnection } from '@xendeck/xenapi'
import type { LoadReply } from '@xendeck/contract'
import type { Pools } from '../pools/pools.ts'
import type { RegisteredPool } from '../pools/registered-pool.ts'
import { HostSampler } from './host-sampler.ts'

/** Milliseconds that a reply waits for a host that is slow to show its first figures. */
const PATIENCE = 2000

type Log = (level: 'warn', message: string, fields: Readonly<Record<string, unknown>>) => void

/** A pool's hosts as they are read over one connection; another connection starts anew. */
interface Reading {
  readonly connection: XenConnection
  readonly hosts: Map<string, HostSampler>
}

/**
 * Recent load of VMs and hosts. Each host is read once for all who look, and only while somebody does; nothing is read
 * for pools that nobody looks at.
 */
export class Loads {
  readonly #readings = new WeakMap<RegisteredPool, Reading>()
  readonly #pools: Pools
  readonly #log: Log

  constructor(pools: Pools, log: Log) {
    this.#pools = pools
    this.#log = log
  }

  /** `ids` are of one pool and may be seen by who asks. */
  async read(
    kind: 'vm' | 'host',
    poolId: string,
    ids: readonly string[],
  ): Promise<LoadReply['series']> {
    const pool = this.#pools.byPoolId(poolId)
    if (!pool?.isLive) return {}
    const found: { id: string; uuid: string; sampler: HostSampler }[] = []
    for (const id of ids) {
      // Of two pools with the same uuid the second shows `<pool>.<uuid>`.
      const uuid = id.slice(id.lastIndexOf('.') + 1)
      const sampler = this.#samplerOf(pool, kind, uuid)
      if (sampler) found.push({ id, uuid, sampler })
    }
    const byHost = Map.groupBy(found, ({ sampler }) => sampler)
    const answers = Promise.all(
      [...byHost].map(([sampler, of]) => sampler.want(of.map(({ uuid }) => uuid))),
    )
    await Promise.race([
      answers,
      new Promise((resolve) => void setTimeout(resolve, PATIENCE).unref()),
    ])
    const series: LoadReply['series'] = {}
    for (const { id, uuid, sampler } of found) {
      const cpu = sampler.cpu(uuid)
      if (cpu) series[id] = { end: new Date(cpu.end * 1000).toISOString(), cpu: cpu.read() }
    }
    return series
  }

  close(): void {
    for (const pool of this.#pools.all()) this.#end(this.#readings.get(pool))
  }

  #end(reading: Reading | undefined): void {
    for (const sampler of reading?.hosts.values() ?? []) sampler.close()
  }

  #readingOf(pool: RegisteredPool, connection: XenConnection): Reading {
    const known = this.#readings.get(pool)
    if (known?.connection === connection) return known
    this.#end(known)
    const reading = { connection, hosts: new Map<string, HostSampler>() }
    this.#readings.set(pool, reading)
    return reading
  }

  #samplerOf(pool: RegisteredPool, kind: 'vm' | 'host', uuid: string): HostSampler | undefined {
    const { connection } = pool
    if (!connection) return undefined
    const { store } = connection
    const host: Ref<'host'> | undefined =
      kind === 'host'
        ? store.byUuid('host', uuid)?.ref
        : store.byUuid('VM', uuid)?.record.resident_on
    if (host === undefined || host === NULL_REF) return undefined
    const { hosts } = this.#readingOf(pool, connection)
    let sampler = hosts.get(host)
    if (!sampler) {
      sampler = new HostSampler(connection, host, (err) =>
        this.#log('warn', 'a host’s metrics cannot be read', {
          err,
          pool: pool.title,
          host: store.get('host', host)?.name_label,
        }),
      )
      hosts.set(host, sampler)
    }
    return sampler
  }
}
