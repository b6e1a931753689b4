import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Host, LoadReply, Vm } from '@xendeck/contract'
import { startSimulator, type Simulator } from '@xendeck/simulator'
import { TestBff, type Client } from './bff.ts'
import { FeedClient } from './feed-client.ts'

let simulator: Simulator
let bff: TestBff
let admin: Client
let feed: FeedClient

beforeAll(async () => {
  simulator = await startSimulator({ timeScale: 0 })
  bff = await TestBff.start({
    pools: [{ address: simulator.url, username: 'root', password: 'secret' }],
  })
  admin = await bff.administrator()
  feed = await FeedClient.open(bff, admin)
  await feed.until(() => feed.all('vm').length > 10)
})

afterAll(async () => {
  feed.close()
  await bff.close()
  await simulator.close()
})

async function load(kind: 'vm' | 'host', ids: readonly string[], as = admin): Promise<LoadReply> {
  const { status, text } = await as.request('GET', `/api/v1/load?kind=${kind}&ids=${ids.join(',')}`)
  expect(status).toBe(200)
  return JSON.parse(text)
}

describe('load', () => {
  it('shows ten minutes of every host’s VMs at the first look', async () => {
    const running = feed.all('vm').filter(({ powerState }: Vm) => powerState === 'running')
    expect(new Set(running.map(({ hostId }) => hostId)).size).toBe(3)
    const { step, series } = await load(
      'vm',
      running.map(({ id }) => id),
    )
    expect(step).toBe(5)
    expect(Object.keys(series).toSorted()).toEqual(running.map(({ id }) => id).toSorted())
    for (const { cpu } of Object.values(series)) {
      expect(cpu.length).toBeGreaterThan(0)
      for (const value of cpu) expect(value ?? 0).toSatisfy((use: number) => use >= 0 && use <= 1)
    }
  })

  it('shows hosts too, and nothing of what does not run or is not there', async () => {
    const hosts = feed.all('host').map(({ id }: Host) => id)
    expect(Object.keys((await load('host', hosts)).series).toSorted()).toEqual(hosts.toSorted())
    const halted = feed.all('vm').find(({ powerState }: Vm) => powerState === 'halted')
    expect(await load('vm', [halted?.id ?? '', 'nobody', '__proto__'])).toEqual({
      step: 5,
      series: {},
    })
  })

  it('refuses what it is not for', async () => {
    for (const query of ['', '?kind=vm', '?kind=pool&ids=a']) {
      const { status } = await admin.request('GET', `/api/v1/load${query}`)
      expect(status).toBe(400)
    }
    const many = Array.from({ length: 201 }, (_, i) => `id-${i}`).join(',')
    expect((await admin.request('GET', `/api/v1/load?kind=vm&ids=${many}`)).status).toBe(400)
  })
})
