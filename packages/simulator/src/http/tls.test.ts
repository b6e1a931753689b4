import { execFileSync } from 'node:child_process'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSimulator } from '../index.ts'
import type { Simulator } from '../index.ts'

let simulator: Simulator

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'])
    return true
  } catch {
    return false
  }
}

const available = hasOpenssl()

beforeAll(async () => {
  if (available)
    simulator = await startSimulator({
      data: { hosts: 2, vms: 0, seed: 1 },
      timeScale: 0,
      tls: true,
    })
})

afterAll(() => simulator?.close())

function fingerprint(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect(
      { host: hostname, port: Number(port), rejectUnauthorized: false },
      () => {
        resolve(socket.getPeerCertificate().fingerprint256)
        socket.destroy()
      },
    )
    socket.on('error', reject)
  })
}

test.skipIf(!available)(
  'each host has its own certificate, the same at every connection',
  async () => {
    const [first, second] = simulator.urls
    expect(first).toMatch(/^https:/)
    const pinned = await fingerprint(first!)
    expect(pinned).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
    expect(await fingerprint(first!)).toBe(pinned)
    expect(await fingerprint(second!)).not.toBe(pinned)
  },
)

test.skipIf(!available)('the pool lists the certificates that its hosts really show', async () => {
  const { db } = simulator.pool
  for (const server of simulator.pool.servers) {
    const [row, ...more] = [...db.all('Certificate')]
      .map(([, certificate]) => certificate)
      .filter(({ host, type }) => host === server.host && type === 'host')
    expect(more).toEqual([])
    expect(row).toMatchObject({
      fingerprint_sha256: await fingerprint(server.url),
      fingerprint_sha1: expect.stringMatching(/^([0-9A-F]{2}:){19}[0-9A-F]{2}$/),
      not_after: expect.stringMatching(/^20\d{6}T\d\d:\d\d:\d\dZ$/),
    })
    expect(db.must('host', server.host)['certificates']).toHaveLength(1)
  }
})

test.skipIf(!available)(
  'calls are answered over TLS; no certificate is trusted by itself',
  async () => {
    await expect(fetch(simulator.url, { method: 'POST', body: 'x' })).rejects.toThrow(
      'fetch failed',
    )
    const reply = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(simulator.url)
      const socket = connect(
        { host: hostname, port: Number(port), rejectUnauthorized: false },
        () => {
          socket.write('POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx')
        },
      )
      let text = ''
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
      socket.on('end', () => resolve(text))
      socket.on('error', reject)
    })
    expect(reply).toMatch(/^HTTP\/1\.1 500 Internal Error/)
  },
)
