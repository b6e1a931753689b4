/** What is the same for every HTTP handler: sessions, realms, what is not built, task headers. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, login, parse } from '../testing/client.ts'
import { startSimulator } from '../index.ts'
import type { Simulator } from '../index.ts'

let simulator: Simulator
let session: string

beforeAll(async () => {
  simulator = await startSimulator({ timeScale: 0, data: { hosts: 1, vms: 2, seed: 1 } })
  session = await login(simulator.url)
})

afterAll(() => simulator.close())

test.each([
  ['GET', '/export', 'get_export'],
  ['PUT', '/import', 'put_import'],
  ['GET', '/blob', 'Blob handler'],
  ['PUT', '/import_raw_vdi', 'put_import_raw_vdi'],
  ['GET', '/rrd_updates', 'rrd_updates'],
])('%s %s asks for a session in the realm of %s', async (method, path, realm) => {
  const reply = await fetch(simulator.url + path, { method })
  expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([
    401,
    `Basic realm="${realm}"`,
  ])
})

test('what is not built says so, and fails the task that waits for it', async () => {
  const { url } = simulator
  const task = await call(url, 'task.create', session, 'an export', '')
  const reply = await fetch(`${url}/export?session_id=${session}&task_id=${task}`)
  expect(reply.status).toBe(501)
  expect(await reply.text()).toContain('The simulator does not serve GET /export.')
  expect(await call(url, 'task.get_error_info', session, task)).toEqual([
    'NOT_IMPLEMENTED',
    'GET /export',
  ])
})

async function withHeader(name: string, task: string, method: string): Promise<string> {
  const reply = await fetch(simulator.url, {
    method: 'POST',
    headers: { [name]: task },
    body: `<methodCall><methodName>${method}</methodName><params><param><value>${session}</value></param><param><value>${[...simulator.pool.db.all('VM')].find(([, vm]) => vm['power_state'] === 'Running' && vm['is_control_domain'] !== true)?.[0]}</value></param></params></methodCall>`,
  })
  return String((await parse(await reply.text()))['Value'])
}

test('a call runs under the task of its header, or makes one below it', async () => {
  const { url } = simulator
  const task = String(await call(url, 'task.create', session, 'a plan', ''))
  await withHeader('task-id', task, 'VM.hard_reboot')
  expect(await call(url, 'task.get_status', session, task)).toBe('pending')
  const below = await withHeader('subtask-of', task, 'Async.VM.hard_reboot')
  expect(await call(url, 'task.get_subtasks', session, task)).toEqual([below])
  expect(await withHeader('subtask-of', 'OpaqueRef:none', 'Async.VM.hard_reboot')).toMatch(
    /^OpaqueRef:/,
  )
})
