import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { XenConnection } from '../connection/connection.ts'
import { FakePool, servePool } from '../testing/fake-pool.ts'
import { httpGet } from './get.ts'

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** A connected pool, and beside it a member that answers HTTP. */
async function member(answer: RequestListener) {
  const pool = new FakePool()
  const coordinator = await servePool(pool, {})
  const connection = new XenConnection({
    address: coordinator.address,
    username: 'root',
    password: pool.password,
  })
  const server = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  cleanups.push(
    () => coordinator.close(),
    () => connection.close(),
    () => server.closeAllConnections(),
    () => server.close(),
  )
  connection.start()
  await connection.ready()
  return { connection, location: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

describe('httpGet', () => {
  it('sends the session in a cookie and gives the body', async () => {
    const { connection, location } = await member((request, response) => {
      response.end(`${request.url} ${request.headers.cookie} ${request.headers.accept}`)
    })
    const body = await httpGet(connection, location, '/rrd_updates', {
      query: { start: '-10' },
      accept: 'application/json',
    })
    expect(body).toBe('/rrd_updates?start=-10 session_id=OpaqueRef:session-1 application/json')
  })

  it('tells of any other status', async () => {
    const { connection, location } = await member((_request, response) => {
      response.writeHead(500).end()
    })
    await expect(httpGet(connection, location, '/x')).rejects.toMatchObject({
      reason: 'http',
      status: 500,
    })
  })

  it('stops at the limit, at silence and when the host hangs up', async () => {
    const { connection, location } = await member((request, response) => {
      if (request.url === '/big') response.end('x'.repeat(2000))
      if (request.url === '/cut')
        response.writeHead(200, { 'content-length': 9 }).write('x', () => response.destroy())
    })
    const get = (path: string) => httpGet(connection, location, path, { limit: 1000, timeout: 100 })
    await expect(get('/big')).rejects.toMatchObject({ reason: 'tooLarge' })
    await expect(get('/silent')).rejects.toMatchObject({ reason: 'timeout' })
    await expect(get('/cut')).rejects.toMatchObject({ reason: 'reset' })
  })
})
