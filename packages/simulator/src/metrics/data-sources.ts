/** The data sources of VMs (PROTOCOL section 10): names, units and values at a moment. */
import type { Row } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { fromIso, NEVER } from '../clock.ts'
import { int, list, map, text } from '../vm/row.ts'
import { vmLoad, type VmLoad } from './load.ts'

export interface DataSource {
  readonly name: string
  readonly description: string
  readonly units: string
  readonly min: number
  readonly max: number
  /** NaN where the machine was not running. */
  value(time: number): number
}

export const MIB = 2 ** 20

export function source(
  name: string,
  description: string,
  units: string,
  value: (time: number) => number,
  max = Infinity,
): DataSource {
  return { name, description, units, min: 0, max, value }
}

/** A machine's load, computed once for a moment however many sources ask for it. */
export function loadReader(uuid: string, since: number): (time: number) => VmLoad | undefined {
  const known = new Map<number, VmLoad>()
  return (time) => {
    if (time < since) return undefined
    let load = known.get(time)
    if (load === undefined) known.set(time, (load = vmLoad(uuid, time)))
    return load
  }
}

/** Seconds since 1970 when the VM was started; infinite when it does not run. */
export function startedAt(pool: Pool, vm: Row): number {
  const state = vm['power_state']
  if (state !== 'Running' && state !== 'Paused') return Infinity
  const metrics = pool.db.get('VM_metrics', text(vm, 'metrics'))
  const start = metrics === undefined ? NEVER : text(metrics, 'start_time')
  return start === NEVER ? 0 : fromIso(start) / 1000
}

/** One virtual CPU's part of the VM's load. */
function cpuOf(load: VmLoad, index: number): number {
  return Math.min(1, load.cpu * (1 + 0.15 * Math.sin(index * 2.4 + load.network * 6)))
}

export function vmDataSources(pool: Pool, vm: Row): DataSource[] {
  const since = startedAt(pool, vm)
  const load = loadReader(text(vm, 'uuid'), since)
  const of =
    (pick: (load: VmLoad) => number): ((time: number) => number) =>
    (time) => {
      const now = load(time)
      return now === undefined ? Number.NaN : pick(now)
    }
  const metrics = pool.db.get('VM_metrics', text(vm, 'metrics'))
  const actual = (metrics && int(metrics, 'memory_actual')) || int(vm, 'memory_dynamic_max')
  const vcpus = (metrics && int(metrics, 'VCPUs_number')) || int(vm, 'VCPUs_at_startup')
  const sources: DataSource[] = []
  for (let index = 0; index < vcpus; index++)
    sources.push(
      source(
        `cpu${index}`,
        `CPU${index} usage`,
        '(fraction)',
        of((now) => cpuOf(now, index)),
        1,
      ),
    )
  sources.push(
    source(
      'cpu_usage',
      'Domain CPU usage',
      '(fraction)',
      of((now) => now.cpu),
      1,
    ),
    source(
      'memory',
      'Memory currently allocated to VM',
      'B',
      of(() => actual),
    ),
    source(
      'memory_target',
      'Target of VM balloon driver',
      'B',
      of(() => int(vm, 'memory_target') || actual),
    ),
  )
  const guest = pool.db.get('VM_guest_metrics', text(vm, 'guest_metrics'))
  if (guest !== undefined && Object.keys(map(guest, 'PV_drivers_version')).length > 0)
    sources.push(
      source(
        'memory_internal_free',
        'Memory used as reported by the guest agent',
        'KiB',
        of((now) => Math.round(((1 - now.memory) * actual) / 1024)),
      ),
    )
  sources.push(
    source(
      'runstate_fullrun',
      'Fraction of time that all VCPUs are running',
      '(fraction)',
      of((now) => now.cpu ** 2),
      1,
    ),
    source(
      'runstate_partial_run',
      'Fraction of time that some VCPUs are running, and some are blocked',
      '(fraction)',
      of((now) => now.cpu * (1 - now.cpu)),
      1,
    ),
    source(
      'runstate_blocked',
      'Fraction of time that all VCPUs are blocked or offline',
      '(fraction)',
      of((now) => 1 - now.cpu),
      1,
    ),
    source(
      'runstate_full_contention',
      'Fraction of time that all VCPUs are runnable',
      '(fraction)',
      of((now) => 0.004 * now.cpu),
      1,
    ),
  )
  for (const vif of rows(pool, 'VIF', list(vm, 'VIFs'))) {
    const device = text(vif, 'device')
    sources.push(
      source(
        `vif_${device}_rx`,
        `Bytes per second received on virtual interface number '${device}'`,
        'B/s',
        of((now) => now.network * 4 * MIB),
      ),
      source(
        `vif_${device}_tx`,
        `Bytes per second transmitted on virtual interface number '${device}'`,
        'B/s',
        of((now) => now.network * 2.5 * MIB),
      ),
    )
  }
  for (const vbd of rows(pool, 'VBD', list(vm, 'VBDs'))) sources.push(...vbdSources(vbd, of))
  return sources
}

function vbdSources(
  vbd: Row,
  of: (pick: (load: VmLoad) => number) => (time: number) => number,
): DataSource[] {
  const device = text(vbd, 'device')
  if (device === '' || vbd['currently_attached'] !== true || vbd['empty'] === true) return []
  const weight = vbd['type'] === 'CD' ? 0 : device.endsWith('a') ? 1 : 1.8
  const read = (now: VmLoad): number => now.disk * 12 * MIB * weight
  const write = (now: VmLoad): number => now.disk * 7 * MIB * weight
  const name = (suffix: string): string => `vbd_${device}_${suffix}`
  return [
    source(name('read'), `Reads from device '${device}' in bytes per second`, 'B/s', of(read)),
    source(name('write'), `Writes to device '${device}' in bytes per second`, 'B/s', of(write)),
    source(
      name('read_latency'),
      `Reads from device '${device}' in microseconds`,
      'μs',
      of((now) => weight * (180 + 900 * now.disk)),
    ),
    source(
      name('write_latency'),
      `Writes to device '${device}' in microseconds`,
      'μs',
      of((now) => weight * (260 + 1400 * now.disk)),
    ),
    source(
      name('iops_read'),
      'Read requests per second',
      'requests/s',
      of((now) => read(now) / 24_576),
    ),
    source(
      name('iops_write'),
      'Write requests per second',
      'requests/s',
      of((now) => write(now) / 16_384),
    ),
    source(
      name('iops_total'),
      'I/O requests per second',
      'requests/s',
      of((now) => read(now) / 24_576 + write(now) / 16_384),
    ),
    source(
      name('io_throughput_read'),
      'Data read from the VDI, in MiB/s',
      'MiB/s',
      of((now) => read(now) / MIB),
    ),
    source(
      name('io_throughput_write'),
      'Data written to the VDI, in MiB/s',
      'MiB/s',
      of((now) => write(now) / MIB),
    ),
    source(
      name('io_throughput_total'),
      'All VDI I/O, in MiB/s',
      'MiB/s',
      of((now) => (read(now) + write(now)) / MIB),
    ),
    source(
      name('iowait'),
      'Fraction of the time waiting for I/O',
      '(fraction)',
      of((now) => 0.12 * now.disk * weight),
      1,
    ),
    source(
      name('inflight'),
      'Number of I/O requests currently in flight',
      'requests',
      of((now) => Math.round(6 * now.disk * weight)),
    ),
  ]
}

export function* rows(pool: Pool, cls: string, refs: readonly string[]): Generator<Row> {
  for (const ref of refs) {
    const row = pool.db.get(cls, ref)
    if (row !== undefined) yield row
  }
}
