import { SaxesParser } from 'saxes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { login } from '../testing/client.ts'
import { startSimulator } from '../index.ts'
import type { Simulator } from '../index.ts'

let simulator: Simulator
let session: string

beforeAll(async () => {
  simulator = await startSimulator({ timeScale: 0, data: { hosts: 2, vms: 6, seed: 1 } })
  session = await login(simulator.url)
})

afterAll(() => simulator.close())

function get(path: string, headers: Record<string, string> = { accept: 'text/xml' }) {
  const url = `${simulator.url}${path}${path.includes('?') ? '&' : '?'}session_id=${session}`
  return fetch(url, { headers, redirect: 'manual' })
}

/** Texts by path of elements, `rrd/rra/database/row` counted. */
function read(xml: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  const path: string[] = []
  let text = ''
  const parser = new SaxesParser()
  parser.on('opentag', ({ name }) => {
    path.push(name)
    text = ''
  })
  parser.on('text', (piece) => (text += piece))
  parser.on('closetag', () => {
    const name = path.join('/')
    found.set(name, [...(found.get(name) ?? []), text])
    text = ''
    path.pop()
  })
  parser.write(xml).close()
  return found
}

function vmWhere(accept: (host: unknown) => boolean): string {
  const found = [...simulator.pool.db.all('VM')].find(
    ([, vm]) =>
      accept(vm['resident_on']) &&
      vm['is_a_template'] === false &&
      vm['is_control_domain'] === false,
  )
  return String(found?.[1]['uuid'])
}

test('all archives of a VM, rows oldest first', async () => {
  const reply = await get(
    `/vm_rrd?uuid=${vmWhere((host) => host === simulator.pool.coordinator())}`,
  )
  expect(reply.headers.get('content-type')).toBe('text/xml')
  const found = read(await reply.text())
  const names = found.get('rrd/ds/name')
  expect(names).toEqual(expect.arrayContaining(['cpu0', 'memory', 'vif_0_rx']))
  expect(found.get('rrd/version')).toEqual(['0003'])
  expect(found.get('rrd/rra/pdp_per_row')).toEqual(['1', '12', '720', '17280'])
  expect(found.get('rrd/rra/database/row')).toHaveLength(120 + 120 + 168 + 366)
  const values = found.get('rrd/rra/database/row/v') ?? []
  expect(values).toHaveLength((120 + 120 + 168 + 366) * names!.length)
  // The newest row of the finest archive is the last value.
  const last = found.get('rrd/ds/value')
  expect(values.slice(119 * names!.length, 120 * names!.length)).toEqual(last)
})

test('hosts and storages, in JSON too', async () => {
  const json = (await (await get('/host_rrd', { accept: 'application/json' })).json()) as {
    ds: { name: string }[]
    rra: { database: string[][] }[]
  }
  expect(json.ds.map(({ name }) => name)).toContain('memory_free_kib')
  expect(json.rra.map(({ database }) => database.length)).toEqual([120, 120, 168, 366])
  const [[, sr] = []] = simulator.pool.db.all('SR')
  const found = read(await (await get(`/sr_rrd?uuid=${String(sr?.['uuid'])}`)).text())
  expect(found.get('rrd/ds/name')).toEqual(['size', 'physical_utilisation'])
  expect(found.get('rrd/ds/last_ds')?.[0]).toBe(String(sr?.['physical_size']))
  const updates = await get(`/rrd_updates?start=-30&sr_uuid=${String(sr?.['uuid'])}`)
  expect(await updates.text()).toContain(`<entry>AVERAGE:sr:${String(sr?.['uuid'])}:size</entry>`)
})

test('a VM elsewhere, unknown or unnamed', async () => {
  const member = simulator.pool.servers[1]!
  const uuid = vmWhere((host) => host === member.host)
  const elsewhere = await get(`/vm_rrd?uuid=${uuid}`)
  expect(elsewhere.status).toBe(302)
  const location = elsewhere.headers.get('location') ?? ''
  expect(location.startsWith(`${member.url}/vm_rrd?uuid=${uuid}&session_id=`)).toBe(true)
  expect((await fetch(location)).status).toBe(200)
  expect((await get('/vm_rrd?uuid=none')).status).toBe(404)
  expect((await get('/vm_rrd')).status).toBe(400)
  expect((await get('/sr_rrd?uuid=none')).status).toBe(404)
})
