import { createHash, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { closeCodes, type ConsoleTicket, type Vm } from '@xendeck/contract'
import { startSimulator, type Simulator } from '@xendeck/simulator'
import { TestBff, type Client } from './bff.ts'
import { EchoHost } from './echo-host.ts'
import { FeedClient } from './feed-client.ts'

let simulator: Simulator
let host: EchoHost
let bff: TestBff
let admin: Client
let feed: FeedClient
let vm: Vm

beforeEach(async () => {
  simulator = await startSimulator({ timeScale: 0 })
  host = await EchoHost.start()
  bff = await TestBff.start({
    pools: [{ address: simulator.url, username: 'root', password: 'secret' }],
  })
  admin = await bff.administrator()
  feed = await FeedClient.open(bff, admin)
  vm = await feed.until(() => feed.all('vm').find(canMove))
  await moveConsole('first')
})

afterEach(async () => {
  feed.close()
  await bff.close()
  await host.close()
  await simulator.close()
})

/** A running VM with a screen whose disks and networks all hosts have. */
function canMove({ consoles, allowed, drives, nicIds }: Vm): boolean {
  const storages = drives.map(({ diskId }) =>
    feed.get('storage', feed.get('disk', diskId ?? '')?.storageId ?? ''),
  )
  const networks = nicIds.map((id) => feed.get('network', feed.get('nic', id)?.networkId ?? ''))
  return (
    consoles.includes('rfb') &&
    allowed.includes('pool_migrate') &&
    drives.every(({ diskId }, index) => diskId === null || storages[index]?.shared) &&
    networks.every((network) => network?.physicalNicIds.length === feed.all('host').length)
  )
}

/** Makes the VM's rfb console one of the test's host, and waits until the BFF must have heard of it. */
async function moveConsole(name: string, to = host): Promise<void> {
  const { db } = simulator.pool
  const vmRef = db.byUuid('VM', vm.id) ?? ''
  const [ref] =
    [...db.all('console')].find(([, row]) => row['VM'] === vmRef && row['protocol'] === 'rfb') ?? []
  db.write('console', ref ?? '', { location: to.location(name) })
  db.write('VM', vmRef, { name_description: name })
  await feed.until(() => feed.get('vm', vm.id)?.description === name)
}

/** A console of the pool's own hosts. */
async function openGuest(protocol: 'rfb' | 'vt100'): Promise<Browser> {
  const guest = feed
    .all('vm')
    .find(({ id, consoles }) => id !== vm.id && consoles.includes(protocol))
  const { json } = await ticketFor(admin, protocol, guest?.id)
  return new Browser((json as Partial<ConsoleTicket>).ticket ?? '', admin)
}

async function ticketFor(client = admin, protocol = 'rfb', id = vm.id) {
  return await client.request('POST', `/api/v1/vms/${id}/console-tickets`, { body: { protocol } })
}

class Browser {
  readonly socket: WebSocket
  readonly closed: Promise<{ code: number; reason: string }>
  readonly #chunks: Buffer[] = []
  #length = 0

  constructor(ticket: string, client: Client) {
    const url = `${bff.origin.replace('http', 'ws')}/api/v1/console/${ticket}`
    this.socket = new WebSocket(url, ['binary'], { headers: { cookie: client.cookie ?? '' } })
    this.socket.on('message', (data: Buffer) => {
      this.#chunks.push(data)
      this.#length += data.length
    })
    this.socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }))
    })
  }

  get received(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  async has(length: number): Promise<void> {
    await vi.waitUntil(() => this.#length >= length, { timeout: 15_000, interval: 10 })
  }
}

async function open(client = admin): Promise<Browser> {
  const { json } = await ticketFor(client)
  const browser = new Browser((json as Partial<ConsoleTicket>).ticket ?? '', client)
  return browser
}

/** A console that has shown its first bytes. */
async function opened(client = admin): Promise<Browser> {
  const browser = await open(client)
  await browser.has(5)
  return browser
}

describe('a console', () => {
  it('carries bytes both ways, with the sub-protocol, from the first byte on', async () => {
    const browser = await opened()
    expect(browser.socket.protocol).toBe('binary')
    expect(browser.received.toString()).toBe('ready')
    browser.socket.send(Buffer.from([0, 1, 2, 255]))
    await browser.has(9)
    expect([...browser.received.subarray(5)]).toEqual([0, 1, 2, 255])
    browser.socket.close()
  })

  it('of a guest is what its host draws', async () => {
    const screen = await openGuest('rfb')
    await screen.has(12)
    expect(screen.received.toString('latin1')).toMatch(/^RFB 003\.00\d\n/)
    const terminal = await openGuest('vt100')
    terminal.socket.once('open', () => terminal.socket.send(Buffer.from('\r')))
    await terminal.has(1)
    expect(terminal.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('carries much, unchanged, and holds the sender back while the reader is slow', async () => {
    const browser = await opened()
    browser.socket.pause()
    const sent = randomBytes(24 * 1024 * 1024)
    const piece = 256 * 1024
    for (let at = 0; at < sent.length; at += piece)
      browser.socket.send(sent.subarray(at, at + piece))
    // What the kernel's and our own windows hold, and no more, gets through to a reader that does not read.
    await expect.poll(() => host.received).toBeGreaterThan(100_000)
    let before = -1
    await expect
      .poll(
        () => {
          const stands = host.received === before
          before = host.received
          return stands
        },
        { interval: 300, timeout: 15_000 },
      )
      .toBe(true)
    expect(host.received).toBeLessThan(sent.length)
    browser.socket.resume()
    await browser.has(sent.length + 5)
    const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
    expect(digest(browser.received.subarray(5))).toBe(digest(sent))
  })

  it('ends at the host when the browser closes', async () => {
    const browser = await opened()
    browser.socket.close()
    await browser.closed
    await expect.poll(() => host.sockets.size).toBe(0)
    expect(host.ended.size).toBe(1)
  })

  it('is audited with its length, never with what went through', async () => {
    const browser = await opened()
    browser.socket.send(Buffer.from('hunter2'))
    await browser.has(12)
    browser.socket.close()
    const lines = () =>
      bff.bff.context.store.db
        .selectFrom('audit')
        .selectAll()
        .where('action', 'like', 'console.%')
        .execute()
    await expect.poll(async () => (await lines()).length).toBe(2)
    const [first, second] = await lines()
    expect(first).toMatchObject({
      action: 'console.open',
      target_id: vm.id,
      result: 'ok',
      user_name: 'admin',
    })
    expect(second?.result).toMatch(/^ok: \d+ s, 12 B out, 7 B in$/)
    expect(bff.log + JSON.stringify(await lines())).not.toContain('hunter2')
    expect(bff.log).not.toMatch(/session_id=|OpaqueRef:[0-9a-f-]{36}.*session/)
  })

  it('that is about to appear is waited for', async () => {
    const { db } = simulator.pool
    const vmRef = db.byUuid('VM', vm.id) ?? ''
    for (const [ref, row] of db.all('console')) if (row['VM'] === vmRef) db.destroy('console', ref)
    await feed.until(() => feed.get('vm', vm.id)?.consoles.length === 0)
    const browser = await open()
    db.create('console', { protocol: 'rfb', location: host.location('late'), VM: vmRef })
    await browser.has(5)
    expect(browser.received.toString()).toBe('ready')
  })

  it('that the host refuses for a moment is tried again', async () => {
    host.status = 500
    const browser = await open()
    await expect.poll(() => host.connects).toBeGreaterThan(0)
    host.status = 200
    await browser.has(5)
    expect(host.connects).toBeGreaterThan(1)
  })
})

describe('tickets', () => {
  it('open once, within half a minute, for the session that asked', async () => {
    const { json, status } = await ticketFor()
    expect(status).toBe(201)
    const { ticket } = json as { ticket: string }
    const stranger = new Browser(ticket, await bff.signedIn('admin', 'correct horse battery'))
    expect((await stranger.closed).code).toBe(closeCodes.NOT_FOUND)
    const first = new Browser(ticket, admin)
    await first.has(5)
    expect((await new Browser(ticket, admin).closed).code).toBe(closeCodes.NOT_FOUND)
    const late = (await ticketFor()).json as { ticket: string }
    bff.clock.advance(30_001)
    expect((await new Browser(late.ticket, admin).closed).code).toBe(closeCodes.NOT_FOUND)
  })

  it('are for those who may use consoles, of VMs that they may see', async () => {
    expect((await ticketFor(await bff.auditor())).code).toBe('FORBIDDEN')
    expect((await ticketFor(admin, 'rfb', 'nothing')).code).toBe('NOT_FOUND')
    expect((await ticketFor(admin, 'telnet')).code).toBe('INVALID_INPUT')
  })
})

describe('the console ends with', () => {
  const codeOf = async (browser: Browser) => (await browser.closed).code

  it('VM_STOPPED when the VM stops', async () => {
    const browser = await opened()
    await admin.request('POST', `/api/v1/vms/${vm.id}/force-shut-down`, { body: {} })
    expect(await codeOf(browser)).toBe(closeCodes.VM_STOPPED)
    expect(await codeOf(await open())).toBe(closeCodes.VM_STOPPED)
  })

  it('VM_STOPPED when it is restarted: another console at the same host', async () => {
    const browser = await opened()
    await moveConsole('second')
    expect(await browser.closed).toEqual({
      code: closeCodes.VM_STOPPED,
      reason: 'the VM was restarted',
    })
  })

  it('VM_MIGRATED when it moves', async () => {
    const browser = await opened()
    const other = feed.all('host').find(({ id, state }) => id !== vm.hostId && state === 'running')
    const moved = await admin.request('POST', `/api/v1/vms/${vm.id}/migrate`, {
      body: { hostId: other?.id },
    })
    expect(await feed.finished(moved.json?.['taskId'])).toMatchObject({
      error: null,
      status: 'success',
    })
    expect(await codeOf(browser)).toBe(closeCodes.VM_MIGRATED)
  })

  it('CONSOLE_LOST when the host closes it', async () => {
    const browser = await opened()
    for (const socket of host.sockets) socket.end('last words')
    expect(await codeOf(browser)).toBe(closeCodes.CONSOLE_LOST)
    expect(browser.received.toString()).toBe('readylast words')
  })

  it.each([
    [503, closeCodes.LIMIT_REACHED],
    [401, closeCodes.POOL_SESSION_LOST],
    [403, closeCodes.FORBIDDEN],
  ])('its code when the host answers %i', async (status, code) => {
    host.status = status
    expect(await codeOf(await open())).toBe(code)
  })

  it('POOL_UNREACHABLE when the pool is disconnected, or the host does not answer', async () => {
    const browser = await opened()
    const nowhere = await EchoHost.start()
    await moveConsole('nowhere', nowhere)
    await nowhere.close()
    expect(await codeOf(await open())).toBe(closeCodes.POOL_UNREACHABLE)
    await moveConsole('first')
    const again = await opened()
    const [connection] = feed.all('connection')
    await admin.request('POST', `/api/v1/connections/${connection?.id}/disconnect`, { body: {} })
    expect(await codeOf(again)).toBe(closeCodes.POOL_UNREACHABLE)
    // The console had moved to another address by then.
    expect(await codeOf(browser)).toBe(closeCodes.VM_MIGRATED)
  })

  it('SESSION_ENDED at sign-out', async () => {
    const other = await bff.signedIn('admin', 'correct horse battery')
    const browser = await opened(other)
    await other.request('DELETE', '/api/v1/session')
    expect(await codeOf(browser)).toBe(closeCodes.SESSION_ENDED)
    await expect.poll(() => host.sockets.size).toBe(0)
  })

  it('PROTOCOL when the browser sends text', async () => {
    const browser = await opened()
    browser.socket.send('text')
    expect(await codeOf(browser)).toBe(closeCodes.PROTOCOL)
  })

  it('LIMIT_REACHED beyond twenty of a person', async () => {
    for (let count = 0; count < 20; count += 1) await opened()
    expect(await codeOf(await open())).toBe(closeCodes.LIMIT_REACHED)
  })

  it('GOING_AWAY when the BFF stops', async () => {
    const browser = await opened()
    await bff.bff.close()
    expect(await codeOf(browser)).toBe(closeCodes.GOING_AWAY)
  })
})
