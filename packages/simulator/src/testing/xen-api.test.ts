/** The client inside Xen Orchestra takes the simulator for xapi (PROTOCOL section 14). */
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSimulator } from '../index.ts'
import type { Simulator } from '../index.ts'

interface XapiObject {
  readonly $type: string
  readonly $ref: string
  readonly uuid: string
  readonly power_state?: string
  readonly name_description?: string
  readonly other_config?: Readonly<Record<string, string>>
  readonly is_a_template?: boolean
  readonly is_a_snapshot?: boolean
  readonly is_control_domain?: boolean
}

interface Resource {
  readonly statusCode: number
  readonly body: { json(): Promise<unknown> }
}

interface XenApi {
  readonly objects: {
    readonly all: Record<string, XapiObject>
    on(event: 'update', listener: (changed: Record<string, XapiObject>) => void): void
  }
  readonly objectsFetched: Promise<void>
  connect(): Promise<void>
  disconnect(): Promise<void>
  call(method: string, ...params: unknown[]): Promise<unknown>
  callAsync(method: string, ...params: unknown[]): Promise<unknown>
  setField(type: string, ref: string, field: string, value: unknown): Promise<unknown>
  /** Removes and adds a key of a map. */
  setFieldEntry(
    type: string,
    ref: string,
    field: string,
    entry: string,
    value: string,
  ): Promise<unknown>
  barrier(ref: string): Promise<XapiObject>
  getResource(path: string, options: object): Promise<Resource>
}

const require = createRequire(import.meta.url)
let simulator: Simulator

beforeAll(async () => {
  simulator = await startSimulator({ timeScale: 0, seed: 7 })
})

afterAll(() => simulator.close())

async function connect(url: string, transport: string): Promise<XenApi> {
  const { createClient }: { createClient(options: object): XenApi } = await import(
    require.resolve('xen-api')
  )
  const xapi = createClient({
    url,
    auth: { user: 'root', password: 'secret' },
    transport,
    allowUnauthorized: true,
    watchEvents: true,
  })
  await xapi.connect()
  await xapi.objectsFetched
  return xapi
}

function haltedVm(xapi: XenApi): XapiObject {
  const found = Object.values(xapi.objects.all).find(
    (each) =>
      each.$type === 'VM' &&
      each.power_state === 'Halted' &&
      !each.is_a_template &&
      !each.is_a_snapshot,
  )
  if (!found) throw new Error('no VM is halted')
  return found
}

describe.each(['json-rpc', 'xml-rpc'])('over %s, by way of a member', (transport) => {
  let xapi: XenApi

  beforeAll(async () => {
    xapi = await connect(simulator.urls[1]!, transport)
  })

  afterAll(() => xapi.disconnect())

  test('it sees every object', () => {
    const { db } = simulator.pool
    for (const cls of ['pool', 'host', 'VM', 'SR', 'VDI', 'VBD', 'network', 'PIF', 'VIF', 'PBD']) {
      const seen = Object.values(xapi.objects.all).filter(({ $type }) => $type === cls)
      expect([cls, seen.length]).toEqual([cls, db.count(cls)])
    }
  })

  test('it runs calls as tasks and reads their results', async () => {
    const { $ref } = haltedVm(xapi)
    await xapi.callAsync('VM.start', $ref, false, false)
    expect((await xapi.barrier($ref)).power_state).toBe('Running')
    const snapshot = await xapi.callAsync('VM.snapshot', $ref, 'of a test')
    expect(await xapi.barrier(String(snapshot))).toMatchObject({ $type: 'VM', is_a_snapshot: true })
    await xapi.callAsync('VM.hard_shutdown', $ref)
    expect((await xapi.barrier($ref)).power_state).toBe('Halted')
    await expect(xapi.callAsync('VM.clean_shutdown', $ref)).rejects.toMatchObject({
      code: 'VM_BAD_POWER_STATE',
      params: [$ref, 'running', 'halted'],
    })
  })

  test('its writes come back as events', async () => {
    const { $ref } = haltedVm(xapi)
    await xapi.setField('VM', $ref, 'name_description', `over ${transport} <here> & now`)
    await xapi.setFieldEntry('VM', $ref, 'other_config', 'xo:test', transport)
    await xapi.setFieldEntry('VM', $ref, 'other_config', 'xo:test', `${transport} again`)
    expect(await xapi.barrier($ref)).toMatchObject({
      name_description: `over ${transport} <here> & now`,
      other_config: expect.objectContaining({ 'xo:test': `${transport} again` }),
    })
  })

  test("it hears of others' changes", async () => {
    const { $ref } = haltedVm(xapi)
    const heard: unknown[] = []
    xapi.objects.on('update', (changed) => {
      for (const each of Object.values(changed))
        if (each.$ref === $ref) heard.push(each.name_description)
    })
    simulator.pool.db.write('VM', $ref, { name_description: 'changed by another' })
    await expect.poll(() => heard).toContain('changed by another')
  })

  test('it fetches RRDs', async () => {
    const start = Math.floor(Date.now() / 1000) - 60
    const query = { start, cf: 'AVERAGE', host: 'true', json: 'true' }
    const { statusCode, body } = await xapi.getResource('/rrd_updates', { query })
    expect([statusCode, await body.json()]).toMatchObject([
      200,
      { meta: { step: '5', legend: expect.arrayContaining([expect.stringMatching(/:cpu_avg$/)]) } },
    ])
  })
})
