import { createServer } from 'node:net'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { call, login } from '../testing/client.ts'
import { startSimulator } from '../index.ts'
import type { Simulator } from '../index.ts'

const simulators: Simulator[] = []

async function start(options: Parameters<typeof startSimulator>[0]): Promise<Simulator> {
  const simulator = await startSimulator({ timeScale: 0, ...options })
  simulators.push(simulator)
  return simulator
}

afterEach(async () => {
  await Promise.all(simulators.splice(0).map((each) => each.close()))
})

/** Whether this machine answers on all of 127/8, as Linux does. */
const hasLoopbackAddresses = await (async () => {
  const server = createServer()
  try {
    server.listen(0, '127.0.0.2')
    await once(server, 'listening')
    server.close()
    return true
  } catch {
    return false
  }
})()

test.runIf(hasLoopbackAddresses)(
  'hosts have addresses of their own and one port, which bare addresses lead to',
  async () => {
    const { pool, urls, url } = await start({ data: { hosts: 3, vms: 4, seed: 1 } })
    const { port } = new URL(url)
    expect(urls).toEqual([1, 2, 3].map((n) => `http://127.0.0.${n}:${port}`))
    expect([...pool.db.all('host')].map(([, host]) => host['address'])).toEqual([
      '127.0.0.1',
      '127.0.0.2',
      '127.0.0.3',
    ])
    expect(await call(urls[2]!, 'session.login_with_password', 'root', 'secret')).toEqual([
      'HOST_IS_SLAVE',
      '127.0.0.1',
    ])
    for (const [, { location, VM }] of pool.db.all('console')) {
      const host = pool.db.must('VM', String(VM))['resident_on']
      expect(new URL(String(location)).origin).toBe(pool.hostUrl(String(host)))
    }
  },
)

test.runIf(hasLoopbackAddresses)(
  'a port that is taken at a member is an error; a free one is found for all',
  async () => {
    const blocker = createServer().listen(0, '127.0.0.2')
    await once(blocker, 'listening')
    const address = blocker.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await expect(start({ data: { hosts: 2, vms: 0, seed: 1 }, port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port,
    })
    blocker.close()
    const { urls } = await start({ data: { hosts: 2, vms: 0, seed: 1 }, port })
    expect(urls).toEqual([`http://127.0.0.1:${port}`, `http://127.0.0.2:${port}`])
  },
)

test('behind another address hosts have ports of their own, named in HOST_IS_SLAVE', async () => {
  const { urls, url } = await start({ data: { hosts: 2, vms: 0, seed: 1 }, host: '0.0.0.0' })
  const [first, second] = urls.map((each) => new URL(each))
  expect([first?.hostname, second?.hostname]).toEqual(['127.0.0.1', '127.0.0.1'])
  expect(first?.port).not.toBe(second?.port)
  expect(await call(urls[1]!, 'session.login_with_password', 'root', 'secret')).toEqual([
    'HOST_IS_SLAVE',
    new URL(url).host,
  ])
  expect(await login(url)).toMatch(/^OpaqueRef:/)
})

test("a real pool's hosts keep their recorded addresses, and are reached all the same", async () => {
  const database = new URL('../../../../fixtures/dumps/two-hosts-appliances.xml', import.meta.url)
    .pathname
  const { pool, urls, url } = await start({ data: { database } })
  const addresses = [...pool.db.all('host')].map(([, host]) => host['address'])
  expect(addresses.toSorted()).toEqual(['10.80.227.168', '10.80.227.174'])
  expect(await call(urls[1]!, 'session.login_with_password', 'root', 'secret')).toEqual([
    'HOST_IS_SLAVE',
    pool.server(pool.coordinator()).address,
  ])
  const session = await login(url)
  for (const [, { location, uuid }] of pool.db.all('console')) {
    const reply = await fetch(`${String(location)}&session_id=${session}`)
    // Reached: without an upgrade a console says so.
    expect([uuid, reply.status]).toEqual([uuid, 501])
  }
})
