/**
 * Whole RRDs, `GET /vm_rrd`, `/host_rrd` and `/sr_rrd` (PROTOCOL section 10, recordings 346 and 347):
 * all archives, their rows oldest first. The values are rates already, so every source is a gauge.
 */
import type { DataSource } from './data-sources.ts'
import { type Archive, ARCHIVES, consolidate, rrdNumber, STEP } from './rrd-updates.ts'

const VERSION = '0003'
/** Seconds without a report after which a value is unknown. */
const HEARTBEAT = 300
/** Part of an archive's row that may be unknown. */
const UNKNOWN_PART = '0.5'

function head(source: DataSource, now: number) {
  const value = rrdNumber(source.value(Math.floor(now / STEP) * STEP))
  return {
    name: source.name,
    type: 'GAUGE',
    minimal_heartbeat: String(HEARTBEAT),
    min: rrdNumber(source.min),
    max: rrdNumber(source.max),
    last_ds: value,
    value,
    unknown_sec: '0',
  }
}

const PREPARED = {
  primary_value: '0.0',
  secondary_value: '0.0',
  value: '0.0',
  unknown_datapoints: '0',
}

function* values(
  sources: readonly DataSource[],
  { rows, step }: Archive,
  now: number,
): Generator<string[]> {
  const end = Math.floor(now / step) * step
  for (let row = rows - 1; row >= 0; row--) {
    const time = end - row * step
    yield sources.map((source) => rrdNumber(consolidate(source, time, step, 'AVERAGE')))
  }
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`
}

function elements(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, content]) => element(name, content))
    .join('')
}

/** In pieces. @param now seconds since 1970 */
export function* rrdDumpXml(sources: readonly DataSource[], now: number): Generator<string> {
  const lastupdate = String(now)
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<rrd>${elements({ version: VERSION, step: String(STEP), lastupdate })}`
  for (const source of sources) yield element('ds', elements(head(source, now)))
  const prepared = element('ds', elements(PREPARED)).repeat(sources.length)
  for (const archive of ARCHIVES) {
    const perRow = String(archive.step / STEP)
    yield `<rra>${elements({ cf: 'AVERAGE', pdp_per_row: perRow, params: element('xff', UNKNOWN_PART), cdp_prep: prepared })}<database>`
    for (const row of values(sources, archive, now))
      yield element('row', row.map((value) => element('v', value)).join(''))
    yield '</database></rra>'
  }
  yield '</rrd>'
}

/** The same in JSON, numbers as text as in `/rrd_updates`. */
export function* rrdDumpJson(sources: readonly DataSource[], now: number): Generator<string> {
  const ds = JSON.stringify(sources.map((source) => head(source, now)))
  yield `{"version":"${VERSION}","step":"${STEP}","lastupdate":"${now}","ds":${ds},"rra":[`
  for (const [index, archive] of ARCHIVES.entries()) {
    const prepared = JSON.stringify({ ds: sources.map(() => PREPARED) })
    yield `${index > 0 ? ',' : ''}{"cf":"AVERAGE","pdp_per_row":"${archive.step / STEP}","params":{"xff":"${UNKNOWN_PART}"},"cdp_prep":${prepared},"database":[`
    let comma = ''
    for (const row of values(sources, archive, now)) {
      yield comma + JSON.stringify(row)
      comma = ','
    }
    yield ']}'
  }
  yield ']}'
}
