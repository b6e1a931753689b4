import { duplexPair } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { Guest } from '../guest/guest.ts'
import { testMachine } from '../guest/test-machine.ts'
import { TextScreen } from '../screen/text-screen.ts'
import { RfbServer } from './rfb-server.ts'
import { RfbTestClient } from './test-client.ts'

const screens: TextScreen[] = []
const servers: RfbServer[] = []

function makeScreen(): TextScreen {
  const screen = new TextScreen(new Guest(testMachine(), 0))
  screens.push(screen)
  return screen
}

function view(screen: TextScreen): RfbTestClient {
  const [server, client] = duplexPair()
  servers.push(new RfbServer(server, screen))
  return new RfbTestClient(client)
}

/** Asks for changes until the viewer has the guest's picture; the heights of what was sent. */
async function followUntilSame(client: RfbTestClient, screen: TextScreen): Promise<number[]> {
  const heights: number[] = [0]
  const isSame = (): boolean =>
    Buffer.from(client.pixels.buffer).equals(Buffer.from(screen.framebuffer.pixels.buffer))
  while (!isSame()) {
    client.request(true)
    const { rectangles } = await client.update()
    heights.push(...rectangles.map((rectangle) => rectangle.height))
  }
  return heights
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  for (const screen of screens.splice(0)) screen.dispose()
})

test('a viewer sees the log-in prompt and the key it types, drawn for all viewers', async () => {
  const screen = makeScreen()
  expect(screen.text()).toContain('Debian GNU/Linux 13 db-1 tty1')
  expect(screen.text()).toMatch(/db-1 login:$/)
  const raw = view(screen)
  const zrle = view(screen)
  for (const client of [raw, zrle]) {
    await client.handshake()
    expect([client.width, client.height, client.name]).toEqual([1024, 768, 'db-1'])
  }
  raw.setEncodings(0)
  zrle.setEncodings(16)
  for (const client of [raw, zrle]) {
    client.request(false)
    await client.update()
    await followUntilSame(client, screen)
  }
  raw.key(0x78)
  await expect.poll(() => screen.text()).toMatch(/login: x$/)
  for (const client of [raw, zrle]) {
    const heights = await followUntilSame(client, screen)
    // Only the line with the cursor was sent.
    expect(Math.max(...heights)).toBeLessThanOrEqual(32)
  }
})

test('without SetEncodings the whole picture comes as one Raw rectangle', async () => {
  const client = view(makeScreen())
  await client.handshake()
  client.request(false)
  const { rectangles } = await client.update()
  expect(rectangles).toEqual([{ x: 0, y: 0, width: 1024, height: 768, encoding: 0 }])
})

test('a viewer is told the size after a mode change, or keeps the one it knows', async () => {
  const screen = makeScreen()
  const able = view(screen)
  const plain = view(screen)
  for (const client of [able, plain]) await client.handshake()
  able.setEncodings(0, -223)
  screen.framebuffer.resize(640, 400)
  for (const client of [able, plain]) client.request(false)
  expect((await able.update()).rectangles).toEqual([
    { x: 0, y: 0, width: 640, height: 400, encoding: -223 },
  ])
  expect((await plain.update()).rectangles[0]).toMatchObject({ width: 1024, encoding: 0 })
})

test('16 bit big endian pixels arrive as asked for', async () => {
  const client = view(makeScreen())
  await client.handshake()
  const format = Buffer.from([0, 0, 0, 0, 16, 16, 1, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0])
  client.stream.write(format)
  client.request(false)
  await client.read(4)
  await client.read(12)
  const data = await client.read(1024 * 768 * 2)
  const values = new Set(
    Array.from({ length: data.length / 2 }, (_, i) => data.readUInt16BE(i * 2)),
  )
  // Light grey on black: 0xaa of 0xff is 21 of 31 and 42 of 63.
  expect(values.has((21 << 11) | (42 << 5) | 21)).toBe(true)
  expect(values.has(0)).toBe(true)
})

test('versions 3.3 and 3.7 are negotiated', async () => {
  const old = view(makeScreen())
  await old.read(12)
  old.stream.write('RFB 003.003\n')
  expect([...(await old.read(4))]).toEqual([0, 0, 0, 1])
  old.stream.write(Uint8Array.of(1))
  expect((await old.read(24)).readUInt16BE(0)).toBe(1024)
  const seven = view(makeScreen())
  await seven.read(12)
  seven.stream.write('RFB 003.007\n')
  expect([...(await seven.read(2))]).toEqual([1, 1])
  seven.stream.write(Uint8Array.of(1, 1))
  expect((await seven.read(24)).readUInt16BE(0)).toBe(1024)
})

const hostile: readonly (readonly [string, readonly number[]])[] = [
  ['an unknown message', [99, 1, 2, 3]],
  ['65,535 encodings', [2, 0, 0xff, 0xff]],
  ['4 GB of clipboard', [6, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]],
  ['24 bits per pixel', [0, 0, 0, 0, 24, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]],
  ['a shift outside the pixel', [0, 0, 0, 0, 8, 8, 0, 1, 0, 7, 0, 7, 0, 3, 30, 3, 6, 0, 0, 0]],
  ['an unknown QEMU message', [255, 7, 0, 0]],
]

test.each(hostile)('%s ends the connection', async (_name, bytes) => {
  const client = view(makeScreen())
  await client.handshake()
  client.stream.write(Uint8Array.from(bytes))
  await expect.poll(() => client.closed).toBe(true)
})

test('what is no RFB client is dropped', async () => {
  const client = view(makeScreen())
  await client.read(12)
  client.stream.write('GET / HTTP/1.1\r\n')
  await expect.poll(() => client.closed).toBe(true)
})

test('clipboard text is skipped and the connection goes on', async () => {
  const client = view(makeScreen())
  await client.handshake()
  client.stream.write(
    Buffer.concat([Buffer.from([6, 0, 0, 0, 0, 1, 0, 0]), Buffer.alloc(65_536, 6)]),
  )
  client.request(false)
  expect((await client.update()).rectangles).toHaveLength(1)
})
