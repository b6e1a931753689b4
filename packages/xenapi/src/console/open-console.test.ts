import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { XenConnection } from '../connection/connection.ts'
import { certificateA, certificateB } from '../testing/certificates.ts'
import { FakePool, servePool, until } from '../testing/fake-pool.ts'
import { openConsole } from './open-console.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

type Answer = (url: string, socket: Duplex) => void

async function host(
  answer: Answer,
  tls = certificateA,
  pool = new FakePool(),
): Promise<{ connection: XenConnection; location: string }> {
  const server = await servePool(pool, { tls, onConnect: answer })
  cleanups.push(() => server.close())
  const connection = new XenConnection({
    address: server.address,
    username: 'root',
    password: pool.password,
    fingerprints: [certificateA.fingerprint],
  })
  cleanups.push(() => connection.close())
  connection.start()
  await connection.ready()
  return { connection, location: `${server.address}/console?uuid=console-uuid` }
}

const OK = 'HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nCache-Control: no-cache, no-store\r\n\r\n'

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => new Error('it resolved'),
    (error: unknown) => error,
  )
}

describe('openConsole', () => {
  it('sends the session with the location and gives every byte from the first on', async () => {
    const urls: string[] = []
    const { connection, location } = await host((url, socket) => {
      urls.push(url)
      // The greeting is in the packet of the head; what is typed comes back.
      socket.write(`${OK}RFB 003.008\n`)
      socket.on('data', (data: Buffer) => socket.write(data))
    })
    const stream = await openConsole(connection, location)
    let received = ''
    stream.on('data', (data: Buffer) => (received += data.toString()))
    stream.write('typed')
    await until(() => received === 'RFB 003.008\ntyped', 'the echo')
    expect(urls).toEqual(['/console?uuid=console-uuid&session_id=OpaqueRef%3Asession-1'])
    const closed = once(stream, 'close')
    stream.destroy()
    await closed
  })

  it('reaches the coordinator the way the connection does, whatever address the pool has for it', async () => {
    const pool = new FakePool()
    pool.put('host', 'OpaqueRef:h', { uuid: 'h', address: '192.0.2.7' })
    pool.put('pool', 'OpaqueRef:p', { uuid: 'p', master: 'OpaqueRef:h' })
    const answer: Answer = (_url, socket) => socket.end(`${OK}RFB 003.008\n`)
    const { connection } = await host(answer, certificateA, pool)
    const stream = await openConsole(connection, 'https://192.0.2.7/console?uuid=x')
    expect(String(await once(stream, 'data'))).toBe('RFB 003.008\n')
  })

  it('takes a head that comes byte by byte', async () => {
    const { connection, location } = await host((_url, socket) => {
      void (async () => {
        for (const byte of Buffer.from(`${OK}X`)) {
          socket.write(Buffer.of(byte))
          await new Promise((resolve) => void setImmediate(resolve))
        }
      })()
    })
    const stream = await openConsole(connection, location)
    const [data] = (await once(stream, 'data')) as [Buffer]
    expect(data.toString()).toBe('X')
    stream.destroy()
  })

  it.each([
    [401, 'Unauthorized', ''],
    [404, 'Not Found', ''],
    [
      503,
      'Connection Limit Exceeded',
      '<html><style>p{}</style><body><h1>HTTP 503</h1>Limit reached</body></html>',
    ],
  ])('tells a refusal with status %d', async (status, text, body) => {
    const { connection, location } = await host((_url, socket) =>
      socket.end(`HTTP/1.1 ${status} ${text}\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
    )
    expect(await errorOf(openConsole(connection, location))).toMatchObject({
      name: 'ConsoleRefusedError',
      status,
      body: body === '' ? '' : 'HTTP 503 Limit reached',
    })
  })

  it.each([
    ['no HTTP', 'RFB 003.008\n\r\n\r\n', 'http'],
    ['a head without an end', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(4000)}`, 'http'],
    ['nothing', '', 'reset'],
  ])('fails on %s', async (_name, answer, reason) => {
    const { connection, location } = await host((_url, socket) => socket.end(answer))
    expect(await errorOf(openConsole(connection, location))).toMatchObject({
      name: 'TransportError',
      reason,
    })
  })

  it('checks the certificate of the host, and sends no session without TLS', async () => {
    const asked: string[] = []
    const { connection } = await host(() => {})
    const other = await servePool(new FakePool(), {
      tls: certificateB,
      onConnect: (url) => void asked.push(url),
    })
    cleanups.push(() => other.close())
    const location = `${other.address}/console?uuid=x`
    expect(await errorOf(openConsole(connection, location))).toMatchObject({
      name: 'CertificateError',
      fingerprint: certificateB.fingerprint,
    })
    const plain = await errorOf(openConsole(connection, location.replace('https', 'http')))
    expect(plain).toMatchObject({ name: 'TransportError', reason: 'tls' })
    expect(await errorOf(openConsole(connection, 'nonsense'))).toBeInstanceOf(TypeError)
    expect(asked).toEqual([])
  })

  it('stops when it is aborted', async () => {
    const controller = new AbortController()
    const { connection, location } = await host(() => controller.abort())
    const { signal } = controller
    expect(await errorOf(openConsole(connection, location, { signal }))).toMatchObject({
      reason: 'aborted',
    })
  })
})
