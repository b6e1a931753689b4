/** `GET /rrd_updates` (PROTOCOL section 10), computed on the fly from the load function. */
import type { Pool } from '../pool.ts'
import { list, text } from '../vm/row.ts'
import { type DataSource, rows, vmDataSources } from './data-sources.ts'
import { hostDataSources } from './host-data-sources.ts'
import { srDataSources } from './sr-data-sources.ts'

/** Seconds between two samples. */
export const STEP = 5

export interface Archive {
  /** Rows it keeps. */
  readonly rows: number
  /** Seconds of one row. */
  readonly step: number
}

/** 10 minutes, 2 hours, a week and a year (rrdd_shared.ml:55-68). */
export const ARCHIVES: readonly Archive[] = [
  { rows: 120, step: STEP },
  { rows: 120, step: 12 * STEP },
  { rows: 168, step: 720 * STEP },
  { rows: 366, step: 17_280 * STEP },
]

/** Points of a row that are averaged; the curve is smooth enough not to need all of them. */
const SAMPLES = 4

export interface RrdQuery {
  /** Seconds since 1970; negative: relative to now. */
  readonly start: number
  readonly interval: number
  readonly consolidation: 'AVERAGE' | 'MIN' | 'MAX' | 'LAST'
  readonly host: boolean
  /** undefined: all of the host. */
  readonly vms: readonly string[] | undefined
  /** uuids; none when left out. */
  readonly srs?: readonly string[]
}

export interface RrdTable {
  readonly start: number
  readonly step: number
  readonly end: number
  readonly legend: readonly string[]
  /** Newest first. */
  readonly rows: readonly { readonly time: number; readonly values: readonly number[] }[]
}

/** The first archive coarse enough that reaches back to the start, else the coarsest. */
export function chooseArchive(start: number, interval: number, now: number): Archive {
  const last: Archive = ARCHIVES.at(-1) ?? { rows: 0, step: STEP }
  return (
    ARCHIVES.find(({ rows: count, step }) => step >= interval && now - count * step <= start) ??
    last
  )
}

/** @param now seconds since 1970 */
export function rrdTable(pool: Pool, host: string, query: RrdQuery, now: number): RrdTable {
  const start = query.start < 0 ? now + query.start : query.start
  const archive = chooseArchive(start, query.interval, now)
  const { step } = archive
  const end = Math.floor(now / step) * step
  const oldest = end - (archive.rows - 1) * step
  const first = Math.max(oldest, Math.ceil(start / step) * step)
  const columns = dataColumns(pool, host, query)
  const table: { time: number; values: number[] }[] = []
  for (let time = end; time >= first; time -= step)
    table.push({
      time,
      values: columns.map(({ source }) => consolidate(source, time, step, query.consolidation)),
    })
  const legend = columns.map(
    ({ owner, source }) => `${query.consolidation}:${owner}:${source.name}`,
  )
  return { start: Math.min(first, end), step, end, legend, rows: table }
}

interface Column {
  /** `vm:<uuid>`. */
  readonly owner: string
  readonly source: DataSource
}

function dataColumns(pool: Pool, host: string, query: RrdQuery): Column[] {
  const columns: Column[] = []
  const row = pool.db.get('host', host)
  if (row === undefined) return columns
  const add = (owner: string, sources: readonly DataSource[]): void => {
    for (const source of sources) columns.push({ owner, source })
  }
  if (query.host) add(`host:${text(row, 'uuid')}`, hostDataSources(pool, row))
  for (const vm of rows(pool, 'VM', list(row, 'resident_VMs'))) {
    const uuid = text(vm, 'uuid')
    if (query.vms === undefined || query.vms.includes(uuid))
      add(`vm:${uuid}`, vmDataSources(pool, vm))
  }
  for (const pbd of rows(pool, 'PBD', list(row, 'PBDs'))) {
    const sr = pool.db.get('SR', text(pbd, 'SR'))
    if (sr !== undefined && query.srs?.includes(text(sr, 'uuid')))
      add(`sr:${text(sr, 'uuid')}`, srDataSources(sr))
  }
  return columns
}

export function consolidate(
  source: DataSource,
  time: number,
  step: number,
  consolidation: RrdQuery['consolidation'],
): number {
  if (step === STEP || consolidation === 'LAST') return source.value(time)
  const values: number[] = []
  for (let index = 0; index < SAMPLES; index++) {
    const value = source.value(time - Math.round((index * step) / SAMPLES / STEP) * STEP)
    if (!Number.isNaN(value)) values.push(value)
  }
  if (values.length === 0) return Number.NaN
  if (consolidation === 'MIN') return Math.min(...values)
  if (consolidation === 'MAX') return Math.max(...values)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** As OCaml's `%0.15g`, a zero with its point. */
export function rrdNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return value === 0 ? '0.0' : String(Number(value.toPrecision(15)))
}

function quoted(texts: readonly string[]): string {
  return texts.map((each) => `"${each}"`).join(',')
}

export function rrdJson(table: RrdTable): string {
  const { start, step, end, legend } = table
  const data = table.rows.map(
    ({ time, values }) => `{"t":"${time}","values":[${quoted(values.map(rrdNumber))}]}`,
  )
  return `{"meta":{"start":"${start}","step":"${step}","end":"${end}","rows":"${data.length}","columns":"${legend.length}","legend":[${quoted(legend)}]},"data":[${data.join(',')}]}`
}

export function rrdXml(table: RrdTable): string {
  const { start, step, end, legend } = table
  const entries = legend.map((entry) => `<entry>${entry}</entry>`).join('')
  const data = table.rows.map(
    ({ time, values }) =>
      `<row><t>${time}</t>${values.map((value) => `<v>${rrdNumber(value)}</v>`).join('')}</row>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<xport><meta><start>${start}</start><step>${step}</step><end>${end}</end><rows>${data.length}</rows><columns>${legend.length}</columns><legend>${entries}</legend></meta><data>${data.join('')}</data></xport>`
}
