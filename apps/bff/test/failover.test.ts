import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { CertificateProbe, ConsoleTicket, OperationReply } from '@xendeck/contract'
import { startSimulator, type Simulator } from '@xendeck/simulator'
import { TestBff, type Client } from './bff.ts'
import { FeedClient } from './feed-client.ts'

let simulator: Simulator
let dataDir: string
let bff: TestBff
let admin: Client
let feed: FeedClient

beforeEach(async () => {
  simulator = await startSimulator({ timeScale: 0, tls: true })
  dataDir = mkdtempSync(join(tmpdir(), 'xendeck-failover-'))
  await start()
})

afterEach(async () => {
  await stop()
  await simulator.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(): Promise<void> {
  bff = await TestBff.start({ dataDir })
  admin = await bff.administrator()
  feed = await FeedClient.open(bff, admin)
}

async function stop(): Promise<void> {
  feed.close()
  await bff.close()
}

async function fingerprintAt(address: string): Promise<string | undefined> {
  const probe = await admin.request('POST', '/api/v1/certificate-probes', { body: { address } })
  return (probe.json as Partial<CertificateProbe>).certificate?.fingerprint
}

/** With nothing but this address and its own certificate confirmed. */
async function register(address: string): Promise<OperationReply & { text: string }> {
  const reply = await admin.request('POST', '/api/v1/connections', {
    body: {
      address,
      username: 'root',
      password: 'secret',
      fingerprint: await fingerprintAt(address),
    },
  })
  return { ...(reply.json as OperationReply), text: reply.text }
}

const isLive = () => feed.all('pool')[0]?.live === true && feed.all('vm').length > 10

/** Ends the coordinator and makes a member take over, as high availability or a person would. */
async function loseCoordinator(): Promise<void> {
  const { pool } = simulator
  const dead = pool.coordinator()
  const heir = pool.servers.find(({ host }) => host !== dead)
  await pool.faults.killHost(dead)
  pool.faults.promote(heir?.host ?? '')
}

describe('a pool of three hosts, each with its own certificate', () => {
  it('shows consoles of the VMs of every host', async () => {
    await register(simulator.url)
    await feed.until(isLive)
    const hosts = new Set<string | null>()
    for (const vm of feed.all('vm')) {
      if (!vm.consoles.includes('rfb') || hosts.has(vm.hostId)) continue
      hosts.add(vm.hostId)
      const { json } = await admin.request('POST', `/api/v1/vms/${vm.id}/console-tickets`, {
        body: { protocol: 'rfb' },
      })
      const { ticket } = json as Partial<ConsoleTicket>
      const url = `${bff.origin.replace('http', 'ws')}/api/v1/console/${ticket}`
      const socket = new WebSocket(url, ['binary'], { headers: { cookie: admin.cookie ?? '' } })
      const first = await new Promise<string>((resolve, reject) => {
        socket.once('message', (data: Buffer) => resolve(data.toString('latin1')))
        socket.once('close', (code, reason) => reject(new Error(`${code} ${String(reason)}`)))
      })
      expect(first).toMatch(/^RFB 003\.00\d\n/)
      socket.terminate()
    }
    expect(hosts.size).toBe(3)
  })

  it('is followed to its new coordinator', async () => {
    await register(simulator.url)
    await feed.until(isLive)
    await loseCoordinator()
    await feed.until(() => feed.all('pool')[0]?.live === false)
    await feed.until(isLive)
    const [vm] = feed.all('vm')
    const renamed = await admin.request('POST', `/api/v1/vms/${vm?.id}/rename`, {
      body: { name: 'after the failover' },
    })
    expect(renamed.status).toBe(200)
    await feed.until(() => feed.get('vm', vm?.id ?? '')?.name === 'after the failover')
  })

  it('is found by a console that starts while the registered address is dead', async () => {
    await register(simulator.url)
    await feed.until(isLive)
    await vi.waitUntil(async () => await remembered())
    await stop()
    await loseCoordinator()
    await start()
    await feed.until(isLive)
  })

  it('has its coordinator named to those who give the address of a member', async () => {
    const { text } = await register(simulator.urls[1] ?? '')
    const { error } = JSON.parse(text) as { error: { code: string; message: string } }
    expect(error.code).toBe('HOST_IS_SLAVE')
    expect(error.message).toContain(new URL(simulator.url).host)
    expect(feed.all('connection')).toEqual([])
  })

  it('is not given up where the coordinator is away and members show unknown certificates', async () => {
    for (const [ref] of simulator.pool.db.all('Certificate'))
      simulator.pool.db.destroy('Certificate', ref)
    await register(simulator.url)
    await feed.until(isLive)
    const { pool } = simulator
    await pool.faults.killHost(pool.coordinator())
    await feed.until(() => feed.all('connection')[0]?.state === 'reconnecting')
    await feed.until(() => feed.all('connection')[0]?.retryAt)
    await pool.faults.reviveHost(pool.coordinator())
    await feed.until(isLive)
  })
})

async function remembered(): Promise<boolean> {
  const rows = await bff.bff.context.store.db.selectFrom('settings').selectAll().execute()
  return rows.some(({ key, value }) => key.startsWith('pool_members:') && value.includes('127.0.'))
}
