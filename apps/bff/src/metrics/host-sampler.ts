import { httpGet, type Ref, type XenConnection } from '@xendeck/xenapi'
import { parseRrdUpdates, type RrdUpdates } from './rrd-updates.ts'
import { CAPACITY, Series } from './series.ts'

/** Seconds between samples in the finest archive. */
const STEP = 5
/** Milliseconds without a reader after which a VM, and in the end the host, is left in peace. */
const IDLE = 30_000
/** VMs that are asked for by name: each takes 45 bytes of a request head that may have 1,006 (FACTS.md, HTTP). */
const BY_NAME = 12
/** Values that the first reply may hold: it is parsed in one go, and a host of 300 VMs has 10,000 columns. */
const FIRST_VALUES = 100_000
/** Data sources of a VM and of a host, roughly. */
const COLUMNS = { vm: 35, host: 150 }

/** Reads one host's metrics for all who look, for as long as somebody does. */
export class HostSampler {
  readonly #series = new Map<string, Series>()
  readonly #connection: XenConnection
  readonly #host: Ref<'host'>
  readonly #onFailure: (error: unknown) => void
  readonly #stop = new AbortController()
  /** Seconds since 1970 by the host's clock; 0 before the first reply. */
  #last = 0
  /** Until when somebody looks, by uuid of a VM or of the host. */
  readonly #wanted = new Map<string, number>()
  #round: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #hasFailed = false

  constructor(connection: XenConnection, host: Ref<'host'>, onFailure: (error: unknown) => void) {
    this.#connection = connection
    this.#host = host
    this.#onFailure = onFailure
  }

  /** Somebody looks at these VMs, or at the host. Resolves once there is something to see, or it could not be had. */
  async want(uuids: readonly string[]): Promise<void> {
    if (this.#stop.signal.aborted) return
    const until = Date.now() + IDLE
    for (const uuid of uuids) this.#wanted.set(uuid, until)
    const isNew = uuids.some((uuid) => !this.#series.has(uuid))
    if (isNew || !this.#timer) {
      clearTimeout(this.#timer)
      this.#timer = undefined
      this.#round ??= this.#read()
      if (isNew) await this.#round
    }
  }

  /** CPU use from 0 to 1 by uuid of a VM or of the host. */
  cpu(uuid: string): Series | undefined {
    return this.#series.get(uuid)
  }

  close(): void {
    this.#stop.abort()
    clearTimeout(this.#timer)
  }

  async #read(): Promise<void> {
    try {
      this.#take(parseRrdUpdates(await this.#fetch()))
      this.#hasFailed = false
    } catch (error) {
      // Said once, not every five seconds.
      if (!this.#hasFailed && !this.#stop.signal.aborted) this.#onFailure(error)
      this.#hasFailed = true
    } finally {
      this.#round = undefined
      this.#next()
    }
  }

  #next(): void {
    const now = Date.now()
    for (const [uuid, until] of this.#wanted) if (now > until) this.#wanted.delete(uuid)
    if (this.#stop.signal.aborted || this.#wanted.size === 0) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#round = this.#read()
    }, STEP * 1000)
    this.#timer.unref()
  }

  #fetch(): Promise<string> {
    const { store } = this.#connection
    const host = store.get('host', this.#host)
    const asked = [...this.#wanted.keys()]
    const vms = asked.filter((uuid) => uuid !== host?.uuid)
    const isByName = vms.length <= BY_NAME
    const isNew = asked.some((uuid) => !this.#series.has(uuid))
    const count = isByName ? vms.length : (host?.resident_VMs.length ?? 0)
    const start = isNew || this.#last === 0 ? -firstSpan(count) : this.#last
    return httpGet(this.#connection, this.#location(), '/rrd_updates', {
      query: [
        ['start', String(start)],
        ['json', 'true'],
        ['cf', 'AVERAGE'],
        ['host', String(vms.length < asked.length)],
        // Of a VM that is not there nothing comes; without any, all come.
        ...(isByName ? (vms.length > 0 ? vms : ['none']).map((uuid) => ['vm_uuid', uuid]) : []),
      ],
      accept: 'application/json',
      signal: this.#stop.signal,
    })
  }

  /** Where the host's consoles are is where it can be reached; its address is the pool's own view. */
  #location(): string {
    const { store } = this.#connection
    for (const [, { VM, location }] of store.entries('console')) {
      if (store.get('VM', VM)?.resident_on === this.#host && URL.canParse(location)) {
        return new URL(location).origin
      }
    }
    return store.get('host', this.#host)?.address ?? ''
  }

  #take({ step, columns, rows }: RrdUpdates): void {
    if (step !== STEP) return
    for (const { time, values } of [...rows].toReversed()) {
      for (const [uuid, use] of cpuOf(columns, values)) {
        let series = this.#series.get(uuid)
        if (!series) this.#series.set(uuid, (series = new Series(STEP)))
        series.set(time, use)
      }
      this.#last = Math.max(this.#last, time)
    }
    for (const [uuid, series] of this.#series) {
      // Gone from this host for longer than anybody is shown.
      if (series.end < this.#last - CAPACITY * STEP) this.#series.delete(uuid)
    }
  }
}

/** The mean of `cpu0`, `cpu1`, … by VM and host. */
function cpuOf(columns: RrdUpdates['columns'], values: readonly number[]): Map<string, number> {
  const sums = new Map<string, { total: number; count: number }>()
  for (const [i, column] of columns.entries()) {
    if (!column || column.owner === 'sr' || !/^cpu\d+$/.test(column.source)) continue
    const value = values[i] ?? Number.NaN
    if (!Number.isFinite(value)) continue
    const sum = sums.get(column.uuid) ?? { total: 0, count: 0 }
    sums.set(column.uuid, { total: sum.total + value, count: sum.count + 1 })
  }
  return new Map([...sums].map(([uuid, { total, count }]) => [uuid, total / count]))
}

/** Seconds of history to ask for: all that fits, at most what the finest archive surely covers. */
function firstSpan(vms: number): number {
  const rows = Math.floor(FIRST_VALUES / (vms * COLUMNS.vm + COLUMNS.host))
  return Math.min(CAPACITY - 2, Math.max(2, rows)) * STEP
}
