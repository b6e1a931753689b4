import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { CertificateError, DecodeError, TransportError, XenApiError } from '../errors.ts'
import type { StoreChange } from '../store/object-store.ts'
import { certificateA, certificateB } from '../testing/certificates.ts'
import { FakePool, servePool, until } from '../testing/fake-pool.ts'
import { FakeXapi } from '../testing/fake-xapi.ts'
import type { FakeOptions } from '../testing/fake-xapi.ts'
import type { Ref } from '../types.ts'
import { XenConnection } from './connection.ts'
import type { ConnectionOptions } from './connection.ts'
import { probeCertificate } from './probe.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

const vmRef = 'OpaqueRef:vm-1' as Ref<'VM'>
const taskRef = 'OpaqueRef:task-1' as Ref<'task'>

function poolOfOne(): FakePool {
  const pool = new FakePool()
  pool.put('VM', vmRef, { uuid: 'vm-1-uuid', name_label: 'one', memory_target: '1024' })
  return pool
}

async function serve(
  pool: FakePool,
  options: Partial<FakeOptions> & { port?: number } = {},
): Promise<FakeXapi> {
  const server = await servePool(pool, options)
  cleanups.push(() => server.close())
  return server
}

function connect(address: string, options: Partial<ConnectionOptions> = {}): XenConnection {
  const connection = new XenConnection({
    address,
    username: 'root',
    password: 'secret-word',
    ...options,
  })
  cleanups.push(() => connection.close())
  connection.start()
  return connection
}

/** The error that a promise rejects with. */
async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => new Error(`it resolved with ${String(value)}`),
    (error: unknown) => error,
  )
}

describe('session', () => {
  it('logs in with version and originator, and out again', async () => {
    const pool = poolOfOne()
    const server = await serve(pool)
    const connection = connect(server.address, { originator: 'test' })
    await connection.ready()
    expect(server.calls[0]?.params).toEqual(['root', 'secret-word', expect.any(String), 'test'])
    expect(await connection.call('VM.get_name_label', vmRef)).toBe('one')
    await connection.close()
    expect(pool.sessions.size).toBe(0)
    expect(connection.status.phase).toBe('closed')
    expect(await errorOf(connection.call('VM.get_name_label', vmRef))).toBeInstanceOf(
      TransportError,
    )
  })

  it('logs in once for many calls whose session has ended, and repeats them', async () => {
    const pool = poolOfOne()
    const server = await serve(pool)
    const connection = connect(server.address)
    await connection.ready()
    pool.sessions.clear()
    const names = await Promise.all(
      Array.from({ length: 5 }, () => connection.call('VM.get_name_label', vmRef)),
    )
    expect(names).toEqual(['one', 'one', 'one', 'one', 'one'])
    expect(server.count('session.login_with_password')).toBe(2)
    // The event stream goes on in the new session.
    pool.put('VM', vmRef, { uuid: 'vm-1-uuid', name_label: 'two' })
    await until(() => connection.store.get('VM', vmRef)?.name_label === 'two', 'the new name')
  })

  it('gives up on a wrong password until it is told to try again', async () => {
    const pool = poolOfOne()
    pool.password = 'another'
    const server = await serve(pool)
    const logged: unknown[] = []
    const connection = connect(server.address, { onLog: (...entry) => void logged.push(entry) })
    const error = await errorOf(connection.ready())
    expect(error).toBeInstanceOf(XenApiError)
    expect(error).toMatchObject({ code: 'SESSION_AUTHENTICATION_FAILED' })
    expect(connection.status.phase).toBe('failed')
    expect(server.count('session.login_with_password')).toBe(1)
    // The server of this test repeats the password, which no real one should.
    expect(`${String(error)} ${JSON.stringify([error, logged])}`).not.toContain('secret-word')
    pool.password = 'secret-word'
    connection.retryNow()
    await until(() => connection.status.phase === 'ready', 'ready')
  })

  it('keeps the session out of errors and logs', async () => {
    const pool = poolOfOne()
    const server = await serve(pool, {
      methods: {
        'VM.get_uuid': ([session = '']) => {
          throw new XenApiError('INTERNAL_ERROR', [`call(${session})`])
        },
      },
    })
    const logged: unknown[] = []
    const connection = connect(server.address, { onLog: (...entry) => void logged.push(entry) })
    await connection.ready()
    const error = await errorOf(connection.call('VM.get_uuid', vmRef))
    expect(error).toMatchObject({ code: 'INTERNAL_ERROR', params: ['call(***)'] })
    pool.endSessions()
    await until(() => server.count('session.login_with_password') === 2, 'a second login')
    await until(() => connection.status.phase === 'ready', 'ready')
    expect(`${String(error)} ${JSON.stringify([error, logged])}`).not.toContain('session-')
    expect(JSON.stringify(logged)).not.toContain('secret-word')
  })

  it('follows HOST_IS_SLAVE to the coordinator', async () => {
    const pool = poolOfOne()
    const coordinator = await serve(pool)
    const member = await serve(pool, {
      methods: {
        'session.login_with_password': () => {
          throw new XenApiError('HOST_IS_SLAVE', [`127.0.0.1:${coordinator.port}`])
        },
      },
    })
    const connection = connect(member.address)
    await connection.ready()
    expect(connection.status.coordinator).toBe(`127.0.0.1:${coordinator.port}`)
    expect(member.calls).toHaveLength(1)
  })

  it('does not run in circles between hosts that name each other', async () => {
    const hosts: FakeXapi[] = []
    const slaveOf = (other: number): FakeOptions['methods'] => ({
      'session.login_with_password': () => {
        throw new XenApiError('HOST_IS_SLAVE', [`127.0.0.1:${hosts[other]?.port}`])
      },
    })
    hosts.push(await serve(new FakePool(), { methods: slaveOf(1) }))
    hosts.push(await serve(new FakePool(), { methods: slaveOf(0) }))
    const connection = connect(hosts[0]?.address ?? '')
    await until(() => connection.status.phase === 'reconnecting', 'a failure')
    expect((hosts[0]?.calls.length ?? 0) + (hosts[1]?.calls.length ?? 0)).toBe(4)
    expect(connection.status.error).toMatchObject({ reason: 'refused' })
    expect(connection.status.retryAt).toBeInstanceOf(Date)
  })

  it('finds the new coordinator among the members when the old one has died', async () => {
    const pool = poolOfOne()
    const first = await serve(pool)
    const second = await serve(pool)
    pool.put('host', 'OpaqueRef:host-2', {
      uuid: 'h2',
      address: `127.0.0.1:${second.port}`,
      metrics: 'OpaqueRef:NULL',
    })
    const connection = connect(first.address, { members: [`127.0.0.1:1`] })
    await connection.ready()
    expect(connection.status.members).toEqual([`127.0.0.1:${second.port}`])
    const changes: StoreChange[] = []
    connection.store.subscribe((batch) => void changes.push(...batch))
    await first.close()
    await until(() => connection.status.phase === 'reconnecting', 'the loss')
    expect(connection.store.size('VM')).toBe(1)
    pool.put('VM', 'OpaqueRef:vm-2', { uuid: 'vm-2-uuid', name_label: 'new' })
    connection.retryNow()
    await until(() => connection.status.phase === 'ready', 'the other member')
    expect(connection.status.coordinator).toBe(`127.0.0.1:${second.port}`)
    expect(changes.map(({ class: cls, ref }) => `${cls} ${ref}`)).toEqual(['VM OpaqueRef:vm-2'])
  })
})

describe('transport', () => {
  it('repeats a read whose connection broke, never a write', async () => {
    const pool = poolOfOne()
    const broken = new Set(['VM.get_name_label', 'VM.set_name_label'])
    const server = await serve(pool, {
      methods: { 'VM.set_name_label': () => '' },
      intercept: (method, _request, socket) => {
        if (!broken.delete(method)) return false
        socket.destroy()
        return true
      },
    })
    const connection = connect(server.address)
    await connection.ready()
    expect(await connection.call('VM.get_name_label', vmRef)).toBe('one')
    expect(server.count('VM.get_name_label')).toBe(2)
    expect(await errorOf(connection.call('VM.set_name_label', vmRef, 'x'))).toMatchObject({
      reason: 'reset',
    })
    expect(server.count('VM.set_name_label')).toBe(1)
  })

  it('refuses to send more than xapi takes', async () => {
    const server = await serve(poolOfOne())
    const connection = connect(server.address)
    await connection.ready()
    const error = await errorOf(connection.call('VM.set_name_label', vmRef, 'x'.repeat(310_000)))
    expect(error).toMatchObject({ name: 'TransportError', reason: 'tooLarge' })
    expect(server.count('VM.set_name_label')).toBe(0)
  })

  it('tells an HTTP error, a reply that is none, and an aborted call apart', async () => {
    const waiting: AbortController[] = []
    const server = await serve(poolOfOne(), {
      intercept: (method, _request, socket) => {
        if (method === 'VM.get_uuid') {
          socket.end('HTTP/1.1 500 Internal Error\r\nContent-Length: 0\r\n\r\n')
        } else if (method === 'VM.get_tags') {
          socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>')
        } else if (method === 'VM.get_order') {
          for (const controller of waiting) controller.abort()
        } else return false
        return true
      },
    })
    const connection = connect(server.address)
    await connection.ready()
    expect(await errorOf(connection.call('VM.get_uuid', vmRef))).toMatchObject({
      reason: 'http',
      status: 500,
    })
    expect(await errorOf(connection.call('VM.get_tags', vmRef))).toBeInstanceOf(DecodeError)
    const controller = new AbortController()
    waiting.push(controller)
    const { signal } = controller
    expect(await errorOf(connection.callWith({ signal }, 'VM.get_order', vmRef))).toMatchObject({
      reason: 'aborted',
    })
  })

  it('comes back after a malformed answer of event.from', async () => {
    const pool = poolOfOne()
    let malformed = true
    const server = await serve(pool, {
      intercept: (method, _request, socket) => {
        if (method !== 'event.from' || !malformed) return false
        malformed = false
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n<methodResponse>')
        return true
      },
    })
    const connection = connect(server.address)
    await until(() => connection.status.phase === 'reconnecting', 'the failure')
    expect(connection.status.error).toBeInstanceOf(DecodeError)
    connection.retryNow()
    await connection.ready()
    expect(connection.store.get('VM', vmRef)).toMatchObject({ memory_target: 1024 })
  })

  it('writes a short head', async () => {
    const heads: string[] = []
    const server = await serve(poolOfOne(), {
      intercept: (_method, request) => {
        heads.push(request.rawHeaders.join(': '))
        return false
      },
    })
    await connect(server.address).ready()
    expect(Math.max(...heads.map((head) => head.length))).toBeLessThan(300)
  })
})

describe('certificates', () => {
  it('refuses an unknown one before a byte of a request is sent', async () => {
    const server = await serve(poolOfOne(), { tls: certificateA })
    const connection = connect(server.address)
    const error = await errorOf(connection.ready())
    expect(error).toBeInstanceOf(CertificateError)
    expect(error).toMatchObject({
      fingerprint: certificateA.fingerprint,
      expected: null,
      problem: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
    expect(connection.status.phase).toBe('failed')
    expect(server.received).toBe(0)
  })

  it('accepts a pinned one on every connection, and no other', async () => {
    const pool = poolOfOne()
    const server = await serve(pool, { tls: certificateA })
    const fingerprints = [certificateA.fingerprint.toLowerCase()]
    const connection = connect(server.address, { fingerprints })
    await connection.ready()
    await Promise.all(Array.from({ length: 4 }, () => connection.call('VM.get_name_label', vmRef)))
    const { port } = server
    await server.close()
    const impostor = await serve(pool, { tls: certificateB, port })
    await until(() => connection.status.phase === 'reconnecting', 'the loss')
    connection.retryNow()
    await until(() => connection.status.phase === 'failed', 'the refusal')
    expect(connection.status.error).toMatchObject({
      fingerprint: certificateB.fingerprint,
      expected: fingerprints[0],
    })
    expect(impostor.received).toBe(0)
  })

  it('names the coordinator where a member leads to one with an unknown certificate', async () => {
    const pool = poolOfOne()
    const coordinator = await serve(pool, { tls: certificateB })
    const member = await serve(pool, {
      tls: certificateA,
      methods: {
        'session.login_with_password': () => {
          throw new XenApiError('HOST_IS_SLAVE', [`127.0.0.1:${coordinator.port}`])
        },
      },
    })
    const fingerprints = [certificateA.fingerprint]
    const connection = connect(member.address, { fingerprints })
    await until(() => connection.status.error !== null, 'the refusal')
    expect(connection.status.error).toMatchObject({
      code: 'HOST_IS_SLAVE',
      params: [`127.0.0.1:${coordinator.port}`],
    })
    expect(coordinator.received).toBe(0)
    const both = [certificateA.fingerprint, certificateB.fingerprint]
    await connect(member.address, { fingerprints: both }).ready()
  })

  it('shows a certificate without sending anything', async () => {
    const server = await serve(poolOfOne(), { tls: certificateA })
    expect(await probeCertificate(server.address)).toMatchObject({
      fingerprint: certificateA.fingerprint,
      subject: 'CN=xapi-a',
      issuer: 'CN=xapi-a',
      trusted: false,
      problem: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
    expect(await probeCertificate('http://127.0.0.1:1')).toBeNull()
    expect(await errorOf(probeCertificate('127.0.0.1:1'))).toMatchObject({ reason: 'refused' })
  })

  it('is no certificate where the other side speaks no TLS', async () => {
    const server = createServer((socket) => {
      socket.resume()
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    cleanups.push(() => new Promise((resolve) => void server.close(resolve)))
    const { port } = server.address() as AddressInfo
    expect(await errorOf(probeCertificate(`127.0.0.1:${port}`))).toMatchObject({ reason: 'tls' })
  })
})

describe('tasks', () => {
  const pending = { status: 'pending', progress: '0', result: '', error_info: [] }

  async function withTask(record: Record<string, string | string[]>): Promise<{
    pool: FakePool
    server: FakeXapi
    connection: XenConnection
  }> {
    const pool = poolOfOne()
    const server = await serve(pool, {
      methods: {
        'Async.VM.start': () => {
          pool.put('task', taskRef, pending)
          return taskRef
        },
      },
    })
    const connection = connect(server.address)
    await connection.ready()
    const task = await connection.call('Async.VM.start', vmRef, false, false)
    expect(task).toBe(taskRef)
    if (record['status'] !== undefined) setImmediate(() => pool.put('task', taskRef, record))
    return { pool, server, connection }
  }

  it('resolve with their decoded result, and are destroyed', async () => {
    const result = '<value>OpaqueRef:made</value>'
    const { server, connection } = await withTask({ ...pending, status: 'success', result })
    expect(await connection.taskResult(taskRef)).toBe('OpaqueRef:made')
    await until(() => server.count('task.destroy') === 1, 'the task destroyed')
  })

  it('resolve with nothing for void', async () => {
    const { connection } = await withTask({
      ...pending,
      status: 'success',
      result: '<value></value>',
    })
    expect(await connection.taskResult(taskRef)).toBe('')
  })

  it('reject with what they failed with', async () => {
    const error_info = ['VM_BAD_POWER_STATE', vmRef, 'halted', 'running']
    const { connection } = await withTask({ ...pending, status: 'failure', error_info })
    expect(await errorOf(connection.taskResult(taskRef))).toEqual(
      new XenApiError('VM_BAD_POWER_STATE', [vmRef, 'halted', 'running']),
    )
  })

  it('reject when they were cancelled, or vanish', async () => {
    const { pool, connection } = await withTask({ ...pending, status: 'cancelled' })
    expect(await errorOf(connection.taskResult(taskRef))).toMatchObject({ code: 'TASK_CANCELLED' })
    await until(() => connection.store.get('task', taskRef) === undefined, 'the task gone')
    pool.put('task', taskRef, pending)
    await until(() => connection.store.get('task', taskRef) !== undefined, 'the task back')
    const waiting = errorOf(connection.taskResult(taskRef))
    pool.remove('task', taskRef)
    expect(await waiting).toMatchObject({ code: 'HANDLE_INVALID', params: ['task', taskRef] })
    const unknown = 'OpaqueRef:never' as Ref<'task'>
    expect(await errorOf(connection.taskResult(unknown))).toMatchObject({ code: 'HANDLE_INVALID' })
  })

  it('are cancelled by the signal', async () => {
    const { server, connection } = await withTask({})
    const controller = new AbortController()
    const waiting = errorOf(connection.taskResult(taskRef, { signal: controller.signal }))
    controller.abort()
    expect(await waiting).toMatchObject({ reason: 'aborted' })
    await until(() => server.count('task.cancel') === 1, 'the cancellation')
  })
})
