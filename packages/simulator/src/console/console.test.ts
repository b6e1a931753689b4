import { connect, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { inflateSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../index.ts'
import { list, text } from '../vm/row.ts'
import { guestShutdown } from '../vm/index.ts'
import { RfbTestClient } from './rfb/test-client.ts'

let simulator: Simulator
let session: string
const consoles = new Map<string, string>()

/** A running Linux VM of the demo pool, by name. */
function vmRef(name: string): string {
  for (const [ref, vm] of simulator.pool.db.all('VM')) if (vm['name_label'] === name) return ref
  throw new Error(`no VM ${name}`)
}

function consoleOf(vm: string, protocol: string): string {
  const { db } = simulator.pool
  const ref = list(db.must('VM', vm), 'consoles').find(
    (each) => db.must('console', each)['protocol'] === protocol,
  )
  return text(db.must('console', ref ?? ''), 'location')
}

/** Sends a request line to the host of a location; the socket and all that comes. */
function request(
  location: string,
  method = 'CONNECT',
  more = '',
): { socket: Socket; received: () => string; ended: () => boolean } {
  const url = new URL(location)
  const socket = connect(Number(url.port), url.hostname)
  const chunks: Buffer[] = []
  let ended = false
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('close', () => (ended = true))
  socket.on('end', () => (ended = true))
  socket.on('error', () => undefined)
  const query = url.search === '' ? '?' : `${url.search}&`
  socket.write(
    `${method} ${url.pathname}${query}session_id=${session} HTTP/1.1\r\nHost: x\r\n${more}\r\n`,
  )
  return { socket, received: () => Buffer.concat(chunks).toString('latin1'), ended: () => ended }
}

const GREETING =
  'HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nCache-Control: no-cache, no-store\r\n\r\n'

beforeEach(async () => {
  consoles.clear()
  simulator = await startSimulator({ timeScale: 0, consoles })
  const account = simulator.pool.sessions.accounts.get('root')
  if (account === undefined) throw new Error('no root')
  session = simulator.pool.sessions.create(account, simulator.pool.coordinator(), 'test').ref
})

afterEach(() => simulator.close())

test('the exact handshake, then RFB: draws, and answers keys', async () => {
  const { socket, received } = request(consoleOf(vmRef('web-1'), 'rfb'))
  await expect.poll(received).toBe(`${GREETING}RFB 003.008\n`)
  socket.pause()
  socket.removeAllListeners('data')
  socket.unshift(Buffer.from('RFB 003.008\n'))
  const client = new RfbTestClient(socket)
  socket.resume()
  await client.handshake()
  expect(client.name).toBe('web-1')
  client.setEncodings(16, -223, -239, -258)
  client.request(false)
  await client.update()
  const before = client.pixels.slice()
  client.key(0x61)
  client.request(true)
  await client.update()
  expect(Buffer.from(client.pixels.buffer).equals(Buffer.from(before.buffer))).toBe(false)
  socket.destroy()
})

test('a serial console logs in; a second viewer sees the past; shutdown ends both', async () => {
  const vm = vmRef('web-2')
  const first = request(consoleOf(vm, 'vt100'))
  await expect.poll(first.received).toMatch(/web-2 login: $/)
  first.socket.write('root\rx\rhostname\r')
  await expect.poll(first.received).toMatch(/\r\nweb-2\r\n/)
  const second = request(consoleOf(vm, 'vt100'))
  await expect.poll(second.received).toMatch(/\r\nweb-2\r\n/)
  first.socket.write('poweroff\r')
  await expect.poll(() => simulator.pool.db.must('VM', vm)['power_state']).toBe('Halted')
  await expect.poll(() => first.ended() && second.ended()).toBe(true)
})

test('a shutdown from outside ends the connection', async () => {
  const vm = vmRef('mail')
  const { received, ended } = request(consoleOf(vm, 'rfb'))
  await expect.poll(received).toContain('RFB')
  await guestShutdown(simulator.pool, vm)
  await expect.poll(ended).toBe(true)
})

test('refusals are those of xapi', async () => {
  const vm = vmRef('web-1')
  const base = new URL(consoleOf(vm, 'rfb')).origin
  const unknown = request(`${base}/console?uuid=11111111-2222-3333-4444-555555555555`)
  await expect.poll(unknown.ended).toBe(true)
  expect(unknown.received()).toBe(
    'HTTP/1.1 500 Internal Error\r\ncontent-length: 340\r\ncontent-type: text/html\r\nconnection: close\r\ncache-control: no-cache, no-store\r\n\r\n<html><body><h1>HTTP 500 internal server error</h1>An unexpected error occurred; please wait a while and try again. If the problem persists, please contact your support representative.<h1> Additional information </h1>Db_exn.Read_missing_uuid(&quot;console&quot;, &quot;&quot;, &quot;11111111-2222-3333-4444-555555555555&quot;)</body></html>',
  )
  const none = request(`${base}/console`)
  await expect.poll(none.received).toMatch(/^HTTP\/1.1 500 [\s\S]*Console.Failure/)
  const get = request(
    `${base}/console?ref=${vm}`,
    'GET',
    'Upgrade: websocket\r\nConnection: Upgrade\r\n',
  )
  await expect.poll(get.received).toMatch(/^HTTP\/1.0 501 Method Not Implemented\r\n/)
  const byRef = request(`${base}/console?ref=${vm}`)
  await expect.poll(byRef.received).toContain('RFB 003.008')
  simulator.pool.db.write('pool', simulator.pool.ref, { limit_console_sessions: true })
  const limited = request(consoleOf(vm, 'rfb'))
  await expect.poll(limited.received).toMatch(/^HTTP\/1.1 503 Connection Limit Exceeded\r\n/)
  byRef.socket.destroy()
  const paused = vmRef('analytics')
  const stopped = request(`${base}/console?ref=${paused}`)
  await expect.poll(stopped.received).toMatch(/^HTTP\/1.1 500 /)
  session = 'OpaqueRef:none'
  const stranger = request(consoleOf(vm, 'rfb'))
  await expect.poll(stranger.received).toMatch(/^HTTP\/1.1 401 [\s\S]*realm="connect_console"/)
})

/** A WebSocket of the console, and the bytes of its frames. */
function webSocket(location: string): { socket: WebSocket; received: () => string } {
  const url = `${location.replace(/^http/, 'ws')}&session_id=${session}`
  const socket = new WebSocket(url, 'binary')
  socket.binaryType = 'arraybuffer'
  const chunks: Buffer[] = []
  socket.addEventListener('message', ({ data }) => {
    if (data instanceof ArrayBuffer) chunks.push(Buffer.from(data))
  })
  return { socket, received: () => Buffer.concat(chunks).toString() }
}

test('a WebSocket carries the same bytes in binary frames, of any length', async () => {
  const vm = vmRef('web-1')
  const { socket, received } = webSocket(consoleOf(vm, 'vt100'))
  await expect.poll(received).toMatch(/web-1 login: $/)
  expect(socket.protocol).toBe('binary')
  socket.send(Buffer.from('root\rx\r'))
  socket.send(`echo ${'y'.repeat(300)}\r`)
  await expect.poll(received).toContain(`\r\n${'y'.repeat(300)}\r\n`)
  const closed = once(socket, 'close')
  socket.close()
  await closed
  const seen = webSocket(consoleOf(vm, 'rfb'))
  await expect.poll(seen.received).toBe('RFB 003.008\n')
  simulator.pool.db.write('pool', simulator.pool.ref, { limit_console_sessions: true })
  const limited = request(consoleOf(vm, 'rfb'), 'GET', 'Upgrade: websocket\r\n')
  await expect
    .poll(limited.received)
    .toBe(
      'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nCache-Control: no-cache, no-store\r\n\r\n',
    )
  const ended = once(seen.socket, 'close')
  await guestShutdown(simulator.pool, vm)
  await ended
})

test('a WebSocket that breaks the rules is told so and closed', async () => {
  const upgrade = 'Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
  for (const [frame, code] of [
    ['8201ff', '03ea'],
    ['82ff0000000100000000', '03f1'],
  ] as const) {
    const { socket, received, ended } = request(consoleOf(vmRef('web-1'), 'rfb'), 'GET', upgrade)
    await expect.poll(received).toMatch(/s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=[^]*RFB 003.008\n$/)
    socket.write(Buffer.from(frame, 'hex'))
    await expect.poll(ended).toBe(true)
    expect(Buffer.from(received(), 'latin1').toString('hex')).toMatch(new RegExp(`8802${code}$`))
  }
})

test('a snapshot of the screen is a PNG of what RFB shows', async () => {
  const vm = vmRef('web-1')
  const url = consoleOf(vm, 'rfb').replace('/console', '/vncsnapshot')
  const reply = await fetch(`${url}&session_id=${session}`)
  expect(reply.headers.get('content-type')).toBe('image/png')
  const file = Buffer.from(await reply.arrayBuffer())
  expect(file.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)]
  const length = file.readUInt32BE(33)
  const lines = inflateSync(file.subarray(41, 41 + length))
  expect(lines).toHaveLength(height * (1 + 3 * width))
  const { socket } = request(consoleOf(vm, 'rfb'))
  socket.removeAllListeners('data')
  const head = await once(socket, 'data')
  socket.pause()
  socket.unshift(Buffer.from(head[0]).subarray(GREETING.length))
  const client = new RfbTestClient(socket)
  socket.resume()
  await client.handshake()
  expect([client.width, client.height]).toEqual([width, height])
  const halted = await fetch(
    `${url.replace(/uuid=.*/, `ref=${vmRef('analytics')}`)}&session_id=${session}`,
  )
  expect(halted.status).toBe(500)
  const serial = await fetch(
    `${consoleOf(vm, 'vt100').replace('/console', '/vncsnapshot')}&session_id=${session}`,
  )
  expect(serial.status).toBe(500)
  socket.destroy()
})

test("a host's own console is a shell that knows its VMs", async () => {
  const { db } = simulator.pool
  const dom0 = text(db.must('host', simulator.pool.coordinator()), 'control_domain')
  const { socket, received } = request(consoleOf(dom0, 'vt100'))
  await expect.poll(received).toMatch(/xen-hh-01 login: $/)
  socket.write('root\rx\rxe vm-list | grep web-1\rpoweroff\r')
  await expect.poll(received).toMatch(/name-label.*: web-1[\s\S]*host\.shutdown/)
  socket.destroy()
})

test('a console can be that of a real VNC server', async () => {
  const server = createServer((socket) => {
    socket.write('RFB 003.008\n')
    socket.on('data', (chunk) => socket.end(`got ${chunk.toString()}`))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const uuid = text(simulator.pool.db.must('VM', vmRef('git')), 'uuid')
  await simulator.close()
  consoles.set(uuid, `vnc://127.0.0.1:${port}`)
  const log: string[] = []
  simulator = await startSimulator({ timeScale: 0, consoles, log: (line) => log.push(line) })
  const account = simulator.pool.sessions.accounts.get('root')
  if (account === undefined) throw new Error('no root')
  session = simulator.pool.sessions.create(account, simulator.pool.coordinator(), 'test').ref
  const first = request(consoleOf(vmRef('git'), 'rfb'))
  await expect.poll(first.received).toBe(`${GREETING}RFB 003.008\n`)
  first.socket.write('hello')
  await expect.poll(first.received).toMatch(/got hello$/)
  await expect.poll(first.ended).toBe(true)
  server.close()
  const second = request(consoleOf(vmRef('git'), 'rfb'))
  await expect.poll(second.ended).toBe(true)
  expect(log.join()).toContain(`VNC server 127.0.0.1:${port}`)
})
