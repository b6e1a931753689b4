import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { kinds, resources } from '@xendeck/contract'
import { TestBff } from './bff.ts'
import { FeedClient } from './feed-client.ts'

/** A real xapi's bytes (see fixtures/recordings/FACTS.md), answered again by method. */
const folder = new URL('../../../fixtures/recordings/', import.meta.url)
const names = readdirSync(folder)

function recorded(prefix: string): Buffer {
  const name = names.find((one) => one.startsWith(prefix) && one.endsWith('.resp'))
  if (name === undefined) throw new Error(`no recording ${prefix}`)
  const file = readFileSync(new URL(name, folder))
  return file.subarray(file.indexOf('\r\n\r\n') + 4)
}

let server: Server
let bff: TestBff
let feed: FeedClient
const calls: string[] = []
/** Answers of event.from after the first, one each; then it waits, as a quiet pool does. */
const later: Buffer[] = []
let waiting: (() => void) | undefined

function answer(method: string, response: ServerResponse, isFirst: boolean): void {
  calls.push(method)
  const send = (body: Buffer) => response.setHeader('Content-Type', 'text/xml').end(body)
  if (method === 'session.login_with_password') return void send(recorded('001-'))
  if (method === 'event.from' && isFirst) return void send(recorded('174-'))
  if (method === 'event.from') {
    const next = () => {
      const body = later.shift()
      if (body) send(body)
      else waiting = next
    }
    return next()
  }
  // The class as it is spelt in the names of the recordings.
  const cls = /^(\w+)\.get_all_records$/.exec(method)?.[1]
  send(
    recorded(
      cls === undefined ? '012-' : String(names.find((one) => one.endsWith(`-allrec-${cls}.resp`))),
    ),
  )
}

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => {
      const method = /<methodName>(.*?)</.exec(body)?.[1] ?? ''
      answer(method, response, !/<string>\d+,\d+<\/string>/.test(body))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  bff = await TestBff.start({
    pools: [{ address: `http://127.0.0.1:${port}`, username: 'root', password: 'secret' }],
  })
  feed = await FeedClient.open(bff, await bff.administrator())
})

afterAll(async () => {
  feed.close()
  await bff.close()
  server.closeAllConnections()
  server.close()
})

it('shows a real pool as a whole, in the words of the contract', async () => {
  await feed.until(() => feed.all('pool').length === 1, 'the pool')
  await feed.until(() => feed.all('connection')[0]?.state === 'connected')
  for (const kind of kinds)
    for (const resource of feed.all(kind)) {
      const { error } = resources[kind].safeParse(resource)
      expect({ kind, resource, error: error?.issues }).toMatchObject({ error: undefined })
    }
  expect(bff.log).not.toContain('cannot be shown')
  expect({
    hosts: feed.all('host').length,
    networks: feed.all('network').length,
    storages: feed.all('storage').length,
    disks: feed.all('disk').length,
    nics: feed.all('physicalNic').length,
  }).toEqual({ hosts: 1, networks: 4, storages: 2, disks: 4, nics: 2 })
  const machines = feed.all('vm').length + feed.all('template').length + feed.all('snapshot').length
  // 52 with the control domain.
  expect(machines).toBe(51)
  expect(feed.all('template').length).toBeGreaterThan(20)
})

it('takes what its objects allow, and its names, from the events that follow', async () => {
  const vm = await feed.until(() => feed.all('vm')[0], 'a VM')
  expect(vm.powerState).toMatch(/^(halted|running)$/)
  expect(vm.allowed.length).toBeGreaterThan(3)
  const modified = recorded('191-')
  later.push(modified)
  waiting?.()
  await feed.until(() => later.length === 0)
  await expect
    .poll(() => calls.filter((method) => method === 'event.from').length)
    .toBeGreaterThan(2)
  const ref = /<name>ref<\/name><value>(OpaqueRef:[\w-]+)/.exec(String(modified))?.[1]
  expect(ref).toBeDefined()
  const wire = await feed.until(() => feed.all('vm').find(({ name }) => name.startsWith('wire')))
  expect(wire.allowed).toContain('start')
  expect(feed.all('connection')[0]).toMatchObject({ state: 'connected', reason: null })
})
