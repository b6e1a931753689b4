/** The npm package `xmlrpc`, an independent client whose parser is strict about types. */
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSimulator } from '../index.ts'
import type { Simulator } from '../index.ts'
import type { Reply } from './client.ts'

interface Client {
  methodCall(
    method: string,
    params: readonly unknown[],
    done: (error: Error | null, value: Reply) => void,
  ): void
}

const { createClient }: { createClient(options: object): Client } = createRequire(import.meta.url)(
  'xmlrpc',
)
let simulator: Simulator
let client: Client
let session: string

async function call(method: string, ...params: unknown[]): Promise<Reply> {
  const reply = await new Promise<Reply>((resolve, reject) => {
    client.methodCall(method, params, (error, value) => (error ? reject(error) : resolve(value)))
  })
  return reply['Status'] === 'Success' ? reply['Value']! : reply['ErrorDescription']!
}

beforeAll(async () => {
  simulator = await startSimulator({ timeScale: 0, seed: 3 })
  client = createClient({ url: `${simulator.url}/RPC2` })
  session = String(await call('session.login_with_password', 'root', 'secret', '1.0', 'xmlrpc'))
})

afterAll(() => simulator.close())

test('reads records with their types', async () => {
  const vms: Record<string, Record<string, unknown>> = await call('VM.get_all_records', session)
  expect(Object.keys(vms)).toHaveLength(simulator.pool.db.count('VM'))
  const [ref, vm] = Object.entries(vms).find(
    ([, { power_state: state, is_control_domain: dom0 }]) => state === 'Running' && dom0 === false,
  ) ?? ['', {}]
  expect(vm).toMatchObject({
    uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    is_a_template: false,
    snapshot_time: expect.any(Date),
    memory_static_max: expect.stringMatching(/^\d+$/),
    HVM_shadow_multiplier: 1,
    VBDs: expect.any(Array),
    platform: expect.objectContaining({ acpi: '1' }),
  })
  expect(await call('VM.clean_shutdown', session, ref)).toBe('')
  expect(await call('VM.get_power_state', session, ref)).toBe('Halted')
  expect(await call('VM.set_order', session, ref, 7)).toBe('')
  expect(await call('VM.get_order', session, ref)).toBe('7')
})

test('reads events, with counts as ints', async () => {
  const all = await call('event.from', session, ['*'], '', 1.5)
  const counts: Record<string, unknown> = all['valid_ref_counts']!
  expect(counts['vm']).toBe(simulator.pool.db.count('VM'))
  const waiting = call('event.from', session, ['pool'], all['token'], 30)
  await call('pool.set_name_description', session, simulator.pool.ref, 'new')
  expect((await waiting)['events']).toMatchObject([
    { class: 'pool', operation: 'mod', snapshot: { name_description: 'new' } },
  ])
})
