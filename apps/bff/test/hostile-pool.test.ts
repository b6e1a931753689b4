import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kinds, resources } from '@xendeck/contract'
import { startSimulator, type Simulator } from '@xendeck/simulator'
import { TestBff, type Client } from './bff.ts'
import { FeedClient } from './feed-client.ts'

/** Answers each call by its method; what it holds open ends with the test. */
type Behaviour = (method: string, response: ServerResponse, request: IncomingMessage) => void

let simulator: Simulator
let bff: TestBff
let admin: Client
let feed: FeedClient
let servers: Server[]

beforeEach(async () => {
  servers = []
  simulator = await startSimulator({ timeScale: 0, data: { hosts: 1, vms: 5, seed: 1 } })
})

afterEach(async () => {
  feed.close()
  await bff.close()
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  await simulator.close()
})

async function serve(behaviour: Behaviour): Promise<string> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () =>
      behaviour(/<methodName>(.*?)</.exec(body)?.[1] ?? '', response, request),
    )
    response.on('error', () => {})
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A BFF with a good pool and a bad one; the good one is there. */
async function startBeside(behaviour: Behaviour): Promise<void> {
  const address = await serve(behaviour)
  bff = await TestBff.start({
    pools: [
      { address, username: 'root', password: 'secret', label: 'bad' },
      { address: simulator.url, username: 'root', password: 'secret', label: 'good' },
    ],
  })
  admin = await bff.administrator()
  feed = await FeedClient.open(bff, admin)
  await feed.until(
    () => feed.all('connection').find(({ label }) => label === 'good')?.state === 'connected',
  )
}

const bad = () => feed.all('connection').find(({ label }) => label === 'bad')

/** The good pool is there, and what is done to it arrives. */
async function goodPoolWorks(): Promise<void> {
  const good = feed.all('connection').find(({ label }) => label === 'good')
  const vm = await feed.until(() => feed.all('vm').find(({ poolId }) => poolId === good?.poolId))
  const name = `renamed ${Math.random()}`
  const reply = await admin.request('POST', `/api/v1/vms/${vm.id}/rename`, { body: { name } })
  expect(reply.status).toBe(200)
  await feed.until(() => feed.get('vm', vm.id)?.name === name)
}

const reply = (value: string) =>
  `<?xml version="1.0"?><methodResponse><params><param><value><struct><member><name>Status</name><value>Success</value></member><member><name>Value</name><value>${value}</value></member></struct></value></param></params></methodResponse>`

const struct = (members: Record<string, string>) =>
  `<struct>${Object.entries(members)
    .map(([name, value]) => `<member><name>${name}</name><value>${value}</value></member>`)
    .join('')}</struct>`
const array = (values: readonly string[]) =>
  `<array><data>${values.map((value) => `<value>${value}</value>`).join('')}</data></array>`

function send(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'Content-Type': 'text/xml' })
  response.end(body)
}

const failures: readonly (readonly [string, Behaviour])[] = [
  ['garbage', (_, response) => send(response, '\0\x01garbage <<<>>> '.repeat(1000))],
  ['HTML', (_, response) => send(response, '<!DOCTYPE html><html><body>Hello</body></html>')],
  ['half a head', (_, response) => void response.socket?.end('HTTP/1.1 200 OK\r\nContent-Le')],
  ['nothing', (_, response) => void response.socket?.destroy()],
  [
    'a head without an end',
    (_, { socket }) => {
      socket?.write('HTTP/1.1 200 OK\r\n')
      for (let n = 0; n < 2000; n += 1) socket?.write(`X-${n}: ${'y'.repeat(100)}\r\n`)
    },
  ],
  [
    'a redirect to itself',
    (_, response) => {
      response.writeHead(302, { Location: '/' })
      response.end()
    },
  ],
  [
    'a coordinator that names another that names it',
    (_, response) =>
      send(
        response,
        reply('').replace(
          /<struct>.*<\/struct>/,
          struct({ Status: 'Failure', ErrorDescription: array(['HOST_IS_SLAVE', 'localhost']) }),
        ),
      ),
  ],
  [
    'a gigabyte of zeros',
    (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/xml', 'Content-Length': 2 ** 30 })
      const zeros = Buffer.alloc(64 * 1024)
      const pour = () => {
        while (!response.destroyed && response.write(zeros));
        response.once('drain', pour)
      }
      pour()
    },
  ],
  [
    'text without an end',
    (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/xml' })
      response.write(reply('OpaqueRef:').slice(0, 150))
      const text = 'x'.repeat(64 * 1024)
      const pour = () => {
        while (!response.destroyed && response.write(text));
        response.once('drain', pour)
      }
      pour()
    },
  ],
]

describe('a server that is no pool', () => {
  it.each(failures)('answers with %s', async (_, behaviour) => {
    await startBeside(behaviour)
    await feed.until(
      () => bad()?.state === 'reconnecting' || bad()?.state === 'failed',
      'the refusal',
    )
    expect(bad()?.reason?.message).toBeTruthy()
    await goodPoolWorks()
  })

  it('answers one byte at a time, for ever', async () => {
    await startBeside((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/xml' })
      const timer = setInterval(() => response.write(' '), 20)
      response.once('close', () => clearInterval(timer))
    })
    await goodPoolWorks()
    expect(bad()?.state).toBe('connecting')
  })
})

/** What a pool of evil objects tells in its first event.from. */
function evilEvents(): string {
  const event = (cls: string, ref: string, snapshot: Record<string, string>) =>
    struct({
      id: '1',
      timestamp: '0.0',
      class: cls,
      operation: 'add',
      ref,
      snapshot: struct(snapshot),
    })
  const long = 'n'.repeat(1024 * 1024)
  const vm = {
    name_label: long,
    is_a_template: '<boolean>0</boolean>',
    is_a_snapshot: '<boolean>0</boolean>',
    is_control_domain: '<boolean>0</boolean>',
    power_state: 'Running',
    resident_on: 'OpaqueRef:no-such-host',
    VBDs: array(['OpaqueRef:nowhere', '', 'OpaqueRef:NULL', 'OpaqueRef:vm']),
    VIFs: array(['OpaqueRef:nowhere']),
    consoles: array(['OpaqueRef:console']),
    other_config: struct({ ['__proto__']: 'evil', constructor: 'y', toString: 'z' }),
  }
  const snapshots = ['a', 'b', 'c'].map((name, index, all) =>
    event('vm', `OpaqueRef:snapshot-${name}`, {
      uuid: `snapshot-${name}`,
      is_a_snapshot: '<boolean>1</boolean>',
      snapshot_of: `OpaqueRef:snapshot-${all[(index + 1) % 3]}`,
      parent: `OpaqueRef:snapshot-${all[(index + 1) % 3]}`,
      children: array(all.map((one) => `OpaqueRef:snapshot-${one}`)),
    }),
  )
  const events = [
    event('pool', 'OpaqueRef:pool', { uuid: 'evil-pool', master: 'OpaqueRef:nobody' }),
    event('vm', 'OpaqueRef:vm', { uuid: 'evil-vm', ...vm }),
    event('vm', '__proto__', {
      uuid: '__proto__',
      name_label: '&lt;script&gt;alert(1)&lt;/script&gt;',
    }),
    event('vm', 'OpaqueRef:empty', {}),
    event('vm', 'OpaqueRef:twin', { uuid: 'evil-vm' }),
    event('sr', 'OpaqueRef:sr', { uuid: 'evil-sr', physical_size: '-1', VDIs: array(['x']) }),
    event('vdi', 'OpaqueRef:vdi', {
      uuid: 'evil-vdi',
      SR: 'OpaqueRef:vdi',
      snapshot_of: 'OpaqueRef:vdi',
    }),
    event('console', 'OpaqueRef:console', {
      protocol: 'rfb',
      location: 'javascript:alert(1)',
      VM: 'OpaqueRef:vm',
    }),
    event('pif', 'OpaqueRef:pif', { uuid: 'evil-pif', bond_slave_of: 'OpaqueRef:pif', host: '' }),
    event('task', 'OpaqueRef:task', {
      uuid: 'evil-task',
      name_label: long,
      subtask_of: 'OpaqueRef:task',
    }),
    event('nonsense', 'OpaqueRef:what', { uuid: 'x' }),
    ...snapshots,
  ]
  return struct({
    events: array(events),
    valid_ref_counts: struct({}),
    token: '00000000000000000001,00000000000000000000',
  })
}

describe('a pool of evil objects', () => {
  it('shows what can be shown, and nothing that breaks the contract', async () => {
    let polls = 0
    await startBeside((method, response) => {
      if (method === 'session.login_with_password') return send(response, reply('OpaqueRef:s'))
      if (method !== 'event.from') return send(response, reply(''))
      polls += 1
      if (polls === 1) send(response, reply(evilEvents()))
    })
    await feed.until(() => bad()?.state === 'connected' || bad()?.reason)
    expect(bad()?.reason).toBeNull()
    await feed.until(() => feed.get('vm', 'evil-vm') && feed.get('disk', 'evil-vdi'), 'its objects')
    for (const kind of kinds) for (const one of feed.all(kind)) resources[kind].parse(one)
    expect(({} as Record<string, unknown>)['evil']).toBeUndefined()
    const ticket = await admin.request('POST', '/api/v1/vms/evil-vm/console-tickets', {
      body: { protocol: 'rfb' },
    })
    expect(ticket.status).toBe(201)
    await goodPoolWorks()
  })

  it('that never stops to make tasks holds up nobody', async () => {
    let n = 0
    await startBeside((method, response) => {
      if (method === 'session.login_with_password') return send(response, reply('OpaqueRef:s'))
      if (method !== 'event.from') return send(response, reply(''))
      const events = Array.from({ length: 500 }, () => {
        n += 1
        return struct({
          id: String(n),
          timestamp: '0.0',
          class: n <= 1 ? 'pool' : 'task',
          operation: n % 2 === 0 ? 'add' : 'mod',
          ref: n <= 1 ? 'OpaqueRef:pool' : `OpaqueRef:task-${n >> 1}`,
          snapshot: struct({
            uuid: `task-${n >> 1}`,
            name_label: 'Async.VM.start',
            status: n % 2 === 0 ? 'pending' : 'success',
          }),
        })
      })
      const token = `${String(n).padStart(20, '0')},00000000000000000000`
      setTimeout(
        () =>
          send(
            response,
            reply(struct({ events: array(events), valid_ref_counts: struct({}), token })),
          ),
        5,
      )
    })
    await feed.until(() => n > 10_000, 'ten thousand tasks')
    await goodPoolWorks()
    await goodPoolWorks()
  })
})
