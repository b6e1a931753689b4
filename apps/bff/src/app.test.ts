import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { apiErrorBody } from '@xendeck/contract'
import { TestBff, type Client } from '../test/bff.ts'

describe('HTTP', () => {
  let test: TestBff
  let admin: Client
  beforeAll(async () => {
    test = await TestBff.start({ webDir: '/does/not/exist' })
    admin = await test.administrator()
  })
  afterAll(() => test.close())

  it('sends the headers that keep a page safe, with every reply', async () => {
    for (const path of ['/', '/api/v1/session', '/api/v1/nothing', '/healthz']) {
      const { headers } = await admin.request('GET', path)
      const policy = headers.get('Content-Security-Policy')
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self';")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
      expect(headers.get('Referrer-Policy')).toBe('no-referrer')
      expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin')
      expect(headers.get('Permissions-Policy')).toContain('camera=()')
      expect(headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/)
      expect(headers.get('X-Powered-By')).toBeNull()
    }
  })

  it('answers errors in the form of the contract', async () => {
    const replies = [
      await admin.request('GET', '/api/v1/nothing'),
      await admin.request('GET', '/api/nothing'),
      await admin.request('POST', '/nothing'),
      await admin.request('PUT', '/api/v1/session'),
      await admin.request('POST', '/api/v1/session', { raw: '{"username":' }),
      await admin.request('POST', '/api/v1/session', { body: {} }),
      await admin.request('POST', '/api/v1/session', {
        raw: 'a=b',
        headers: { 'Content-Type': 'text/plain' },
      }),
      await admin.request('POST', '/api/v1/batch', { body: { x: 'x'.repeat(1024 * 1024) } }),
      await admin.request('POST', '/api/v1/session', {
        raw: '{}',
        headers: { 'Content-Encoding': 'nope' },
      }),
      await admin.request('GET', '/api/v1/vms/%E0%A4%A'),
    ]
    for (const reply of replies) {
      const { error } = apiErrorBody.parse(reply.json)
      expect(error.requestId).toBe(reply.headers.get('X-Request-Id'))
    }
    expect(replies.map((reply) => [reply.status, reply.code])).toEqual([
      [404, 'NOT_FOUND'],
      [404, 'NOT_FOUND'],
      [404, 'NOT_FOUND'],
      [405, 'METHOD_NOT_ALLOWED'],
      [400, 'BAD_REQUEST'],
      [400, 'INVALID_INPUT'],
      [400, 'INVALID_INPUT'],
      [413, 'PAYLOAD_TOO_LARGE'],
      [400, 'BAD_REQUEST'],
      [400, 'BAD_REQUEST'],
    ])
    expect(replies[3]?.headers.get('Allow')).toBe('DELETE, GET, HEAD, POST')
    expect(replies[5]?.json).toMatchObject({
      error: { fields: { username: expect.any(String), password: expect.any(String) } },
    })
  })

  it('compresses JSON and knows what has not changed', async () => {
    const path = '/api/v1/openapi.json'
    const reply = await admin.request('GET', path, { headers: { 'Accept-Encoding': 'br' } })
    expect(reply.headers.get('Content-Encoding')).toBe('br')
    expect(reply.headers.get('Cache-Control')).toBe('private, no-cache')
    const session = await admin.request('GET', '/api/v1/session')
    expect(session.headers.get('Cache-Control')).toBe('no-store')
    const etag = reply.headers.get('ETag') ?? ''
    // fetch would add no-cache beside If-None-Match, which asks for the whole reply.
    const headers = { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' }
    const again = await admin.request('GET', path, { headers })
    expect(again.status).toBe(304)
  })

  it('never answers 5xx, whatever comes', async () => {
    const odd = fc.oneof(
      fc.constantFrom(
        '__proto__',
        'constructor',
        '..',
        '%00',
        '%ff',
        '%2e%2e%2f',
        'x'.repeat(3000),
      ),
      fc
        .string({ unit: 'binary', maxLength: 40 })
        .map((text) => encodeURIComponent(text.toWellFormed())),
    )
    const { routes } = test.bff.declared
    const request = fc.record({
      route: fc.constantFrom(...routes.filter((route) => route.path !== '/certificate-probes')),
      id: odd,
      query: fc.webQueryParameters(),
      body: fc.oneof(
        fc.json({ maxDepth: 3 }),
        fc.constantFrom(
          '',
          'null',
          '[]',
          '{"__proto__":{"role":"administrator"}}',
          '{"targets":{"length":1e9}}',
        ),
        fc
          .record({
            operation: fc.constant('vm.start'),
            targets: fc.array(fc.string(), { maxLength: 3 }),
          })
          .map((batch) => JSON.stringify(batch)),
      ),
    })
    await fc.assert(
      fc.asyncProperty(request, async ({ route, id, query, body }) => {
        if (route.path.startsWith('/session')) return
        const path = `/api/v1${route.path.replace(':id', id)}?${query}`
        const reply = await admin.request(
          route.method,
          path,
          route.method === 'GET' ? {} : { raw: body },
        )
        expect([path, body, reply.status < 500]).toEqual([path, body, true])
      }),
      { numRuns: 300 },
    )
  })

  it('ends clients that send nonsense in place of HTTP', async () => {
    const socket = connect(test.bff.port, '127.0.0.1')
    socket.end('GET / HTTP/9.9\r\n\0\r\n\r\n')
    const chunks: unknown[] = await socket.toArray()
    expect(chunks.join('')).toMatch(/^HTTP\/1.1 400/)
    expect((await admin.request('GET', '/healthz')).status).toBe(200)
  })

  it('tells how it is to those who may know', async () => {
    expect((await admin.request('GET', '/healthz')).text).toBe('ok\n')
    expect((await admin.request('GET', '/readyz')).text).toBe('ok\n')
    const metrics = await test.visitor().request('GET', '/metrics')
    expect(metrics.text).toMatch(/^xendeck_http_requests_total\{method="GET",status="200"\} \d+$/m)
    await admin.request('POST', '/api/v1/vms/x/start', { body: {} })
    const counted = (await test.visitor().request('GET', '/metrics')).text
    expect(counted).toContain('xendeck_operations_total{operation="vm.start",result="NOT_FOUND"} ')
    expect(counted).toMatch(/^xendeck_sockets 0$/m)
    const proxied = { headers: { 'X-Forwarded-For': '192.0.2.1' } }
    expect((await test.visitor().request('GET', '/metrics', proxied)).status).toBe(401)
    expect((await admin.request('GET', '/metrics', proxied)).status).toBe(200)
  })

  it('says what to do where the web app has not been built', async () => {
    const reply = await test.visitor().request('GET', '/')
    expect(reply.status).toBe(503)
    expect(reply.text).toContain('npm run build')
  })

  it('keeps secrets out of its log', async () => {
    const password = 'pool-password-9'
    const session = 'OpaqueRef:01234567-89ab-cdef-0123-456789abcdef'
    const body = { address: 'http://127.0.0.1:9', username: 'root', password, label: 'nowhere' }
    const { status } = await admin.request('POST', '/api/v1/connections', { body })
    expect(status).toBeGreaterThanOrEqual(400)
    const { log } = test.bff.context
    log.info(
      { password, request: { headers: { cookie: admin.cookie } } },
      `logged in as ${session}`,
    )
    log.error({ err: new Error(`GET /console?session_id=${session} failed`) }, 'failed')
    log.error({ err: new Error('connect postgres://me:hunter2@db/x') }, 'failed')
    expect(test.log).toContain('"path":"/api/v1/session"')
    const secrets = [
      password,
      session,
      'hunter2',
      'correct horse battery',
      admin.cookie?.split('=')[1] ?? '?',
      admin.csrfToken ?? '?',
    ]
    for (const secret of secrets) expect(test.log).not.toContain(secret)
  })
})

function postFrom(test: TestBff, Origin: string) {
  return test.visitor().request('POST', '/deck/api/v1/session', { body: {}, headers: { Origin } })
}

describe('the web app', () => {
  let test: TestBff
  let webDir: string
  beforeAll(async () => {
    webDir = mkdtempSync(join(tmpdir(), 'xendeck-web-'))
    mkdirSync(join(webDir, 'assets'))
    writeFileSync(join(webDir, 'index.html'), '<head><base href="/" /></head>')
    writeFileSync(join(webDir, 'assets/main-AbCd1234.js'), 'plain')
    writeFileSync(join(webDir, 'assets/main-AbCd1234.js.br'), 'brotli')
    writeFileSync(join(webDir, 'icon.svg'), '<svg/>')
    writeFileSync(join(webDir, '.secret'), 'secret')
    const publicUrl = new URL('https://example.org/deck')
    test = await TestBff.start({ webDir, publicUrl, basePath: '/deck' })
  })
  afterAll(async () => {
    await test.close()
    rmSync(webDir, { recursive: true })
  })
  const get = (path: string, headers = {}) => test.visitor().request('GET', path, { headers })

  it('is a page at every address of its own, with the base path in it', async () => {
    for (const path of ['/deck/', '/deck/vms', '/deck/vms/1/console']) {
      const reply = await get(path)
      expect(reply.text).toBe('<head><base href="/deck/" /></head>')
      expect(reply.headers.get('Cache-Control')).toBe('no-cache')
      expect(reply.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
    }
    expect((await get('/')).headers.get('Location')).toBe('/deck/')
    expect((await get('/elsewhere')).status).toBe(404)
    expect((await get('/deck/api/v1/nothing')).code).toBe('NOT_FOUND')
  })

  it('sends files that never change to be kept, compressed where that is understood', async () => {
    const path = '/deck/assets/main-AbCd1234.js'
    const plain = await get(path, { 'Accept-Encoding': 'identity' })
    expect(plain.text).toBe('plain')
    expect(plain.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable')
    expect(plain.headers.get('Content-Type')).toMatch(/^text\/javascript/)
    expect(plain.headers.get('Vary')).toContain('Accept-Encoding')
    const response = await fetch(test.origin + path, {
      method: 'HEAD',
      headers: { 'Accept-Encoding': 'br' },
    })
    expect(response.headers.get('Content-Encoding')).toBe('br')
    expect(response.headers.get('Content-Length')).toBe('6')
    expect(response.headers.get('Content-Type')).toMatch(/^text\/javascript/)
    expect((await get('/deck/icon.svg')).headers.get('Cache-Control')).toBe('public, no-cache')
  })

  it('gives nothing else', async () => {
    const outside = [
      '.secret',
      '%2esecret',
      '../package.json',
      '..%2f..%2fetc%2fpasswd',
      'assets/main-AbCd1234.js.br',
      'missing.js',
      'index.html',
      '%00',
      'assets%5c..%5c.secret',
    ]
    for (const path of outside) {
      const reply = await get(`/deck/${path}`)
      expect([path, reply.status]).toEqual([path, 404])
    }
  })

  it('answers its API below the base path', async () => {
    expect((await get('/deck/api/v1/session')).code).toBe('SIGN_IN_REQUIRED')
    expect((await get('/deck/healthz')).text).toBe('ok\n')
    expect((await get('/healthz')).text).toBe('ok\n')
    expect((await get('/metrics')).status).toBe(401)
  })

  it('takes requests from pages at its public address', async () => {
    expect((await postFrom(test, 'https://example.org')).code).toBe('INVALID_INPUT')
    expect((await postFrom(test, 'https://example.com')).code).toBe('ORIGIN_REFUSED')
  })
})

it('lets no request wait for ever', async () => {
  const test = await TestBff.start()
  const socket = connect(test.bff.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n')
  // It is cut, not answered.
  socket.on('error', () => undefined)
  const { promise: closed, resolve } = Promise.withResolvers<boolean>()
  socket.once('close', () => resolve(true))
  await test.close()
  expect(await closed).toBe(true)
})
