import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  collections,
  kinds,
  resources,
  type CertificateProbe,
  type OperationReply,
  type Vm,
} from '@xendeck/contract'
import { startSimulator, type Simulator } from '@xendeck/simulator'
import { TestBff, type Client } from './bff.ts'
import { FeedClient } from './feed-client.ts'

let simulator: Simulator
let bff: TestBff
let admin: Client
let feed: FeedClient

beforeEach(async () => {
  simulator = await startSimulator({ timeScale: 0 })
  bff = await TestBff.start({
    pools: [{ address: simulator.url, username: 'root', password: 'secret', label: 'demo' }],
  })
  admin = await bff.administrator()
  feed = await FeedClient.open(bff, admin)
  await feed.until(
    () => feed.all('vm').length > 10 && feed.all('pool').length === 1,
    'the demo pool',
  )
})

afterEach(async () => {
  feed.close()
  await bff.close()
  await simulator.close()
})

async function order(
  path: string,
  input: object = {},
): Promise<OperationReply & { status: number; text: string }> {
  const reply = await admin.request('POST', `/api/v1/${path}`, { body: input })
  return { ...(reply.json as OperationReply), status: reply.status, text: reply.text }
}

async function refusalOf(path: string, input: object): Promise<unknown> {
  return JSON.parse((await order(path, input)).text).error?.code
}

function vmWhere(test: (vm: Vm) => boolean): Vm {
  const vm = feed.all('vm').find(test)
  if (!vm) throw new Error('the demo pool has no such VM')
  return vm
}

const startable = (vm: Vm) => vm.powerState === 'halted' && vm.allowed.includes('start')

/** Refs and uuids of a class in the simulated pool. */
function uuidsIn(cls: string): string[] {
  return [...simulator.pool.db.all(cls)].map(([, record]) => String(record['uuid'])).toSorted()
}

describe('inventory', () => {
  it('equals the pool, and keeps to the contract', async () => {
    await feed.until(() => feed.all('disk').length === uuidsIn('VDI').length, 'all disks')
    expect(
      feed
        .all('disk')
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(uuidsIn('VDI'))
    expect(
      feed
        .all('host')
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(uuidsIn('host'))
    expect(
      feed
        .all('storage')
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(uuidsIn('SR'))
    expect(
      feed
        .all('network')
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(uuidsIn('network'))
    expect(
      feed
        .all('physicalNic')
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(uuidsIn('PIF'))
    const machines = [...simulator.pool.db.all('VM')].filter(
      ([, vm]) => vm['is_control_domain'] !== true,
    )
    expect(feed.all('vm').length + feed.all('template').length + feed.all('snapshot').length).toBe(
      machines.length,
    )
    for (const kind of kinds) for (const resource of feed.all(kind)) resources[kind].parse(resource)
  })

  it('is served by kind and by id, compressed, with a tag', async () => {
    const list = await admin.request('GET', `/api/v1/${collections.vm}`, {
      headers: { 'Accept-Encoding': 'br' },
    })
    expect(list.headers.get('content-encoding')).toBe('br')
    expect((JSON.parse(list.text) as Vm[]).length).toBe(feed.all('vm').length)
    const [first] = feed.all('vm')
    const one = await admin.request('GET', `/api/v1/vms/${first?.id}`)
    expect(one.json).toEqual(first)
    const etag = list.headers.get('etag') ?? ''
    const again = await admin.request('GET', '/api/v1/vms', {
      headers: { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' },
    })
    expect(again.status).toBe(304)
    expect((await admin.request('GET', '/api/v1/vms/nothing')).code).toBe('NOT_FOUND')
    expect((await admin.request('GET', '/api/v1/inventory?kinds=vm,nonsense')).code).toBe(
      'BAD_REQUEST',
    )
    const some = await admin.request('GET', '/api/v1/inventory?kinds=host,pool')
    expect(Object.keys(some.json?.['resources'] ?? {})).toEqual(['pool', 'host'])
  })
})

describe('operations', () => {
  it('start a VM: a task, then the VM runs, all over the feed', async () => {
    const { id, name } = vmWhere(startable)
    const { status, taskId } = await order(`vms/${id}/start`)
    expect(status).toBe(202)
    expect(await feed.finished(taskId)).toMatchObject({
      status: 'success',
      operation: 'vm.start',
      startedBy: 'admin',
      target: { kind: 'vm', id, name },
    })
    const vm = await feed.until(() => {
      const now = feed.get('vm', id)
      return now?.powerState === 'running' && now.consoles.length > 0 && now.hostId
        ? now
        : undefined
    })
    expect(feed.get('host', vm.hostId ?? '')).toBeDefined()
    const again = await order(`vms/${id}/start`)
    expect([again.status, JSON.parse(again.text).error.refusal.code]).toEqual([409, 'already'])
  })

  it('are cleared away in the pool and stay in sight here', async () => {
    const { id } = vmWhere(startable)
    const { taskId } = await order(`vms/${id}/start`)
    await feed.finished(taskId)
    await expect.poll(() => uuidsIn('task')).not.toContain(taskId)
    expect(feed.get('task', String(taskId))?.status).toBe('success')
  })

  it('tell why the pool refused, with the names of what is meant', async () => {
    const { id } = vmWhere(startable)
    simulator.pool.faults.fail('VM.start', 'VM_REQUIRES_SR', [
      String([...simulator.pool.db.all('VM')][0]?.[0]),
      String([...simulator.pool.db.all('SR')][0]?.[0]),
    ])
    const { taskId, status, text } = await order(`vms/${id}/start`)
    const [, sr] = [...simulator.pool.db.all('SR')][0] ?? []
    const message =
      status === 202 ? (await feed.finished(taskId)).error?.message : JSON.parse(text).error.message
    expect(message).toContain(String(sr?.['name_label']))
    expect(message).not.toContain('OpaqueRef')
  })

  it('rename, describe and tag at once', async () => {
    const { id, tags } = vmWhere(() => true)
    expect((await order(`vms/${id}/rename`, { name: 'new <name> & more' })).status).toBe(200)
    expect((await order(`vms/${id}/describe`, { description: 'what it is for' })).status).toBe(200)
    expect((await order(`vms/${id}/tag`, { add: ['one', 'two'], remove: tags })).status).toBe(200)
    await feed.until(() => {
      const vm = feed.get('vm', id)
      return (
        vm?.name === 'new <name> & more' &&
        vm.description === 'what it is for' &&
        vm.tags.join() === 'one,two'
      )
    })
  })

  it('stop many, with a result for each', async () => {
    const running = feed
      .all('vm')
      .filter((vm) => vm.allowed.includes('hard_shutdown'))
      .slice(0, 5)
    const halted = vmWhere(startable)
    const targets = [...running.map(({ id }) => id), halted.id, 'nothing']
    const { json } = await admin.request('POST', '/api/v1/batch', {
      body: { operation: 'vm.forceShutDown', targets, input: {} },
    })
    const results = JSON.stringify(json)
    expect(results).toContain('OPERATION_REFUSED')
    expect(results).toContain('NOT_FOUND')
    for (const { id } of running)
      await feed.until(() => feed.get('vm', id)?.powerState === 'halted', id)
  })

  it('snapshot with a description, revert, rename and delete', async () => {
    const { id } = vmWhere((vm) => startable(vm) && vm.drives.some(({ diskId }) => diskId !== null))
    const disks = uuidsIn('VDI')
    const made = await order(`vms/${id}/snapshot`, { name: 'before', description: 'why' })
    await feed.finished(made.taskId)
    const snapshot = await feed.until(() =>
      feed.all('snapshot').find((one) => one.vmId === id && one.description === 'why'),
    )
    expect(snapshot.name).toBe('before')
    await feed.finished((await order(`vms/${id}/start`)).taskId)
    await feed.until(() => feed.get('vm', id)?.powerState === 'running')
    const reverted = await order(`snapshots/${snapshot.id}/revert`)
    expect(await feed.finished(reverted.taskId)).toMatchObject({ status: 'success' })
    await feed.until(
      () =>
        feed.get('vm', id)?.powerState === 'halted' &&
        feed.get('vm', id)?.currentSnapshotId === snapshot.id,
    )
    await order(`snapshots/${snapshot.id}/rename`, { name: 'after' })
    await feed.until(() => feed.get('snapshot', snapshot.id)?.name === 'after')
    const deleted = await order(`snapshots/${snapshot.id}/delete`)
    expect(await feed.finished(deleted.taskId)).toMatchObject({ status: 'success' })
    await feed.until(() => !feed.get('snapshot', snapshot.id))
    expect(uuidsIn('VDI')).toHaveLength(disks.length)
  })

  it('delete a VM with its disks and snapshots, and leave nothing behind but what others use', async () => {
    const { id } = vmWhere(
      (vm) =>
        startable(vm) && vm.snapshotIds.length === 0 && vm.drives.some(({ diskId }) => diskId),
    )
    const own = feed
      .all('disk')
      .filter((disk) => disk.usedBy.includes(id) && disk.type !== 'cd')
      .map((disk) => disk.id)
    const before = uuidsIn('VDI')
    await feed.finished((await order(`vms/${id}/snapshot`, { name: 'one' })).taskId)
    await feed.finished((await order(`vms/${id}/snapshot`, { name: 'two' })).taskId)
    const cds = new Set(
      feed
        .get('vm', id)
        ?.drives.filter((drive) => drive.type === 'cd')
        .map(({ diskId }) => diskId),
    )
    await feed.until(() => feed.get('vm', id)?.snapshotIds.length === 2)
    const { taskId } = await order(`vms/${id}/delete`, { disks: true })
    expect(await feed.finished(taskId)).toMatchObject({ status: 'success', operation: 'vm.delete' })
    await feed.until(
      () => !feed.get('vm', id) && !feed.all('snapshot').some((one) => one.vmId === id),
    )
    const gone = own.filter((disk) => !cds.has(disk))
    expect(gone.length).toBeGreaterThan(0)
    expect(uuidsIn('VDI')).toEqual(before.filter((disk) => !gone.includes(disk)))
  })

  it('say what is left where a disk cannot be deleted', async () => {
    const vm = vmWhere((one) => startable(one) && one.drives.some(({ diskId }) => diskId))
    simulator.pool.faults.fail('VDI.destroy', 'SR_BACKEND_FAILURE_46', ['', 'busy'], 1)
    const { taskId } = await order(`vms/${vm.id}/delete`, { disks: true })
    expect(await feed.finished(taskId)).toMatchObject({
      status: 'failure',
      error: { code: 'DELETE_INCOMPLETE' },
    })
    await feed.until(() => !feed.get('vm', vm.id))
  })
})

describe('a pool that is lost', () => {
  it('keeps its objects, says so, and heals', async () => {
    const vms = feed.all('vm').length
    const [connection] = feed.all('connection')
    const coordinator = simulator.pool.coordinator()
    await Promise.all(
      simulator.pool.servers.map(({ host }) => simulator.pool.faults.killHost(host)),
    )
    await feed.until(
      () =>
        feed.all('pool')[0]?.live === false && feed.all('connection')[0]?.state === 'reconnecting',
    )
    expect(feed.all('connection')[0]).toMatchObject({ reason: { code: 'POOL_UNREACHABLE' } })
    expect(feed.all('vm')).toHaveLength(vms)
    const refused = await order(`vms/${feed.all('vm')[0]?.id}/rename`, { name: 'x' })
    expect([refused.status, JSON.parse(refused.text).error.code]).toEqual([
      503,
      'POOL_DISCONNECTED',
    ])
    await Promise.all(
      simulator.pool.servers.map(({ host }) => simulator.pool.faults.reviveHost(host)),
    )
    expect(simulator.pool.coordinator()).toBe(coordinator)
    await order(`connections/${connection?.id}/connect`)
    await feed.until(
      () => feed.all('pool')[0]?.live === true && feed.all('connection')[0]?.state === 'connected',
    )
  })

  it('is not noticed where the pool only ends the session', async () => {
    simulator.pool.faults.expireSessions()
    const { id } = vmWhere(startable)
    await feed.until(() => feed.all('connection')[0]?.state === 'connected')
    await expect
      .poll(async () => (await order(`vms/${id}/rename`, { name: 'after' })).status)
      .toBe(200)
    await feed.until(() => feed.get('vm', id)?.name === 'after')
  })
})

describe('connections', () => {
  it('disconnect takes the objects away and lasts; connect brings them back', async () => {
    const [connection] = feed.all('connection')
    await order(`connections/${connection?.id}/disconnect`)
    await feed.until(() => feed.all('vm').length === 0 && feed.all('pool').length === 0)
    expect(feed.all('connection')[0]).toMatchObject({ state: 'disconnected' })
    await order(`connections/${connection?.id}/connect`)
    await feed.until(() => feed.all('vm').length > 10)
  })

  it('refuse the same pool twice, a wrong password and nobody', async () => {
    const pool = { address: simulator.url, username: 'root', password: 'secret' }
    expect(await refusalOf('connections', pool)).toBe('POOL_ALREADY_REGISTERED')
    expect(simulator.urls.length).toBeGreaterThan(1)
    const member = { ...pool, address: simulator.urls[1] ?? '' }
    expect(await refusalOf('connections', member)).toBe('POOL_ALREADY_REGISTERED')
    expect(await refusalOf('connections', { ...pool, password: 'wrong' })).toBe(
      'SESSION_AUTHENTICATION_FAILED',
    )
    expect(await refusalOf('connections', { ...pool, address: 'http://127.0.0.1:1' })).toBe(
      'POOL_UNREACHABLE',
    )
    expect(feed.all('connection')).toHaveLength(1)
  })

  it('register a second pool, sealed, edit it and forget it', async () => {
    const second = await startSimulator({ timeScale: 0, data: { hosts: 1, vms: 3, seed: 7 } })
    try {
      const made = await order('connections', {
        address: second.url,
        username: 'root',
        password: 'secret',
      })
      expect(made.status).toBeLessThan(300)
      await feed.until(() => feed.all('pool').length === 2)
      const rows = await bff.bff.context.store.db.selectFrom('pools').selectAll().execute()
      expect(JSON.stringify(rows)).not.toContain('secret')
      await order(`connections/${made.createdId}/edit`, { label: 'second' })
      await feed.until(() => feed.get('connection', String(made.createdId))?.label === 'second')
      // The same pool by another name of its address: nothing of it may flicker.
      const vms = feed.all('vm').length
      const from = feed.messages.length
      await order(`connections/${made.createdId}/edit`, {
        address: second.url.replace('127.0.0.1', 'localhost'),
      })
      await feed.until(() =>
        feed.messages.slice(from).some((message) => {
          if (!('revision' in message)) return false
          return message.put?.connection?.some(({ state }) => state === 'connecting')
        }),
      )
      await feed.until(
        () => feed.get('connection', String(made.createdId))?.state === 'connected',
        'the pool at its other address',
      )
      await feed.until(() => feed.all('pool').every(({ live }) => live))
      expect(feed.all('vm')).toHaveLength(vms)
      const removed = feed.messages
        .slice(from)
        .flatMap((message) => ('revision' in message ? Object.keys(message.remove ?? {}) : []))
      expect(removed).toEqual([])
      await order(`connections/${made.createdId}/delete`)
      await feed.until(() => feed.all('pool').length === 1 && feed.all('connection').length === 1)
    } finally {
      await second.close()
    }
  })
})

describe('certificates', () => {
  it('must be confirmed before the password is sent, and stay the same', async () => {
    const secure = await startSimulator({
      timeScale: 0,
      tls: true,
      data: { hosts: 1, vms: 2, seed: 3 },
    })
    const port = Number(new URL(secure.url).port)
    const pool = { address: secure.url, username: 'root', password: 'secret' }
    try {
      const probe = await admin.request('POST', '/api/v1/certificate-probes', {
        body: { address: secure.url },
      })
      const shown = (probe.json as Partial<CertificateProbe>).certificate
      expect(shown).toMatchObject({
        trusted: false,
        fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      })
      const refused = JSON.parse((await order('connections', pool)).text).error
      expect([refused.code, refused.params[0]]).toEqual([
        'CERTIFICATE_UNTRUSTED',
        shown?.fingerprint,
      ])
      const other = `${'00:'.repeat(31)}00`
      expect(await refusalOf('connections', { ...pool, fingerprint: other })).toBe(
        'CERTIFICATE_CHANGED',
      )
      const made = await order('connections', { ...pool, fingerprint: shown?.fingerprint })
      await feed.until(() => feed.get('connection', String(made.createdId))?.state === 'connected')
      await secure.close()
      const impostor = await startSimulator({
        timeScale: 0,
        tls: true,
        port,
        data: { hosts: 1, vms: 2, seed: 3 },
      })
      try {
        await order(`connections/${made.createdId}/connect`)
        const failed = await feed.until(() => {
          const connection = feed.get('connection', String(made.createdId))
          return connection?.state === 'failed' ? connection : undefined
        })
        expect(failed.reason).toMatchObject({
          code: 'CERTIFICATE_CHANGED',
          params: [expect.any(String), shown?.fingerprint],
        })
        expect(
          feed.all('pool').find(({ connectionId }) => connectionId === made.createdId)?.live,
        ).toBe(false)
        const confirmed = await order(`connections/${made.createdId}/edit`, {
          fingerprint: failed.reason?.params[0],
        })
        expect(confirmed.status).toBe(200)
        await feed.until(
          () => feed.get('connection', String(made.createdId))?.state === 'connected',
        )
      } finally {
        await impostor.close()
      }
    } finally {
      await secure.close()
    }
  })
})

describe('feed', () => {
  it('ends with the session, and when the client talks', async () => {
    const other = await bff.signedIn('admin', 'correct horse battery')
    const listening = await FeedClient.open(bff, other)
    await other.request('DELETE', '/api/v1/session')
    await listening.until(() => listening.closeCode)
    expect(listening.messages.at(-1)).toEqual({ signedOut: true })
    expect(listening.closeCode).toBe(4401)
    feed.socket.send('hello')
    await feed.until(() => feed.closeCode)
    expect(feed.closeCode).toBe(4400)
  })
})
