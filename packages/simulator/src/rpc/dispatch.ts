/**
 * From a method name and wire values to a result, in xapi's order of checks: name, arity, types,
 * session, member, RBAC, body (PROTOCOL 1.5).
 */
import type { Value } from '../db/database.ts'
import { NULL_REF } from '../db/database.ts'
import { model } from '../model/model.ts'
import type { Message } from '../model/model.ts'
import type { Pool } from '../pool.ts'
import type { Session } from '../session/sessions.ts'
import type { TaskHandle } from '../tasks/handle.ts'
import { Rendered, xmlValue } from '../wire/marshal.ts'
import type { Result } from '../wire/reply.ts'
import { unmarshal } from '../wire/unmarshal.ts'
import type { WireCall, WireValue } from '../wire/values.ts'
import { expected } from '../wire/values.ts'
import { XapiError, failure, toXapiError } from './errors.ts'
import { bodies } from './generic.ts'
import type { Body } from './generic.ts'
import { assertMayCall, keyedField } from './rbac.ts'
import { parseType } from '../model/types.ts'

export interface Origin {
  /** Ref of the host that was called. */
  readonly host: string
  readonly gone: AbortSignal
  /** Cuts the client's connection. */
  readonly cut?: () => void
  /** `x-http-other-config-<key>` headers, kept on the task (PROTOCOL 1.2). */
  readonly otherConfig?: Record<string, string>
  /** `task-id` header: the call runs under this task, which it neither ends nor removes. */
  readonly task?: string | undefined
  /** `subtask-of` header. */
  readonly subtaskOf?: string | undefined
}

export interface Outcome extends Result {
  /** system.listMethods over XML has no envelope. */
  readonly bare?: boolean
}

const REF = parseType('ref task')
const STRINGS = parseType('set(string)')
/** Calls that members answer too. */
const LOCAL = new Set(model.data.emergency_calls)

const aliases = new Map(
  [...model.messages.values()].map((message) => [`${message.cls}_${message.name}`, message]),
)
const nobodyEnded = new AbortController().signal

/** The session of calls that have none. */
export function nobody(host: string): Session {
  return {
    ref: NULL_REF,
    account: { name: '', password: '' },
    host,
    root: true,
    subject: NULL_REF,
    sid: '',
    ended: nobodyEnded,
  }
}

export class Dispatcher {
  readonly #pool: Pool
  readonly #bodies: Map<string, Body>

  constructor(pool: Pool) {
    this.#pool = pool
    this.#bodies = bodies(pool.behaviours)
  }

  /** @throws XapiError */
  async call({ method, params }: WireCall, origin: Origin): Promise<Outcome> {
    const builtIn = this.#system(method, params)
    if (builtIn) return builtIn
    const [, prefix = '', name = method] = /^(Async\.|InternalAsync\.)?(.*)$/s.exec(method) ?? []
    const message = model.messages.get(name) ?? (prefix ? undefined : aliases.get(name))
    if (!message) throw this.#unknown(name, params, origin)
    assertArity(message, params)
    const [first, ...rest] = params
    const given = message.session ? rest : params
    if (message.session && typeof first !== 'string') throw expected('string', first ?? null)
    const values = message.params.map(({ type, default: fallback }, i) =>
      given[i] === undefined
        ? (structuredClone(fallback ?? '') as Value)
        : unmarshal(type, given[i]),
    )
    const session = message.session
      ? this.#session(String(first), message.method, origin)
      : nobody(origin.host)
    if (prefix && !message.model.async) {
      throw new XapiError('Fault', `No async mode for this operation (rpc: ${name})`)
    }
    this.#assertMayCall(session, message, values)
    if (message.removed) throw new XapiError('MESSAGE_REMOVED')
    if (message.method === 'SR.make' || message.method === 'VDI.force_unlock')
      throw new XapiError('MESSAGE_DEPRECATED')
    const run = (task: TaskHandle) => this.#run(message, values, session, task, origin)
    if (prefix) return { type: REF, value: this.#background(message, method, session, origin, run) }
    if (!message.model.async)
      return { type: message.result, value: await run(this.#pool.tasks.dummy(message.method)) }
    if (origin.task !== undefined && this.#pool.db.get('task', origin.task))
      return { type: message.result, value: await run(this.#pool.tasks.handle(origin.task)) }
    const task = this.#startTask(message.method, session, origin)
    try {
      return { type: message.result, value: await run(task) }
    } finally {
      if (task.ref !== null) this.#pool.tasks.remove(task.ref)
    }
  }

  #startTask(label: string, session: Session, origin: Origin): TaskHandle {
    const { db, tasks } = this.#pool
    const { host, subtaskOf, otherConfig = {} } = origin
    return tasks.start({
      label,
      host,
      session: session.ref,
      otherConfig,
      ...(subtaskOf !== undefined && db.get('task', subtaskOf) && { subtaskOf }),
    })
  }

  #background(
    message: Message,
    label: string,
    session: Session,
    origin: Origin,
    run: (task: TaskHandle) => Promise<Value | Rendered>,
  ): string {
    const { tasks } = this.#pool
    const task = this.#startTask(label, session, origin)
    const ref = task.key
    void (async () => {
      try {
        const value = await run(task)
        const text =
          value instanceof Rendered
            ? `<value>${Buffer.concat(value.xml()).toString()}</value>`
            : undefined
        tasks.succeed(
          ref,
          text ?? (message.result ? xmlValue(message.result, value as Value) : '<value></value>'),
        )
      } catch (error) {
        tasks.fail(ref, toXapiError(error))
      }
    })()
    return ref
  }

  async #run(
    message: Message,
    values: Value[],
    session: Session,
    task: TaskHandle,
    origin: Origin,
  ): Promise<Value | Rendered> {
    const { method } = message
    const { faults } = this.#pool
    const delay = faults.take('delay', method)
    if (delay) await new Promise((resolve) => setTimeout(resolve, delay.seconds * 1000))
    const planned = faults.take('fail', method)
    if (planned?.error) throw planned.error
    const body = this.#bodies.get(method)
    if (!body) throw new XapiError('NOT_IMPLEMENTED', method)
    const { host, gone, cut } = origin
    const { audit } = this.#pool
    try {
      const result = await body(
        { pool: this.#pool, session, task, host, method, gone, ...(cut && { cut }) },
        ...values,
      )
      audit.record({ session, message, values, allowed: true })
      return result ?? ''
    } catch (error) {
      audit.record({ session, message, values, allowed: true, error: toXapiError(error).code })
      throw error
    }
  }

  /** @throws XapiError RBAC_PERMISSION_DENIED */
  #assertMayCall(session: Session, message: Message, values: Value[]): void {
    if (!message.session) return
    try {
      assertMayCall(session, message, keyOf(message, values))
    } catch (error) {
      const { code } = toXapiError(error)
      this.#pool.audit.record({ session, message, values, allowed: false, error: code })
      throw error
    }
  }

  /** @throws XapiError SESSION_INVALID, HOST_IS_SLAVE */
  #session(ref: string, method: string, origin: Origin): Session {
    const coordinator = this.#pool.coordinator()
    if (origin.host !== coordinator && !LOCAL.has(method)) {
      throw new XapiError('HOST_IS_SLAVE', this.#pool.hostAddress(coordinator))
    }
    const { sessions } = this.#pool
    return LOCAL.has(method) ? sessions.mustLocal(ref, origin.host) : sessions.must(ref)
  }

  #unknown(name: string, [session]: readonly WireValue[], origin: Origin): XapiError {
    if (session !== undefined) {
      if (typeof session !== 'string') return expected('string', session)
      this.#session(session, name, origin)
    }
    return new XapiError('MESSAGE_METHOD_UNKNOWN', name)
  }

  #system(method: string, params: readonly WireValue[]): Outcome | undefined {
    if (method === 'system.listMethods')
      return { type: STRINGS, value: [...model.messages.keys()], bare: true }
    if (!method.startsWith('system.isAlive')) return undefined
    const [echo] = params
    if (typeof echo !== 'string') throw failure('system.isAlive wants a string')
    return { type: { kind: 'string' }, value: echo }
  }
}

// Counts exclude the session: a call without any parameter has received -1 (FACTS).
function assertArity(message: Message, params: readonly WireValue[]): void {
  const received = message.session ? params.length - 1 : params.length
  const { length } = message.params
  // session.login_with_password takes any number after the fourth (recording 8).
  const most = message.session ? length : Number.POSITIVE_INFINITY
  if (received >= message.required && received <= most) return
  throw new XapiError(
    'MESSAGE_PARAMETER_COUNT_MISMATCH',
    message.method,
    String(message.required),
    String(received),
  )
}

function keyOf(message: Message, [, key]: Value[]): string | undefined {
  return typeof key === 'string' && keyedField(message) ? key : undefined
}
