/** Metrics of the simulated pool: RRDs, data sources and the traffic of a pool at work. */
import type { Row } from '../db/database.ts'
import type { Context, Request, Response } from '../http/routes.ts'
import { stream } from '../http/stream.ts'
import type { Pool } from '../pool.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Behaviour } from '../rpc/registry.ts'
import { refOrNone, text } from '../vm/row.ts'
import { type DataSource, vmDataSources } from './data-sources.ts'
import { hostDataSources } from './host-data-sources.ts'
import { rrdDumpJson, rrdDumpXml } from './rrd-dump.ts'
import { rrdJson, type RrdQuery, rrdTable, rrdXml } from './rrd-updates.ts'
import { srDataSources } from './sr-data-sources.ts'

export { loadAverage, vmLoad } from './load.ts'

const CONSOLIDATIONS = ['AVERAGE', 'MIN', 'MAX', 'LAST'] as const
/** Seconds between two rounds of metrics that guests and hosts report. */
const REPORT_SECONDS = 5

function readQuery(query: URLSearchParams): RrdQuery | undefined {
  const start = query.get('start')
  if (start === null || !/^-?\d+(\.\d*)?$/.test(start)) return undefined
  const wanted = query.get('cf')
  const vms = query.getAll('vm_uuid')
  return {
    start: Math.floor(Number(start)),
    interval: Number.parseInt(query.get('interval') ?? '0', 10) || 0,
    consolidation: CONSOLIDATIONS.find((each) => each === wanted) ?? 'AVERAGE',
    host: query.get('host') === 'true',
    vms: vms.length > 0 ? vms : undefined,
    srs: query.getAll('sr_uuid'),
  }
}

/** The Accept header goes before the query; every kind of reply accepted means JSON, as recorded. */
function wantsJson(request: Request): boolean {
  const accept = request.headers.get('accept') ?? ''
  if (/application\/json|\*\/\*/.test(accept) && !/text\/xml/.test(accept)) return true
  if (/text\/xml/.test(accept)) return false
  return request.query.has('json')
}

function sendUpdates(request: Request, response: Response, context: Context): void {
  const query = readQuery(request.query)
  if (query === undefined) {
    // Recording 352: not even a length.
    response
      .takeOver()
      .end(
        'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nCache-Control: no-cache, no-store\r\n\r\n',
      )
    return
  }
  const { pool, host } = context
  const table = rrdTable(pool, host, query, Math.floor(pool.clock.now() / 1000))
  const json = wantsJson(request)
  response.sendContent(
    [
      ['content-type', json ? 'application/json' : 'text/xml'],
      ['Access-Control-Allow-Origin', '*'],
      ['Access-Control-Allow-Headers', 'X-Requested-With'],
    ],
    json ? rrdJson(table) : rrdXml(table),
  )
}

function sourceRecord(pool: Pool, each: DataSource): Row {
  return {
    name_label: each.name,
    name_description: each.description,
    enabled: true,
    standard: true,
    units: each.units,
    min: each.min,
    max: each.max,
    value: each.value(Math.floor(pool.clock.now() / 1000)),
  }
}

function sourcesOf(pool: Pool, cls: 'VM' | 'host', ref: string): DataSource[] {
  const row = pool.db.must(cls, ref)
  return cls === 'host' ? hostDataSources(pool, row) : vmDataSources(pool, row)
}

/** @throws XapiError INVALID_VALUE["data_source", name] for a name the machine does not have */
function queryDataSource(pool: Pool, cls: 'VM' | 'host', ref: string, name: string): number {
  const found = sourcesOf(pool, cls, ref).find((each) => each.name === name)
  if (found === undefined) throw new XapiError('INVALID_VALUE', 'data_source', name)
  return found.value(Math.floor(pool.clock.now() / 1000))
}

type FindSources = (request: Request, context: Context) => DataSource[] | number | string

/** Whose RRD is asked for: the data sources, a status, or the URL of the host that has it. */
const DUMPS: readonly (readonly [path: string, find: FindSources])[] = [
  [
    '/vm_rrd',
    ({ query, path }, { pool, host }) => {
      const uuid = query.get('uuid')
      if (uuid === null) return 400
      const vm = pool.db.get('VM', pool.db.byUuid('VM', uuid) ?? '')
      if (vm === undefined) return 404
      // That of a VM that is off is archived at the coordinator.
      const home = refOrNone(vm, 'resident_on') ?? pool.coordinator()
      return home === host
        ? vmDataSources(pool, vm)
        : `${pool.hostUrl(home)}${path}?${query.toString()}`
    },
  ],
  ['/host_rrd', (_request, { pool, host }) => hostDataSources(pool, pool.db.must('host', host))],
  [
    '/sr_rrd',
    ({ query }, { pool }) => {
      const uuid = query.get('uuid')
      if (uuid === null) return 400
      const sr = pool.db.get('SR', pool.db.byUuid('SR', uuid) ?? '')
      return sr === undefined ? 404 : srDataSources(sr)
    },
  ],
]

async function sendDump(
  find: FindSources,
  request: Request,
  response: Response,
  context: Context,
): Promise<void> {
  const found = find(request, context)
  if (typeof found === 'number') return response.send(found)
  if (typeof found === 'string') return response.send(302, [['Location', found]])
  const json = wantsJson(request)
  const socket = response.takeOver()
  socket.write(
    `HTTP/1.0 200 OK\r\nConnection: close\r\nCache-Control: no-cache, no-store\r\ncontent-type: ${json ? 'application/json' : 'text/xml'}\r\nAccess-Control-Allow-Origin: *\r\n\r\n`,
  )
  const now = Math.floor(context.pool.clock.now() / 1000)
  await stream(socket, json ? rrdDumpJson(found, now) : rrdDumpXml(found, now))
}

/** RRD routes and data source messages. */
export const metrics: Behaviour = {
  start(pool) {
    pool.http.route('GET', '/rrd_updates', sendUpdates, { label: 'rrd_updates' })
    for (const [path, find] of DUMPS)
      pool.http.route('GET', path, (...args) => sendDump(find, ...args), { label: path.slice(1) })
  },
  handlers: {
    'VM.get_data_sources': ({ pool }, self: string) =>
      sourcesOf(pool, 'VM', self).map((each) => sourceRecord(pool, each)),
    'host.get_data_sources': ({ pool }, self: string) =>
      sourcesOf(pool, 'host', self).map((each) => sourceRecord(pool, each)),
    'VM.query_data_source': ({ pool }, self: string, name: string) =>
      queryDataSource(pool, 'VM', self, name),
    'host.query_data_source': ({ pool }, self: string, name: string) =>
      queryDataSource(pool, 'host', self, name),
  },
}

/**
 * The events of a pool at work: some guests and hosts report now and then. What they report about
 * is their being alive; nothing changes its state by itself.
 */
export const livingLoad: Behaviour = {
  start(pool) {
    let turn = 0
    pool.every(REPORT_SECONDS, () => {
      turn = report(pool, turn)
    })
  },
}

/** One round; returns where the next one goes on. */
export function report(pool: Pool, turn: number): number {
  const running = [...pool.db.all('VM')].filter(
    ([, vm]) => vm['power_state'] === 'Running' && vm['is_control_domain'] !== true,
  )
  const now = pool.clock.iso()
  const count = Math.min(running.length, Math.max(1, Math.min(10, Math.ceil(running.length / 50))))
  for (let index = 0; index < count; index++) {
    const vm = running[(turn + index) % running.length]?.[1]
    if (vm === undefined) continue
    for (const [cls, field] of [
      ['VM_guest_metrics', 'guest_metrics'],
      ['VM_metrics', 'metrics'],
    ] as const) {
      const ref = text(vm, field)
      if (pool.db.get(cls, ref) !== undefined) pool.db.write(cls, ref, { last_updated: now })
    }
  }
  const hosts = [...pool.db.all('host')]
  const host = hosts[turn % Math.max(1, hosts.length)]?.[1]
  if (host !== undefined && pool.db.get('host_metrics', text(host, 'metrics')) !== undefined)
    pool.db.write('host_metrics', text(host, 'metrics'), { last_updated: now })
  return turn + count
}
