import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { adminPassword, TestBff, type Client } from '../../test/bff.ts'
import { backends, type TestDatabase } from '../store/backends.ts'
import { absoluteLimit, idleLimit } from './sessions.ts'

const minute = 60_000
const nextPassword = 'another fine password'

function sessionOf(client: Client) {
  return client.request('GET', '/api/v1/session')
}

/** The cookie that a console at `url` gives. */
async function cookieOf(url: string): Promise<string | undefined> {
  const publicUrl = new URL(url)
  const basePath = publicUrl.pathname.replace(/\/$/, '')
  const test = await TestBff.start({ publicUrl, basePath, secure: true })
  const reply = await test.visitor().request('POST', `${basePath}/api/v1/session`, {
    body: { username: 'admin', password: adminPassword },
  })
  await test.close()
  return reply.headers.getSetCookie()[0]
}

describe.each(backends)('sign-in on $name', (backend) => {
  let database: TestDatabase
  let test: TestBff
  beforeEach(async () => {
    database = await backend.make()
    test = await TestBff.start({ databaseUrl: database.databaseUrl })
  })
  afterEach(async () => {
    await test.close()
    await database.remove()
  })

  it('opens a session that says who one is and what one may do', async () => {
    const admin = await test.administrator()
    const reply = await sessionOf(admin)
    expect(reply.status).toBe(200)
    expect(reply.json).toMatchObject({
      user: { name: 'admin', role: 'administrator' },
      mustChangePassword: false,
      permissions: expect.arrayContaining(['connection.manage', 'vm.power']),
    })
  })

  it('gives a cookie that scripts cannot read and other sites cannot send', async () => {
    const reply = await test.visitor().signIn('admin', adminPassword)
    const [cookie = ''] = reply.headers.getSetCookie()
    expect(cookie).toMatch(/^xendeck_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(reply.text).not.toContain(cookie.slice(16, 59))
  })

  it('finds the account whatever the capitals', async () => {
    expect((await test.visitor().signIn('Admin', adminPassword)).status).toBe(200)
  })

  it('refuses wrong passwords and unknown names alike', async () => {
    const wrong = await test.visitor().signIn('admin', 'wrong')
    const unknown = await test.visitor().signIn('nobody', 'wrong')
    expect(wrong.status).toBe(401)
    expect(wrong.code).toBe('SIGN_IN_FAILED')
    const message = (reply: typeof wrong) => reply.text.replace(/"requestId":"[^"]+"/, '')
    expect(message(unknown)).toBe(message(wrong))
  })

  it('is throttled by account, and opens again with time', async () => {
    for (let n = 0; n < 10; n++) {
      expect((await test.visitor().signIn('admin', 'wrong')).status).toBe(401)
    }
    const refused = await test.visitor().signIn('admin', adminPassword)
    expect(refused.status).toBe(429)
    expect(refused.code).toBe('TOO_MANY_ATTEMPTS')
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
    test.clock.advance(Number(refused.headers.get('Retry-After')) * 1000)
    expect((await test.visitor().signIn('admin', adminPassword)).status).toBe(200)
  })

  it('is throttled by address, whatever the accounts', async () => {
    const replies = []
    for (let n = 0; n < 25; n++) replies.push(await test.visitor().signIn(`user${n}`, 'wrong'))
    expect(replies.filter((reply) => reply.status === 401)).toHaveLength(20)
    expect(replies.filter((reply) => reply.status === 429)).toHaveLength(5)
  })

  it('does not count right passwords', async () => {
    for (let n = 0; n < 30; n++) {
      expect((await test.visitor().signIn('admin', adminPassword)).status).toBe(200)
    }
  })

  it('ends the session that the browser had before', async () => {
    const admin = await test.administrator()
    const before = admin.cookie
    await admin.signIn('admin', adminPassword)
    expect(admin.cookie).not.toBe(before)
    const old = test.visitor()
    old.cookie = before
    expect((await sessionOf(old)).status).toBe(401)
    expect((await sessionOf(admin)).status).toBe(200)
  })

  it('signs out', async () => {
    const admin = await test.administrator()
    const { cookie } = admin
    const ended: string[] = []
    const active = await test.bff.context.access.authenticate({ headers: { cookie } })
    test.bff.context.access.onSessionEnded(active?.id ?? '', () => ended.push('told'))
    expect((await admin.request('DELETE', '/api/v1/session')).status).toBe(204)
    expect(admin.cookie).toBeUndefined()
    admin.cookie = cookie
    expect((await sessionOf(admin)).status).toBe(401)
    expect(ended).toEqual(['told'])
  })

  it('keeps the newest sessions of an account, up to 50', async () => {
    const first = await test.administrator()
    test.clock.advance(1000)
    for (let n = 0; n < 49; n++) await test.administrator()
    expect((await sessionOf(first)).status).toBe(200)
    const last = await test.administrator()
    expect((await sessionOf(first)).status).toBe(401)
    expect((await sessionOf(last)).status).toBe(200)
  })

  it('ends idle sessions, and old ones in any case', async () => {
    const idle = await test.administrator()
    test.clock.advance(idleLimit - minute)
    expect((await sessionOf(idle)).status).toBe(200)
    test.clock.advance(idleLimit - minute)
    expect((await sessionOf(idle)).status).toBe(200)
    test.clock.advance(idleLimit)
    expect((await sessionOf(idle)).status).toBe(401)
    const busy = await test.administrator()
    for (let passed = 0; passed < absoluteLimit - idleLimit; passed += idleLimit / 2) {
      expect((await sessionOf(busy)).status).toBe(200)
      test.clock.advance(idleLimit / 2)
    }
    test.clock.advance(idleLimit - minute)
    expect((await sessionOf(busy)).status).toBe(401)
  })

  it('tells sockets when their session has expired', async () => {
    const { cookie } = await test.administrator()
    const { access } = test.bff.context
    const active = await access.authenticate({ headers: { cookie } })
    const ended: string[] = []
    access.onSessionEnded(active?.id ?? '', () => ended.push('told'))
    const stop = access.onSessionEnded(active?.id ?? '', () => ended.push('not told'))
    stop()
    await access.sweep()
    expect(ended).toEqual([])
    test.clock.advance(idleLimit)
    await access.sweep()
    expect(ended).toEqual(['told'])
  })

  it('changes the password, keeps this session under a new token and ends the others', async () => {
    const admin = await test.administrator()
    const other = await test.administrator()
    const { cookie, csrfToken } = admin
    const change = (current: string, next: string) =>
      admin.request('POST', '/api/v1/session/password', { body: { current, next } })
    expect(await change('wrong', nextPassword)).toMatchObject({
      status: 403,
      code: 'SIGN_IN_FAILED',
    })
    expect(await change(adminPassword, 'short')).toMatchObject({
      status: 400,
      json: { error: { fields: { next: expect.any(String) } } },
    })
    expect((await change(adminPassword, adminPassword)).status).toBe(400)
    expect((await change(adminPassword, nextPassword)).status).toBe(200)
    expect(admin.cookie).not.toBe(cookie)
    expect(admin.csrfToken).not.toBe(csrfToken)
    expect((await sessionOf(admin)).status).toBe(200)
    expect((await sessionOf(other)).status).toBe(401)
    expect((await test.visitor().signIn('admin', adminPassword)).status).toBe(401)
    expect((await test.visitor().signIn('admin', nextPassword)).status).toBe(200)
  })

  it('writes every sign-in into the audit, and no mistyped name', async () => {
    await test.visitor().signIn('admin', 'wrong')
    await test.visitor().signIn('my password', 'wrong')
    await test.administrator()
    const rows = await test.bff.context.store.db
      .selectFrom('audit')
      .select(['user_name', 'action', 'result', 'from_address'])
      .orderBy('seq')
      .execute()
    expect(rows.map((row) => [row.user_name, row.action, row.result])).toEqual([
      ['admin', 'session.signIn', 'SIGN_IN_FAILED'],
      ['(unknown)', 'session.signIn', 'SIGN_IN_FAILED'],
      ['admin', 'session.signIn', 'ok'],
    ])
    expect(rows[0]?.from_address).toContain('127.0.0.1')
    expect(await test.bff.context.audit.verify()).toEqual({ intact: true, length: 3 })
  })

  it('keeps the hash of a token only', async () => {
    const admin = await test.administrator()
    const token = admin.cookie?.split('=')[1] ?? ''
    const rows = await test.bff.context.store.db.selectFrom('sessions').selectAll().execute()
    expect(token).toHaveLength(43)
    expect(JSON.stringify(rows)).not.toContain(token)
  })
})

describe('the one-time password', () => {
  let test: TestBff
  beforeEach(async () => {
    test = await TestBff.start({ adminPassword: undefined })
  })
  afterEach(() => test.close())

  it('opens nothing but the change of it', async () => {
    const password = test.bff.firstAdministrator?.oneTimePassword ?? ''
    expect(password).toMatch(/^(\w{5}-){3}\w{5}$/)
    const admin = await test.signedIn('admin', password)
    const session = await admin.request('GET', '/api/v1/session')
    expect(session.json).toMatchObject({ mustChangePassword: true })
    for (const path of ['/inventory', '/vms']) {
      const refused = await admin.request('GET', `/api/v1${path}`)
      expect(refused).toMatchObject({ status: 403, code: 'PASSWORD_CHANGE_REQUIRED' })
    }
    const body = { current: password, next: nextPassword }
    expect((await admin.request('POST', '/api/v1/session/password', { body })).json).toMatchObject({
      mustChangePassword: false,
    })
    expect((await admin.request('GET', '/api/v1/inventory')).status).toBe(200)
  })
})

describe('over https', () => {
  it('binds the cookie to the host at the root, and to the path below one', async () => {
    expect(await cookieOf('https://x.example/')).toMatch(
      /^__Host-xendeck_session=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect(await cookieOf('https://x.example/deck')).toMatch(
      /^xendeck_session=[^;]+; Path=\/deck; HttpOnly; Secure; SameSite=Lax$/,
    )
  })
})
