/** One pool: session, event stream, store. */
import { isIPv6, type Socket } from 'node:net'
import { TransportError } from '../errors.ts'
import type { ClassName } from '../generated/names.ts'
import { DEFAULT_CLASSES, followEvents } from '../store/follow.ts'
import { ObjectStore } from '../store/object-store.ts'
import type { EventBatch, MethodName, Params, Ref, Result, XenRecord } from '../types.ts'
import { DEFAULT_LIMITS, type DecodeLimits } from '../wire/limits.ts'
import { formatEndpoint, parseAddress } from './address.ts'
import type { Endpoint } from './address.ts'
import { Backoff } from './backoff.ts'
import { dial } from './dial.ts'
import { candidatesOf, isFinal, login, logout } from './login.ts'
import type { Session } from './login.ts'
import { isCoordinator, liveMembers } from './members.ts'
import { callWithSession, isRefusal } from './session-calls.ts'
import { taskValue } from './tasks.ts'
import type { TaskOptions } from './tasks.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface ConnectionOptions {
  /** `host`, `host:port`, `https://host` or `http://host:port`; https is the default. */
  address: string
  username: string
  password: string
  /** Shown in the session's record; xapi limits sessions per originator. */
  originator?: string
  /** SHA-256 fingerprints (`AA:BB:…`) of certificates that are accepted beside CA-signed ones. */
  fingerprints?: readonly string[]
  /** Addresses of other members, tried when `address` does not answer. */
  members?: readonly string[]
  /** Classes kept in the store; `task` always is. */
  classes?: readonly ClassName[]
  onLog?: (level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void
  /** How much one reply may hold; what is left out is as in DEFAULT_LIMITS. */
  limits?: Partial<DecodeLimits>
  /** How many objects the store may hold; 500,000 by default. A pool of 5,000 VMs has about 50,000. */
  maxObjects?: number
  /** Seconds that xapi may hold an event.from; 30 by default. */
  eventTimeout?: number
}

export interface ConnectionStatus {
  /** `ready`: the store holds the pool. `failed`: waits for retryNow(). */
  phase: 'idle' | 'connecting' | 'ready' | 'reconnecting' | 'failed' | 'closed'
  since: Date
  /** Why the phase is `reconnecting` or `failed`. */
  error: Error | null
  retryAt: Date | null
  /** Address of the pool coordinator. */
  coordinator: string | null
  /** Addresses of the hosts that live, the coordinator's first. */
  members: readonly string[]
}

/** A call that the caller can give up. */
export interface CallSettings {
  signal?: AbortSignal
  /** Milliseconds without a byte from xapi after which the call is given up. */
  timeout?: number
}

const EVENT_TIMEOUT = 30
const MAX_OBJECTS = 500_000
/** Milliseconds that the answer of event.from may be late: big answers take their time to begin. */
const EVENT_GRACE = 30_000

export class XenConnection {
  readonly store = new ObjectStore()
  readonly #options: ConnectionOptions
  readonly #endpoint: Endpoint
  readonly #closing = new AbortController()
  readonly #backoff = new Backoff()
  readonly #statusListeners = new Set<(status: ConnectionStatus) => void>()
  #status: ConnectionStatus = {
    phase: 'idle',
    since: new Date(),
    error: null,
    retryAt: null,
    coordinator: null,
    members: [],
  }
  #session: Session | null = null
  /** The store was filled on the session of now. */
  #synced = false
  #renewal: Promise<Session> | null = null
  #loop: Promise<void> | null = null
  /** Ends the waiting between two attempts. */
  #wake: () => void = () => {}
  /** Ends the event.from of now, so that it begins anew on another session. */
  #polling: AbortController | null = null

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#endpoint = parseAddress(options.address)
    this.#status = { ...this.#status, members: options.members ?? [] }
    this.store.subscribe((changes) => {
      if (changes.some(({ class: cls }) => MEMBER_CLASSES.has(cls))) this.#noteMembers()
    })
  }

  get status(): ConnectionStatus {
    return this.#status
  }

  /** Calls the listener at every change of the status. Returns the unsubscriber. */
  onStatus(listener: (status: ConnectionStatus) => void): () => void {
    this.#statusListeners.add(listener)
    return () => void this.#statusListeners.delete(listener)
  }

  /** Connects, and stays connected until close(). */
  start(): void {
    if (this.#loop || this.#closing.signal.aborted) return
    this.#loop = this.#run()
  }

  /** Resolves when the store holds the pool; rejects when a person has to change something. */
  ready(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (status: ConnectionStatus): boolean => {
        if (status.phase === 'ready') resolve()
        else if (status.phase === 'failed') reject(status.error)
        else if (status.phase === 'closed') reject(closedError())
        else return false
        unsubscribe()
        signal?.removeEventListener('abort', onAbort)
        return true
      }
      const onAbort = (): void => {
        unsubscribe()
        reject(new TransportError('aborted', 'waiting for the connection ended'))
      }
      const unsubscribe = this.onStatus(look)
      if (look(this.#status)) return
      if (signal?.aborted) onAbort()
      else signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  /** Tries at once instead of at `retryAt`; also leaves `failed`. */
  retryNow(): void {
    this.#backoff.reset()
    this.#wake()
  }

  /** Logs out and ends everything. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) {
      await this.#loop
      return
    }
    this.#closing.abort()
    this.#wake()
    this.#polling?.abort()
    await this.#loop
    const session = this.#session
    this.#session = null
    if (session) await logout(session)
    this.#setStatus({ phase: 'closed', error: null, retryAt: null })
  }

  /** Calls a method; the session is added inside. */
  call<M extends MethodName>(method: M, ...params: Params<M>): Promise<Result<M>> {
    return this.callWith({}, method, ...params)
  }

  /** Calls a method that can be given up. */
  callWith<M extends MethodName>(
    settings: CallSettings,
    method: M,
    ...params: Params<M>
  ): Promise<Result<M>> {
    // The decoder gave the result the type that the same data model names for it.
    return this.#call(method, params, settings) as Promise<Result<M>>
  }

  /**
   * The result of a task as text: a reference, or '' for void; a list is joined by commas. Rejects
   * with what the task failed with. `signal` cancels the task.
   */
  async taskResult(task: Ref<'task'>, options: TaskOptions = {}): Promise<string> {
    const value = await this.taskValue(task, options)
    return value === undefined ? '' : String(value)
  }

  /** The decoded result of a task: a string, a list, a struct, or undefined for void. */
  taskValue(task: Ref<'task'>, options: TaskOptions = {}): Promise<unknown> {
    return taskValue(this, task, options)
  }

  /**
   * For xapi's HTTP handlers (consoles, transfers): a checked socket to a host of the pool, and
   * the session for its request. The session must not leave the process that asked for it.
   *
   * The coordinator is reached as it is already: behind NAT or a forwarded port, the address that
   * the pool has for it leads nowhere.
   */
  async openSocket(
    location: string,
    signal?: AbortSignal,
  ): Promise<{ socket: Socket; session: string; host: string }> {
    const { ref, transport } = this.#current()
    const named = parseAddress(location, this.#endpoint)
    // xapi names no port; a location that does means this very one.
    const isBare = isIPv6(location) || !/^(\w+:\/\/)?[^/?#]*:\d+([/?#]|$)/.test(location)
    const endpoint = isBare && isCoordinator(this.store, named.host) ? transport.endpoint : named
    if (this.#endpoint.secure && !endpoint.secure) {
      throw new TransportError('tls', 'the session is not sent over a connection without TLS')
    }
    const fingerprints = this.#options.fingerprints ?? []
    const socket = await dial(endpoint, { fingerprints, signal })
    return { socket, session: ref, host: formatEndpoint(endpoint) }
  }

  #call(method: string, params: readonly unknown[], settings: CallSettings = {}): Promise<unknown> {
    return callWithSession(
      { current: () => this.#current(), renew: (refused) => this.#renew(refused) },
      method,
      params,
      settings,
    )
  }

  #current(): Session {
    if (this.#closing.signal.aborted) throw closedError()
    if (!this.#session) throw new TransportError('refused', 'the pool is not connected')
    return this.#session
  }

  /** One login for all calls whose session was refused at the same time. */
  #renew(refused: Session): Promise<Session> {
    if (this.#session && this.#session !== refused) return Promise.resolve(this.#session)
    this.#renewal ??= this.#logIn().finally(() => {
      this.#renewal = null
    })
    return this.#renewal
  }

  async #logIn(): Promise<Session> {
    const { username, password, originator = 'XenDeck', members = [] } = this.#options
    const { coordinator } = this.#status
    const addresses = [
      ...(coordinator === null ? [] : [coordinator]),
      this.#options.address,
      ...this.#status.members,
      ...members,
    ]
    const session = await login(candidatesOf(addresses, this.#endpoint), {
      credentials: { username, password, originator },
      fingerprints: this.#options.fingerprints ?? [],
      limits: { ...DEFAULT_LIMITS, ...this.#options.limits },
      signal: this.#closing.signal,
    })
    if (this.#closing.signal.aborted) {
      await logout(session)
      throw closedError()
    }
    // Calls that run on the session before are left to end; its idle sockets close by themselves.
    this.#session = session
    this.#synced = false
    this.#polling?.abort()
    const address = formatEndpoint(session.transport.endpoint)
    this.#setStatus({ coordinator: address })
    this.#log('info', 'logged in', { address })
    return session
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        this.#setStatus({
          phase: this.#status.phase === 'idle' ? 'connecting' : this.#phaseOfAttempt(),
          retryAt: null,
        })
        const session = this.#session ?? (await this.#renewOrLogIn())
        await this.#follow(session)
      } catch (error) {
        if (this.#closing.signal.aborted) return
        await this.#recover(error)
      }
    }
  }

  #phaseOfAttempt(): ConnectionStatus['phase'] {
    return this.#status.phase === 'failed' ? 'connecting' : this.#status.phase
  }

  #renewOrLogIn(): Promise<Session> {
    this.#renewal ??= this.#logIn().finally(() => {
      this.#renewal = null
    })
    return this.#renewal
  }

  /** Decides what a failure means, and waits as long as it asks for. */
  async #recover(error: unknown): Promise<void> {
    const failure = error instanceof Error ? error : new Error(String(error))
    const lost = this.#session
    if (isRefusal(error) && lost && this.#synced) {
      // A session that was good has ended: log in at once. One that never was would be refused
      // again, and that takes the slow way.
      this.#session = null
      this.#setStatus({ phase: 'reconnecting', error: failure, retryAt: null })
      return
    }
    this.#session = null
    if (lost) void logout(lost)
    if (isFinal(error)) {
      this.#log('error', 'connection failed', { error: failure.message })
      this.#setStatus({ phase: 'failed', error: failure, retryAt: null })
      await this.#wait(null)
      return
    }
    const delay = this.#backoff.next()
    this.#log('warn', 'connection lost', { error: failure.message, retryIn: delay })
    this.#setStatus({
      phase: 'reconnecting',
      error: failure,
      retryAt: new Date(Date.now() + delay),
    })
    await this.#wait(delay)
  }

  /** Waits for a time, or without one for retryNow() or close(). */
  #wait(milliseconds: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = milliseconds === null ? undefined : setTimeout(() => this.#wake(), milliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        this.#wake = () => {}
        resolve()
      }
      if (this.#closing.signal.aborted) this.#wake()
    })
  }

  async #follow(session: Session): Promise<void> {
    const seconds = this.#options.eventTimeout ?? EVENT_TIMEOUT
    const timeout = seconds * 1000 + EVENT_GRACE
    await followEvents({
      store: this.store,
      maxObjects: this.#options.maxObjects ?? MAX_OBJECTS,
      classes: [...new Set<ClassName>([...(this.#options.classes ?? DEFAULT_CLASSES), 'task'])],
      isCurrent: () => this.#session === session && !this.#closing.signal.aborted,
      eventsFrom: async (classes, token) => {
        const polling = new AbortController()
        this.#polling = polling
        try {
          const call = { timeout, signal: polling.signal }
          const params = [classes, token, seconds]
          const { transport, ref } = session
          return (await transport.call('event.from', ref, params, call)) as EventBatch
        } catch (error) {
          // Another call has logged in again: its session goes on.
          if (this.#session !== session && !this.#closing.signal.aborted) return EMPTY_BATCH
          throw error
        }
      },
      allRecords: async (cls) => {
        const { signal } = this.#closing
        const records = await this.#call(`${cls}.get_all_records`, [], { signal })
        return new Map(Object.entries(records as Record<string, XenRecord>))
      },
      onSynced: () => {
        this.#backoff.reset()
        this.#synced = true
        this.#setStatus({ phase: 'ready', error: null, retryAt: null })
      },
      onError: (error) =>
        this.#log('error', 'a listener failed', {
          error: error instanceof Error ? error.message : String(error),
        }),
    })
  }

  #noteMembers(): void {
    const members = liveMembers(this.store)
    // The set is replaced: a host that left the pool must not be asked again.
    if (members.join() !== this.#status.members.join()) this.#setStatus({ members })
  }

  #setStatus(change: Partial<ConnectionStatus>): void {
    const before = this.#status
    const phaseChanged = change.phase !== undefined && change.phase !== before.phase
    this.#status = { ...before, ...change, since: phaseChanged ? new Date() : before.since }
    for (const listener of this.#statusListeners) listener(this.#status)
  }

  #log(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>): void {
    this.#options.onLog?.(level, message, fields)
  }
}

const MEMBER_CLASSES: ReadonlySet<ClassName> = new Set<ClassName>(['host', 'host_metrics', 'pool'])

const EMPTY_BATCH: EventBatch = { events: [], valid_ref_counts: {}, token: '' }

function closedError(): TransportError {
  return new TransportError('aborted', 'the connection was closed')
}
