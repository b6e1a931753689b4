/**
 * Opens a listener for each host of a pool. Clients that learn of a host by its bare address (npm
 * `xen-api` from HOST_IS_SLAVE and host.address, among others) keep the port they know, so every
 * host has a loopback address of its own and all have one port: Linux answers on all of 127/8.
 * Where that cannot be, hosts share the address and have ports of their own.
 */
import { X509Certificate } from 'node:crypto'
import { toIso } from '../clock.ts'
import type { Pool } from '../pool.ts'
import { Dispatcher } from '../rpc/dispatch.ts'
import { makeCertificate } from './certificate.ts'
import { HttpServer, reachableAddress } from './server.ts'

export interface ListenOptions {
  readonly bind: string
  /** 0: any free one. */
  readonly port: number
  readonly tls: boolean
}

/** A free port of the coordinator may be taken at a member's address: so often others are tried. */
const ATTEMPTS = 20

/** Rejects with the error of listening, EADDRINUSE or EACCES. */
export async function listen(pool: Pool, options: ListenOptions): Promise<void> {
  const hosts = hostsOf(pool)
  const servers =
    options.bind === '127.0.0.1' && hosts.length > 1
      ? ((await atOwnAddresses(pool, hosts, options)) ?? (await atOwnPorts(pool, hosts, options)))
      : await atOwnPorts(pool, hosts, options)
  for (const server of servers) pool.addServer(server)
}

/** Writes where each host is reached into its record: for pools that are made up, not for real ones. */
export function publishAddresses(pool: Pool): void {
  for (const { host, ip } of pool.servers) pool.db.write('host', host, { address: ip })
}

/**
 * Certificate rows as of a host with TLS: those of where a database came from give way to what is
 * really served, so that a client that trusts the pool can learn its members' certificates.
 */
export function publishCertificates(pool: Pool): void {
  const { db } = pool
  for (const { host, certificate } of pool.servers) {
    if (certificate === undefined) continue
    for (const [ref, row] of db.all('Certificate'))
      if (row['type'] === 'host' && row['host'] === host) db.destroy('Certificate', ref)
    const { fingerprint, fingerprint256, validFrom, validTo } = new X509Certificate(
      certificate.cert,
    )
    db.create('Certificate', {
      name: '',
      type: 'host',
      host,
      not_before: toIso(Date.parse(validFrom)),
      not_after: toIso(Date.parse(validTo)),
      fingerprint: fingerprint256,
      fingerprint_sha256: fingerprint256,
      fingerprint_sha1: fingerprint,
      purpose: [],
    })
  }
}

/** The coordinator first. */
function hostsOf(pool: Pool): string[] {
  const coordinator = pool.coordinator()
  const members = [...pool.db.all('host')].map(([ref]) => ref).filter((ref) => ref !== coordinator)
  return [coordinator, ...members]
}

/** undefined where the machine has no 127.0.0.2 (macOS), or no port that is free at all addresses. */
async function atOwnAddresses(
  pool: Pool,
  hosts: readonly string[],
  { port, tls }: ListenOptions,
): Promise<HttpServer[] | undefined> {
  const binds = hosts.map((_, index) => loopback(index + 1))
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      return await open(pool, hosts, {
        tls,
        bind: (index) => binds[index] ?? '',
        port: (_, first) => first ?? port,
        hasOwnAddress: true,
      })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EADDRNOTAVAIL') return undefined
      if (code !== 'EADDRINUSE' || port !== 0) throw error
    }
  }
  return undefined
}

function atOwnPorts(
  pool: Pool,
  hosts: readonly string[],
  { bind, port, tls }: ListenOptions,
): Promise<HttpServer[]> {
  return open(pool, hosts, {
    tls,
    bind: () => bind,
    port: (index) => (port === 0 ? 0 : port + index),
    hasOwnAddress: false,
  })
}

interface Places {
  readonly tls: boolean
  readonly hasOwnAddress: boolean
  bind(index: number): string
  /** @param first port of the first host, once it listens */
  port(index: number, first: number | undefined): number
}

/** All hosts listen, or none. */
async function open(pool: Pool, hosts: readonly string[], places: Places): Promise<HttpServer[]> {
  const dispatcher = new Dispatcher(pool)
  const certificates = places.tls
    ? await Promise.all(
        hosts.map((host, index) =>
          makeCertificate(
            String(pool.db.must('host', host)['hostname']),
            reachableAddress(places.bind(index)),
          ),
        ),
      )
    : []
  const servers: HttpServer[] = []
  try {
    for (const [index, host] of hosts.entries()) {
      const certificate = certificates[index]
      const server = new HttpServer({
        pool,
        dispatcher,
        host,
        bind: places.bind(index),
        port: places.port(index, servers[0]?.port),
        hasOwnAddress: places.hasOwnAddress,
        ...(certificate && { certificate }),
      })
      await server.start()
      servers.push(server)
    }
    return servers
  } catch (error) {
    await Promise.all(servers.map((server) => server.stop()))
    throw error
  }
}

/** 127.0.0.1 is number 1. */
function loopback(number: number): string {
  return `127.0.${Math.floor(number / 254)}.${number % 254 || 254}`
}
