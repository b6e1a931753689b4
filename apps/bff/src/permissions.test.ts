import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  isPermitted,
  operationNames,
  operations,
  permissions,
  type OperationSpec,
} from '@xendeck/contract'
import { TestBff, type Client } from '../test/bff.ts'
import { operationRoute } from './operations/operation-route.ts'

/** A declared path with something in place of its parameters. */
function pathOf(declared: string): string {
  return `/api/v1${declared.replaceAll(/:\w+/g, 'x')}`
}

function cookieOf(client: Client): Record<string, string> {
  return { Cookie: client.cookie ?? '' }
}

/** The status with which the server refuses to upgrade; 101 where it does not. */
async function upgradeStatus(url: string, headers: Record<string, string>): Promise<number> {
  const upgrade = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  }
  const { hostname, port } = new URL(url)
  const path = url.slice(url.indexOf('/', 8))
  const request = get({ hostname, port, path, headers: { ...upgrade, ...headers }, agent: false })
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  request.on('error', reject)
  request.on('response', (response) => {
    response.resume()
    resolve(response.statusCode ?? 0)
  })
  request.on('upgrade', (_response, socket) => {
    socket.destroy()
    resolve(101)
  })
  return await promise
}

/** Walks everything that the BFF answers: nothing may be reachable that nobody was asked for. */
describe('every route, socket and operation', () => {
  let test: TestBff
  let visitor: Client
  let auditor: Client
  let administrator: Client
  beforeAll(async () => {
    test = await TestBff.start()
    visitor = test.visitor()
    auditor = await test.auditor()
    administrator = await test.administrator()
  })
  afterAll(() => test.close())

  const auditorSubject = { userId: 'x', name: 'x', role: 'auditor', pools: 'all' } as const
  it('has a permission, and only signing in has none', () => {
    const { routes, sockets } = test.bff.declared
    expect(routes.length).toBeGreaterThan(operationNames.length)
    expect(sockets.map((socket) => socket.path).toSorted()).toEqual([
      '/api/v1/console/:ticket',
      '/api/v1/feed',
    ])
    const open = routes.filter((route) => route.permission === 'public')
    expect(open.map((route) => `${route.method} ${route.path}`)).toEqual(['POST /session'])
    for (const { permission } of [...routes, ...sockets]) {
      expect([...permissions, 'public']).toContain(permission)
    }
  })

  it('is registered where the contract declares it, with the permission of the contract', () => {
    const { routes } = test.bff.declared
    expect(test.bff.context.operations.registered.toSorted()).toEqual(operationNames.toSorted())
    for (const name of operationNames) {
      const spec: OperationSpec = operations[name]
      const route = routes.find((one) => one.method === 'POST' && one.path === operationRoute(name))
      expect([name, route?.permission]).toEqual([name, spec.permission])
      // The types of `run` rest on this.
      expect([name, spec.creates === true]).toEqual([name, name.endsWith('.create')])
    }
  })

  it('refuses who has not signed in', async () => {
    for (const { method, path, permission } of test.bff.declared.routes) {
      if (permission === 'public') continue
      const reply = await visitor.request(method, pathOf(path))
      expect([path, reply.status, reply.code]).toEqual([path, 401, 'SIGN_IN_REQUIRED'])
    }
  })

  it('refuses whose role does not allow it', async () => {
    let refused = 0
    for (const { method, path, permission } of test.bff.declared.routes) {
      if (permission === 'public' || isPermitted(auditorSubject, permission)) continue
      const reply = await auditor.request(method, pathOf(path), {
        ...(method !== 'GET' && { body: {} }),
      })
      expect([path, reply.status, reply.code]).toEqual([path, 403, 'FORBIDDEN'])
      refused += 1
    }
    expect(refused).toBeGreaterThanOrEqual(operationNames.length)
  })

  it('refuses an operation in a batch as it does alone', async () => {
    for (const operation of operationNames) {
      const spec: OperationSpec = operations[operation]
      if (!spec.bulk) continue
      const body = { operation, targets: ['x'], input: {} }
      expect((await auditor.request('POST', '/api/v1/batch', { body })).status).toBe(403)
    }
  })

  it('refuses changes without the token of the session', async () => {
    for (const { method, path, permission } of test.bff.declared.routes) {
      if (permission === 'public' || method === 'GET') continue
      for (const csrf of [null, 'wrong', auditor.csrfToken ?? '']) {
        const reply = await administrator.request(method, pathOf(path), { csrf })
        expect([path, reply.status, reply.code]).toEqual([path, 403, 'CSRF_REFUSED'])
      }
    }
  })

  it('refuses what a page of another origin sends', async () => {
    const foreign: Record<string, string>[] = [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ]
    for (const { method, path } of test.bff.declared.routes) {
      if (method === 'GET') continue
      for (const headers of foreign) {
        const reply = await administrator.request(method, pathOf(path), { headers })
        expect([path, reply.status, reply.code]).toEqual([path, 403, 'ORIGIN_REFUSED'])
      }
    }
  })

  it('gives no socket to who has not signed in, has not the right, or comes from elsewhere', async () => {
    for (const { path, permission } of test.bff.declared.sockets) {
      const url = path.replaceAll(/:\w+/g, 'x')
      expect([path, await upgradeStatus(test.origin + url, {})]).toEqual([path, 401])
      const evil = { ...cookieOf(administrator), Origin: 'https://evil.example' }
      expect([path, await upgradeStatus(test.origin + url, evil)]).toEqual([path, 403])
      if (isPermitted(auditorSubject, permission)) continue
      expect([path, await upgradeStatus(test.origin + url, cookieOf(auditor))]).toEqual([path, 403])
    }
    for (const url of ['/', '/api/v1/nothing', '/api/v1/feed/', '/api/v1/console/', '//x', '/%']) {
      expect([url, await upgradeStatus(test.origin + url, cookieOf(administrator))]).toEqual([
        url,
        404,
      ])
    }
  })
})
