import { monitorEventLoopDelay } from 'node:perf_hooks'
import { version } from '../version.ts'

type Labels = Readonly<Record<string, string>>

interface Counter {
  readonly help: string
  readonly values: Map<string, number>
}
interface Gauge {
  readonly help: string
  read(): number
}

function memory(part: 'rss' | 'heapUsed' | 'external'): () => number {
  return () => process.memoryUsage()[part]
}

/** Counters and gauges in Prometheus' text format. Labels must come from small fixed sets, never from requests. */
export class Metrics {
  readonly #counters = new Map<string, Counter>()
  readonly #gauges = new Map<string, Gauge>()
  readonly #delay = monitorEventLoopDelay({ resolution: 20 })

  constructor() {
    this.#delay.enable()
    this.gauge('process_resident_memory_bytes', 'Memory of the process.', memory('rss'))
    this.gauge('nodejs_heap_used_bytes', 'JavaScript heap in use.', memory('heapUsed'))
    this.gauge('nodejs_external_memory_bytes', 'Buffers outside the heap.', memory('external'))
    this.gauge('process_uptime_seconds', 'Since the start.', () => process.uptime())
    this.gauge('process_cpu_seconds_total', 'CPU time, user and system.', () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    })
    this.gauge(
      'nodejs_eventloop_lag_p99_seconds',
      '99th percentile of the event loop’s delay since the last scrape.',
      () => {
        const p99 = this.#delay.percentile(99) / 1e9
        this.#delay.reset()
        return Number.isFinite(p99) ? p99 : 0
      },
    )
  }

  /** Adds one to the counter `name`. */
  count(name: string, help: string, labels: Labels = {}): void {
    const counter = this.#counters.get(name) ?? { help, values: new Map<string, number>() }
    const key = renderLabels(labels)
    counter.values.set(key, (counter.values.get(key) ?? 0) + 1)
    this.#counters.set(name, counter)
  }

  /** `read` is called with each scrape. */
  gauge(name: string, help: string, read: () => number): void {
    this.#gauges.set(name, { help, read })
  }

  render(): string {
    const lines = [
      '# HELP xendeck_info The release that runs.',
      '# TYPE xendeck_info gauge',
      `xendeck_info{version="${version}"} 1`,
    ]
    for (const [name, { help, values }] of this.#counters) {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} counter`)
      for (const [labels, value] of values) lines.push(`${name}${labels} ${value}`)
    }
    for (const [name, { help, read }] of this.#gauges) {
      const type = name.endsWith('_total') ? 'counter' : 'gauge'
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${read()}`)
    }
    return `${lines.join('\n')}\n`
  }

  close(): void {
    this.#delay.disable()
  }
}

function renderLabels(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => {
    const escaped = value.replaceAll(/[\\"\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`))
    return `${name}="${escaped}"`
  })
  return parts.length > 0 ? `{${parts.join(',')}}` : ''
}
