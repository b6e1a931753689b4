import { closeCodes, kinds, type FeedMessage, type Kind, type Revision } from '@xendeck/contract'
import { socketUrl } from '../lib/base.ts'
import { ApiRequestError, reportSignedOut } from './client.ts'
import { poolsToKeep, settles, withKept } from './kept-pools.ts'
import { fetchInventory, ofKind, type LoadedInventory } from './inventory.ts'
import type { LiveStore } from './live-store.ts'

/** What the first screen needs comes first. */
const firstKinds: readonly Kind[] = ['connection', 'pool', 'host', 'vm', 'task']
const otherKinds = kinds.filter((kind) => !firstKinds.includes(kind))

export interface LiveState {
  /** `failed`: nothing has ever been loaded, and the last try went wrong. */
  phase: 'loading' | 'live' | 'reconnecting' | 'failed'
  /** When the phase began; while reconnecting: when the data was last known to be fresh. */
  since: Date
  /** When the next try is due, while reconnecting or failed. */
  retryAt: Date | null
  error: ApiRequestError | null
  /** The kinds that have arrived at least once. */
  loaded: ReadonlySet<Kind>
}

const firstDelay = 500
const longestDelay = 15_000
const silenceLimit = 20_000
const probeTimeout = 5_000

/**
 * Keeps a LiveStore true: inventory first, then the WebSocket feed from the inventory's revision on. It reconnects
 * by itself, from the last revision, and starts over when the server says that this one is too old.
 */
export class Feed {
  readonly #store: LiveStore
  readonly #listeners = new Set<() => void>()
  #state: LiveState = idleState()
  #revision: Revision | null = null
  #socket: WebSocket | null = null
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #silenceTimer: ReturnType<typeof setTimeout> | undefined
  #abort: AbortController | null = null
  /** The latest attempt; one that is overtaken must not write over what came after it. */
  #loading: AbortController | null = null
  #attempts = 0
  /** Pools that the server has not reached since it was started; their objects are shown as last seen. */
  #kept: ReadonlyMap<string, string> = new Map()
  readonly #unreachableListeners = new Set<() => void>()
  #heardWhileLoading: FeedMessage[] | null = null

  constructor(store: LiveStore) {
    this.#store = store
  }

  readonly getState = (): LiveState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Called when the server was asked for a sign of life and gave none: other connections to it are dead as well. */
  readonly onUnreachable = (listener: () => void): (() => void) => {
    this.#unreachableListeners.add(listener)
    return () => this.#unreachableListeners.delete(listener)
  }

  get isRunning(): boolean {
    return this.#abort !== null
  }

  /** Begins, or does nothing where it has begun. */
  start(): void {
    if (this.#abort) return
    this.#abort = new AbortController()
    window.addEventListener('online', this.retryNow)
    window.addEventListener('offline', this.#onOffline)
    document.addEventListener('visibilitychange', this.#onVisible)
    void this.#connect()
  }

  /** Ends the connection; with `forget`, the data too (another person may sign in). */
  stop(forget: boolean): void {
    window.removeEventListener('online', this.retryNow)
    window.removeEventListener('offline', this.#onOffline)
    document.removeEventListener('visibilitychange', this.#onVisible)
    this.#abort?.abort()
    this.#abort = null
    clearTimeout(this.#retryTimer)
    this.#closeSocket()
    this.#attempts = 0
    if (!forget) return
    this.#revision = null
    this.#store.clear()
    this.#state = idleState()
    this.#notify()
  }

  /** Does not wait for the next try. */
  readonly retryNow = (): void => {
    if (!this.#abort || this.#state.retryAt === null) return
    clearTimeout(this.#retryTimer)
    void this.#connect()
  }

  readonly #onVisible = (): void => {
    if (!document.hidden) this.retryNow()
  }

  readonly #onOffline = (): void => {
    void this.#probe()
  }

  async #connect(): Promise<void> {
    if (!this.#abort) return
    this.#loading?.abort()
    const loading = new AbortController()
    this.#loading = loading
    const signal = AbortSignal.any([this.#abort.signal, loading.signal])
    this.#set({ retryAt: null })
    try {
      if (this.#revision === null) await this.#load(signal)
      else this.#open()
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof ApiRequestError)) throw error
      // Whoever signs in again starts the feed again.
      if (error.code === 'SIGN_IN_REQUIRED') this.stop(false)
      else this.#retryLater(error)
    }
  }

  /** @param signal aborted where another load takes the place of this one */
  async #load(signal: AbortSignal): Promise<void> {
    const first = await fetchInventory(firstKinds, signal)
    signal.throwIfAborted()
    this.#kept = poolsToKeep(this.#store.list('pool'), {
      connections: first.resources.connection ?? [],
      pools: first.resources.pool ?? [],
    })
    this.#replace(firstKinds, first)
    this.#revision = first.revision
    // What the feed says while the second reply is on its way may be newer than that reply: it is said again after.
    const heard: FeedMessage[] = []
    this.#heardWhileLoading = heard
    this.#open()
    try {
      const others = await fetchInventory(otherKinds, signal)
      signal.throwIfAborted()
      this.#replace(otherKinds, others)
      for (const message of heard) this.#apply(message)
    } catch (error) {
      if (!signal.aborted) {
        // Without the other kinds the revision says too much.
        this.#revision = null
        this.#closeSocket()
      }
      throw error
    } finally {
      if (this.#heardWhileLoading === heard) this.#heardWhileLoading = null
    }
  }

  #replace(which: readonly Kind[], inventory: LoadedInventory): void {
    for (const kind of which) {
      const all = withKept(ofKind(inventory, kind), this.#store.list(kind), this.#kept)
      this.#store.replace(kind, all)
    }
    this.#set({ loaded: new Set([...this.#state.loaded, ...which]) })
  }

  #open(): void {
    this.#closeSocket()
    const url = socketUrl('feed')
    url.searchParams.set('revision', this.#revision ?? '')
    const socket = new WebSocket(url)
    this.#socket = socket
    this.#hear()
    socket.addEventListener('message', (event: MessageEvent<string>) => {
      this.#hear()
      this.#receive(JSON.parse(event.data) as FeedMessage)
    })
    socket.addEventListener('close', (event) => {
      if (this.#socket !== socket) return
      this.#closeSocket()
      if (event.code === closeCodes.SESSION_ENDED) this.#endSession()
      else this.#retryLater(null)
    })
  }

  #receive(message: FeedMessage): void {
    if ('hello' in message) {
      this.#attempts = 0
      this.#set({ phase: 'live', since: new Date(), retryAt: null, error: null })
    } else if ('reset' in message) {
      this.#startOver()
    } else if ('signedOut' in message) {
      this.#endSession()
    } else {
      this.#revision = message.revision
      this.#heardWhileLoading?.push(message)
      this.#apply(message)
      // What was kept of the pool may be out of date by deletions, of which the feed says nothing any more.
      if (settles(message, this.#kept)) this.#startOver()
    }
  }

  #startOver(): void {
    this.#revision = null
    this.#closeSocket()
    void this.#connect()
  }

  #apply(message: FeedMessage): void {
    if ('put' in message && message.put) this.#store.put(message.put)
    if ('remove' in message && message.remove) this.#store.remove(message.remove)
  }

  #endSession(): void {
    this.stop(false)
    reportSignedOut()
  }

  #retryLater(error: ApiRequestError | null): void {
    const ceiling = Math.min(longestDelay, firstDelay * 2 ** this.#attempts)
    this.#attempts += 1
    // Jitter, so that the browsers of a house do not come back all at once.
    const delay = ceiling * (0.5 + Math.random() / 2)
    const isLoaded = this.#state.loaded.size > 0
    this.#set({
      phase: isLoaded ? 'reconnecting' : 'failed',
      since: this.#state.phase === 'live' ? new Date() : this.#state.since,
      retryAt: new Date(Date.now() + delay),
      error,
    })
    clearTimeout(this.#retryTimer)
    this.#retryTimer = setTimeout(() => void this.#connect(), delay)
  }

  /** A cut cable closes nothing, and pings are not shown to pages: after a silence the server is asked. */
  #hear(): void {
    clearTimeout(this.#silenceTimer)
    this.#silenceTimer = setTimeout(() => void this.#probe(), silenceLimit)
  }

  readonly #probe = async (): Promise<void> => {
    const socket = this.#socket
    if (!socket) return
    const isAlive = await fetch(new URL('healthz', document.baseURI), {
      signal: AbortSignal.timeout(probeTimeout),
    }).then(
      () => true,
      () => false,
    )
    if (this.#socket !== socket) return
    if (isAlive) {
      this.#hear()
    } else {
      this.#closeSocket()
      this.#retryLater(null)
      for (const listener of this.#unreachableListeners) listener()
    }
  }

  #closeSocket(): void {
    clearTimeout(this.#silenceTimer)
    const socket = this.#socket
    this.#socket = null
    socket?.close()
  }

  #set(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change }
    this.#notify()
  }

  #notify(): void {
    for (const listener of this.#listeners) listener()
  }
}

function idleState(): LiveState {
  return { phase: 'loading', since: new Date(), retryAt: null, error: null, loaded: new Set() }
}
