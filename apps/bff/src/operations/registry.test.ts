import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OperationReply, Subject, Vm } from '@xendeck/contract'
import type { AuditEntry } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import { ApiFailure } from '../http/errors.ts'
import { TestBff } from '../../test/bff.ts'
import { mapLimited } from './batch.ts'
import { OperationRegistry, type Invocation, type Run } from './registry.ts'

const vm: Vm = {
  id: 'v1',
  poolId: 'p1',
  name: 'web',
  description: '',
  allowed: ['start'],
  current: [],
  powerState: 'halted',
} as Partial<Vm> as Vm

const operator: Subject = { userId: 'u1', name: 'Op', role: 'operator', pools: ['p1'] }

/** What was thrown; an operation that succeeds is a failure of the test. */
async function refusal(promise: Promise<OperationReply>): Promise<ApiFailure> {
  try {
    await promise
  } catch (error) {
    if (error instanceof ApiFailure) return error
  }
  throw new Error('it was not refused')
}

describe('OperationRegistry', () => {
  let test: TestBff
  let audited: AuditEntry[]
  let registry: OperationRegistry
  let ran: string[]
  beforeEach(async () => {
    test = await TestBff.start()
    audited = []
    ran = []
    registry = new OperationRegistry()
    const start: Run<'vm.start'> = async ({ resource, input }) => {
      ran.push(`${resource.name} on ${input.hostId}`)
      return { taskId: 't1' }
    }
    registry.register('vm.start', start)
    registry.register('vm.shutDown', async () => ({}))
    registry.register('vm.rename', async ({ input }) => {
      throw new ApiFailure('CONFLICT', `${input.name} is taken.`)
    })
    registry.register('vm.delete', async () => {
      throw new Error('password=hunter2')
    })
  })
  afterEach(() => test.close())

  function order(change: Partial<Invocation> = {}): Invocation {
    const context: Context = {
      ...test.bff.context,
      audit: { ...test.bff.context.audit, append: async (entry) => void audited.push(entry) },
      inventory: {
        find: (kind, id, subject) =>
          kind === 'vm' && id === vm.id && subject.pools.includes('p1') ? (vm as never) : undefined,
      },
    }
    return {
      context,
      subject: operator,
      from: '192.0.2.1',
      requestId: 'r1',
      id: 'v1',
      input: {},
      ...change,
    }
  }

  it('runs with the resource and the parsed input, and audits', async () => {
    const reply = await registry.execute('vm.start', order({ input: { hostId: 'h1', extra: 1 } }))
    expect(reply).toEqual({ taskId: 't1' })
    expect(ran).toEqual(['web on h1'])
    expect(audited).toEqual([
      {
        userId: 'u1',
        userName: 'Op',
        from: '192.0.2.1',
        action: 'vm.start',
        target: { kind: 'vm', id: 'v1', name: 'web' },
        poolId: 'p1',
        result: 'ok',
        requestId: 'r1',
      },
    ])
  })

  it.each<[string, Partial<Invocation>, string]>([
    ['an unknown target', { id: 'nope' }, 'NOT_FOUND'],
    [
      'a target that the person may not see',
      { subject: { ...operator, pools: ['p2'] } },
      'NOT_FOUND',
    ],
    ['a role that may not', { subject: { ...operator, role: 'auditor' } }, 'FORBIDDEN'],
    [
      'a role that may not, whatever the target',
      { subject: { ...operator, role: 'auditor' }, id: 'nope' },
      'FORBIDDEN',
    ],
    ['wrong input', { input: { hostId: 7 } }, 'INVALID_INPUT'],
    ['no input', { input: null }, 'INVALID_INPUT'],
  ])('refuses %s and audits that', async (_what, change, code) => {
    const failure = await refusal(registry.execute('vm.start', order(change)))
    expect(failure.code).toBe(code)
    expect(audited.map((entry) => entry.result)).toEqual([code])
    expect(ran).toEqual([])
  })

  it('refuses what cannot be done now, and says why', async () => {
    const failure = await refusal(registry.execute('vm.shutDown', order()))
    expect(failure).toMatchObject({
      code: 'OPERATION_REFUSED',
      status: 409,
      refusal: { code: 'already', params: { state: 'halted' } },
    })
  })

  it('passes failures of the operation on, and hides what is our own fault', async () => {
    const conflict = await refusal(registry.execute('vm.rename', order({ input: { name: 'x' } })))
    expect(conflict).toMatchObject({ code: 'CONFLICT', message: 'x is taken.' })
    Object.assign(vm, { allowed: ['start', 'destroy'] })
    const ours = await refusal(registry.execute('vm.delete', order({ input: { disks: false } })))
    expect(ours.code).toBe('INTERNAL')
    expect(ours.message).not.toContain('hunter2')
    expect(audited.map((entry) => entry.result)).toEqual(['CONFLICT', 'INTERNAL'])
  })

  it('begins nothing once it is closed', async () => {
    registry.close()
    expect((await refusal(registry.execute('vm.start', order()))).code).toBe('SHUTTING_DOWN')
    expect(ran).toEqual([])
  })

  it('knows each operation once', () => {
    expect(() => registry.register('vm.start', async () => ({}))).toThrow(/registered twice/)
  })
})

describe('POST /batch', () => {
  let test: TestBff
  beforeEach(async () => {
    test = await TestBff.start()
  })
  afterEach(() => test.close())

  it('answers for each target, once', async () => {
    const admin = await test.administrator()
    const body = { operation: 'vm.start', targets: ['a', 'b', 'a', '__proto__'], input: {} }
    const reply = await admin.request('POST', '/api/v1/batch', { body })
    expect(reply.status).toBe(200)
    expect(reply.json).toMatchObject({
      results: [
        { id: 'a', ok: false, error: { code: 'NOT_FOUND' } },
        { id: 'b', ok: false, error: { code: 'NOT_FOUND' } },
        { id: '__proto__', ok: false, error: { code: 'NOT_FOUND' } },
      ],
    })
  })

  it('refuses what is no batch', async () => {
    const admin = await test.administrator()
    const bodies = [
      {},
      { operation: 'vm.explode', targets: ['a'] },
      { operation: 'vm.start', targets: [] },
      { operation: 'vm.start', targets: Array.from({ length: 1001 }, (_, n) => String(n)) },
      { operation: 'vm.rename', targets: ['a'], input: { name: 'x' } },
    ]
    for (const body of bodies) {
      const reply = await admin.request('POST', '/api/v1/batch', { body })
      expect([reply.status, reply.code]).toEqual([400, 'INVALID_INPUT'])
    }
  })
})

describe('mapLimited', () => {
  it('keeps the order and the limit', async () => {
    let running = 0
    let most = 0
    const work = async (n: number) => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      return n * 2
    }
    const items = Array.from({ length: 50 }, (_, n) => n)
    expect(await mapLimited(items, 4, work)).toEqual(items.map((n) => n * 2))
    expect(most).toBe(4)
    expect(await mapLimited([], 4, work)).toEqual([])
  })
})
