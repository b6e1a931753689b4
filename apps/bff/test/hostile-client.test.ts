import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { closeCodes, type BatchResult, type ConsoleTicket } from '@xendeck/contract'
import { startSimulator, type Simulator } from '@xendeck/simulator'
import { TestBff, type Client } from './bff.ts'
import { FeedClient } from './feed-client.ts'

/** A web app of one page: whether the real one is built is not the question here. */
const webDir = mkdtempSync(join(tmpdir(), 'xendeck-web-'))
writeFileSync(join(webDir, 'index.html'), '<head><base href="/" /></head>')
afterAll(() => rmSync(webDir, { recursive: true }))

let simulator: Simulator
let bff: TestBff
let admin: Client
let feed: FeedClient

beforeEach(async () => {
  simulator = await startSimulator({ timeScale: 0 })
  bff = await TestBff.start({
    pools: [{ address: simulator.url, username: 'root', password: 'secret' }],
    webDir,
  })
  admin = await bff.administrator()
  feed = await FeedClient.open(bff, admin)
  await feed.until(() => feed.all('vm').length > 10 && feed.all('pool')[0]?.live)
})

afterEach(async () => {
  feed.close()
  await bff.close()
  await simulator.close()
})

function socketTo(path: string, headers: Record<string, string>): WebSocket {
  const socket = new WebSocket(`${bff.origin.replace('http', 'ws')}${path}`, { headers })
  socket.on('error', () => {})
  return socket
}

/** Not with `once`, which takes a refused handshake for its own failure. */
function closeOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => void socket.once('close', resolve))
}

/** The first line of what is answered to these bytes; '' where the connection is only closed. */
async function answerTo(bytes: string): Promise<string> {
  const socket = connect(bff.bff.port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(bytes)
  let text = ''
  socket.on('data', (chunk) => {
    text += String(chunk)
    if (text.includes('\r\n')) socket.destroy()
  })
  await once(socket, 'close')
  return text.split('\r\n')[0] ?? ''
}

async function stillWorks(): Promise<void> {
  expect((await admin.request('GET', '/api/v1/session')).status).toBe(200)
}

describe('sockets', () => {
  it('without a session are refused, however many', async () => {
    const before = bff.bff.context.upgrades.open
    const attempts = Array.from({ length: 300 }, () => closeOf(socketTo('/api/v1/feed', {})))
    expect(new Set(await Promise.all(attempts))).toEqual(new Set([1006]))
    expect(bff.bff.context.upgrades.open).toBe(before)
    await stillWorks()
  })

  it('of the feed end at any message, also one that is too long', async () => {
    const cookie = admin.cookie ?? ''
    for (const message of ['{}', Buffer.alloc(10), 'x'.repeat(2000)]) {
      const socket = socketTo('/api/v1/feed', { cookie })
      await once(socket, 'message')
      socket.send(message)
      expect([closeCodes.PROTOCOL, 1009]).toContain(await closeOf(socket))
    }
    await stillWorks()
  })

  it('that break the protocol of WebSocket are cut off alone', async () => {
    const key = 'dGhlIHNhbXBsZSBub25jZQ=='
    const head = `GET /api/v1/feed HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nCookie: ${admin.cookie}\r\n\r\n`
    const frames = [
      Buffer.from([0x81, 0x05, 1, 2, 3, 4, 5]), // not masked
      Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), // reserved bits, 2^64 bytes
      Buffer.from([0x89, 0xfe, 0x10, 0x00, 0, 0, 0, 0]), // a ping of 4 KiB
      Buffer.from([0x80, 0x80, 0, 0, 0, 0]), // the end of a message that never began
    ]
    for (const frame of frames) {
      const socket = connect(bff.bff.port, '127.0.0.1')
      socket.on('error', () => {})
      socket.on('data', () => {})
      socket.write(head)
      await once(socket, 'data')
      socket.write(frame)
      await once(socket, 'close')
    }
    await stillWorks()
  })

  it('share no ticket: of two that race with one, one wins', async () => {
    const vm = await feed.until(() => feed.all('vm').find((one) => one.consoles.includes('rfb')))
    const { json } = await admin.request('POST', `/api/v1/vms/${vm.id}/console-tickets`, {
      body: { protocol: 'rfb' },
    })
    const path = `/api/v1/console/${(json as Partial<ConsoleTicket>).ticket}`
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const socket = socketTo(path, { cookie: admin.cookie ?? '' })
        const outcome = await Promise.race([
          once(socket, 'message').then(() => 'open' as const),
          closeOf(socket),
        ])
        socket.terminate()
        return outcome
      }),
    )
    expect(outcomes.filter((one) => one === 'open')).toHaveLength(1)
    expect(outcomes.filter((one) => one === closeCodes.NOT_FOUND)).toHaveLength(7)
  })
})

describe('requests', () => {
  it('of a batch are taken once each, and no more than a thousand', async () => {
    const vm = await feed.until(() => feed.all('vm')[0])
    const unknown = Array.from({ length: 900 }, (_, n) => `nothing-${n}`)
    const targets = [...unknown, ...Array.from({ length: 99 }, () => vm.id), '__proto__']
    const send = (ids: readonly string[]) =>
      admin.request('POST', '/api/v1/batch', {
        body: { operation: 'vm.tag', targets: ids, input: { add: ['one'], remove: [] } },
      })
    const { json } = await send(targets)
    const { results } = json as { results: BatchResult[] }
    expect(results).toHaveLength(902)
    expect(results.filter(({ ok }) => ok).map(({ id }) => id)).toEqual([vm.id])
    expect((await send([...targets, 'one too many'])).code).toBe('INVALID_INPUT')
  })

  it.each([
    '/api/v1/vms/..%2f..%2fsession',
    '/api/v1/vms/%00',
    '/api/v1/vms/%ff',
    '/api/v1/vms/__proto__',
    '/api/v1/constructor',
    '/api/v1/../../etc/passwd',
    '/assets/..%2f..%2f..%2f..%2fetc%2fpasswd',
    '//etc/passwd',
    '/.git/config',
  ])('for %s find nothing that is not there to be found', async (path) => {
    const line = await answerTo(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: ${admin.cookie}\r\n\r\n`,
    )
    expect(line).toMatch(/^HTTP\/1\.1 (40\d|200 OK)/)
    const { text } = await admin.request('GET', path)
    expect(text).not.toMatch(/root:.*:0:0:|\[core\]/)
    await stillWorks()
  })

  it.each([
    [
      'two lengths',
      'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!',
    ],
    [
      'a length and chunks',
      'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['no host', 'GET /api/v1/session HTTP/1.1\r\n\r\n'],
    ['a head of 100 KiB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`],
    ['nonsense', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  ])('with %s are refused', async (_, bytes) => {
    expect(await answerTo(bytes)).toMatch(/^HTTP\/1\.1 4\d\d /)
    await stillWorks()
  })

  it('to sign in, many at once, leave room for others', async () => {
    const attempts = Array.from({ length: 60 }, (__, n) =>
      bff.visitor().signIn(`user-${n}`, 'wrong password'),
    )
    await stillWorks()
    const statuses = new Set((await Promise.all(attempts)).map(({ status }) => status))
    expect([...statuses].toSorted()).toEqual([401, 429])
  })
})
