/** The data sources of hosts (PROTOCOL section 10). */
import type { Row } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { int, list, map, refOrNone, text } from '../vm/row.ts'
import { type DataSource, loadReader, MIB, rows, source, startedAt } from './data-sources.ts'
import type { VmLoad } from './load.ts'

/** What the guests of a host use together. */
interface HostUse {
  /** CPUs. */
  readonly cpu: number
  readonly network: number
  readonly disk: number
}

function hostUse(pool: Pool, host: Row): (time: number) => HostUse {
  const guests = [...rows(pool, 'VM', list(host, 'resident_VMs'))].map((vm) => ({
    vcpus: int(vm, 'VCPUs_at_startup'),
    load: loadReader(text(vm, 'uuid'), startedAt(pool, vm)),
  }))
  const known = new Map<number, HostUse>()
  return (time) => {
    let use = known.get(time)
    if (use !== undefined) return use
    let cpu = 0
    let network = 0
    let disk = 0
    for (const guest of guests) {
      const now = guest.load(time)
      if (now === undefined) continue
      cpu += now.cpu * guest.vcpus
      network += now.network
      disk += now.disk
    }
    known.set(time, (use = { cpu, network, disk }))
    return use
  }
}

export function hostDataSources(pool: Pool, host: Row): DataSource[] {
  const uuid = text(host, 'uuid')
  const booted = Number.parseFloat(map(host, 'other_config')['boot_time'] ?? '0') || 0
  const use = hostUse(pool, host)
  const own = loadReader(uuid, booted)
  const of =
    (pick: (use: HostUse, own: VmLoad) => number): ((time: number) => number) =>
    (time) => {
      const now = own(time)
      return now === undefined ? Number.NaN : pick(use(time), now)
    }
  const metrics = pool.db.get('host_metrics', text(host, 'metrics'))
  const total = metrics === undefined ? 0 : int(metrics, 'memory_total')
  const free = metrics === undefined ? 0 : int(metrics, 'memory_free')
  const cpus = Number(map(host, 'cpu_info')['cpu_count'] ?? '1') || 1
  const share = (now: HostUse, self: VmLoad): number =>
    Math.min(0.99, now.cpu / cpus + 0.01 + 0.03 * self.cpu)
  const sources: DataSource[] = []
  for (let index = 0; index < cpus; index++)
    sources.push(
      source(
        `cpu${index}`,
        `Physical cpu usage for cpu ${index}`,
        '(fraction)',
        of((now, self) =>
          Math.min(1, share(now, self) * (1 + 0.25 * Math.sin(index * 1.9 + self.network * 9))),
        ),
        1,
      ),
    )
  const vcpus = [...rows(pool, 'VM', list(host, 'resident_VMs'))].reduce(
    (sum, vm) => sum + int(vm, 'VCPUs_at_startup'),
    0,
  )
  sources.push(
    source('cpu_avg', 'Average physical cpu usage', '(fraction)', of(share), 1),
    source(
      'loadavg',
      'Domain0 loadavg',
      '(fraction)',
      of((now, self) => 0.2 + 2 * self.cpu + now.disk / 20),
    ),
    source(
      'hostload',
      'Host load per physical cpu',
      '(fraction)',
      of((now) => now.cpu / cpus),
    ),
    source(
      'running_vcpus',
      'The total number of running VCPUs',
      '',
      of((now) => Math.min(vcpus, Math.ceil(now.cpu))),
    ),
    source(
      'running_domains',
      'Total number of running domains',
      '',
      of(() => list(host, 'resident_VMs').length),
    ),
    source(
      'memory_total_kib',
      'Total amount of memory in use',
      'KiB',
      of(() => Math.round(total / 1024)),
    ),
    source(
      'memory_free_kib',
      'Total amount of free memory',
      'KiB',
      of(() => Math.round(free / 1024)),
    ),
    source(
      'memory_reclaimed',
      'Host memory reclaimed by squeezing',
      'B',
      of(() => 0),
    ),
    source(
      'xapi_memory_usage_kib',
      'Total memory allocated used by xapi daemon',
      'KiB',
      of((_, self) => Math.round(180_000 + 40_000 * self.memory)),
    ),
    source(
      'xapi_free_memory_kib',
      'Free memory available to xapi daemon',
      'KiB',
      of((_, self) => Math.round(60_000 * (1 - self.memory))),
    ),
    source(
      'xapi_live_memory_kib',
      'Live memory used by xapi daemon',
      'KiB',
      of((_, self) => Math.round(90_000 + 30_000 * self.memory)),
    ),
    source(
      'xapi_allocation_kib',
      'Memory allocation done by the xapi daemon',
      'KiB',
      of((_, self) => 12_000 * self.network),
    ),
  )
  const devices = [...rows(pool, 'PIF', list(host, 'PIFs'))].filter(
    (pif) => pif['physical'] === true,
  )
  for (const [index, pif] of devices.entries()) {
    const weight = (index === 0 ? 0.3 : 0.7) / Math.max(1, index === 0 ? 1 : devices.length - 1)
    const name = `pif_${text(pif, 'device')}`
    sources.push(
      source(
        `${name}_rx`,
        `Bytes per second received on physical interface ${text(pif, 'device')}`,
        'B/s',
        of((now) => now.network * 4 * MIB * weight + 2000),
      ),
      source(
        `${name}_tx`,
        `Bytes per second sent on physical interface ${text(pif, 'device')}`,
        'B/s',
        of((now) => now.network * 2.5 * MIB * weight + 1500),
      ),
    )
  }
  sources.push(
    source(
      'pif_aggr_rx',
      'Bytes per second received on all physical interfaces',
      'B/s',
      of((now) => now.network * 4 * MIB + 2000),
    ),
    source(
      'pif_aggr_tx',
      'Bytes per second sent on all physical interfaces',
      'B/s',
      of((now) => now.network * 2.5 * MIB + 1500),
    ),
    ...srSources(pool, host, of),
  )
  return sources
}

/** Traffic of the attached storages, by the first eight digits of their uuid. */
function srSources(
  pool: Pool,
  host: Row,
  of: (pick: (use: HostUse, own: VmLoad) => number) => (time: number) => number,
): DataSource[] {
  const srs: Row[] = []
  for (const pbd of rows(pool, 'PBD', list(host, 'PBDs'))) {
    const sr = pool.db.get('SR', refOrNone(pbd, 'SR') ?? '')
    if (pbd['currently_attached'] === true && sr?.['content_type'] === 'user') srs.push(sr)
  }
  return srs.flatMap((sr) => {
    const id = text(sr, 'uuid').slice(0, 8)
    const weight = (sr['shared'] === true ? 1 : 0.1) / srs.length
    const read = (now: HostUse): number => now.disk * 12 * MIB * weight
    const write = (now: HostUse): number => now.disk * 7 * MIB * weight
    return [
      source(
        `io_throughput_read_${id}`,
        'Data read from SR',
        'MiB/s',
        of((now) => read(now) / MIB),
      ),
      source(
        `io_throughput_write_${id}`,
        'Data written to SR',
        'MiB/s',
        of((now) => write(now) / MIB),
      ),
      source(
        `io_throughput_total_${id}`,
        'All SR I/O',
        'MiB/s',
        of((now) => (read(now) + write(now)) / MIB),
      ),
      source(
        `iops_read_${id}`,
        'Read requests per second',
        'requests/s',
        of((now) => read(now) / 24_576),
      ),
      source(
        `iops_write_${id}`,
        'Write requests per second',
        'requests/s',
        of((now) => write(now) / 16_384),
      ),
      source(
        `iops_total_${id}`,
        'I/O requests per second',
        'requests/s',
        of((now) => read(now) / 24_576 + write(now) / 16_384),
      ),
      source(
        `read_latency_${id}`,
        'Average read latency',
        'μs',
        of((now, self) => 200 + 600 * self.disk + now.disk),
      ),
      source(
        `write_latency_${id}`,
        'Average write latency',
        'μs',
        of((now, self) => 300 + 900 * self.disk + now.disk),
      ),
      source(
        `iowait_${id}`,
        'Fraction of time waiting for I/O',
        '(fraction)',
        of((_, self) => 0.08 * self.disk),
        1,
      ),
      source(
        `inflight_${id}`,
        'Number of I/O requests currently in flight',
        'requests',
        of((now) => Math.round(now.disk * 2 * weight)),
      ),
    ]
  })
}
