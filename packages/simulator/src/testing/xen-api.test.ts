/** The client inside Xen Orchestra takes the simulator for xapi (PROTOCOL section 14). */
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSimulator } from '../index.ts'
import type { Simulator } from '../index.ts'

interface XapiObject {
  readonly $type: string
  readonly $ref: string
  readonly uuid: string
  readonly power_state?: string
  readonly is_a_template?: boolean
  readonly is_a_snapshot?: boolean
  readonly is_control_domain?: boolean
}

interface XenApi {
  readonly objects: { readonly all: Record<string, XapiObject> }
  readonly objectsFetched: Promise<void>
  connect(): Promise<void>
  disconnect(): Promise<void>
  call(method: string, ...params: unknown[]): Promise<unknown>
  callAsync(method: string, ...params: unknown[]): Promise<unknown>
  setField(type: string, ref: string, field: string, value: unknown): Promise<unknown>
  barrier(ref: string): Promise<XapiObject>
}

const require = createRequire(import.meta.url)
let simulator: Simulator

beforeAll(async () => {
  simulator = await startSimulator({ timeScale: 0, seed: 7 })
})

afterAll(() => simulator.close())

async function client(url: string, transport = 'auto'): Promise<XenApi> {
  const { createClient }: { createClient(options: object): XenApi } = await import(
    require.resolve('xen-api')
  )
  return createClient({
    url,
    auth: { user: 'root', password: 'secret' },
    transport,
    allowUnauthorized: true,
    watchEvents: true,
  })
}

test.each(['json-rpc', 'xml-rpc'])(
  'connects over %s, sees every object, follows events, runs calls',
  async (transport) => {
    const xapi = await client(simulator.url, transport)
    await xapi.connect()
    await xapi.objectsFetched
    const { db } = simulator.pool
    for (const cls of ['pool', 'host', 'VM', 'SR', 'VDI', 'VBD', 'network', 'PIF', 'VIF', 'PBD']) {
      const seen = Object.values(xapi.objects.all).filter(({ $type }) => $type === cls)
      expect([cls, seen.length]).toEqual([cls, db.count(cls)])
    }
    const halted = Object.values(xapi.objects.all).find(
      (each) =>
        each.$type === 'VM' &&
        each.power_state === 'Halted' &&
        !each.is_a_template &&
        !each.is_a_snapshot,
    )!
    await xapi.callAsync('VM.start', halted.$ref, false, false)
    const started = await xapi.barrier(halted.$ref)
    expect(started.power_state).toBe('Running')
    await xapi.setField('VM', halted.$ref, 'name_description', 'changed <here> & now')
    await xapi.callAsync('VM.hard_shutdown', halted.$ref)
    expect(await xapi.barrier(halted.$ref)).toMatchObject({
      power_state: 'Halted',
      name_description: 'changed <here> & now',
    })
    await xapi.disconnect()
  },
)

test.each(['json-rpc', 'xml-rpc'])(
  'a member sends the client on to the coordinator, over %s',
  async (transport) => {
    const xapi = await client(simulator.urls[1]!, transport)
    await xapi.connect()
    await xapi.objectsFetched
    // A member would refuse this.
    expect(await xapi.call('pool.get_all')).toEqual([simulator.pool.ref])
    await xapi.disconnect()
  },
)
