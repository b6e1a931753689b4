import { closeCodes } from '@xendeck/contract'
import type { Unavailable } from './availability.ts'

/** Why a console that could be there is not connected. */
export type WaitReason =
  | 'network'
  | 'serverRestarting'
  | 'vmStopped'
  | 'migrated'
  | 'poolSessionLost'
  | 'poolUnreachable'
  | 'limitReached'
  | 'consoleLost'
  | 'idle'
  | 'noAnswer'
  | 'security'
  | 'forbidden'
  | 'signedOut'
  | 'notKnownYet'

/** Trying again by itself cannot help with these; a person has to do something first. */
const final: ReadonlySet<WaitReason> = new Set(['forbidden', 'signedOut', 'security'])

export type ConsolePhase =
  | { readonly name: 'idle' }
  /** There is nothing to connect to; it connects as soon as the VM has a console again. */
  | { readonly name: 'unavailable'; readonly reason: Unavailable }
  | { readonly name: 'ticket' }
  | { readonly name: 'connecting' }
  | { readonly name: 'connected' }
  /** `retryAt`: milliseconds since 1970; null where only a person can help. */
  | { readonly name: 'waiting'; readonly reason: WaitReason; readonly retryAt: number | null }

/** The part of WebSocket that the session needs. Screens take the whole of it in `attach`. */
export interface ConsoleSocket {
  addEventListener(type: 'close', listener: (event: { code: number }) => void): void
  addEventListener(type: 'open', listener: () => void): void
  close(): void
}

export interface ConsoleClock {
  now(): number
  setTimeout(run: () => void, milliseconds: number): number
  clearTimeout(handle: number): void
}

export interface ConsoleDeps<S extends ConsoleSocket> {
  /** A new single-use ticket. Rejects with whatever `classify` understands. */
  requestTicket(signal: AbortSignal): Promise<string>
  openSocket(ticket: string): S
  /**
   * Puts a screen on the socket. Calls `ready` when there is something to see and to type into, `refused` when the
   * far end turns the screen away. Returns what takes the screen off again; it need not close the socket.
   */
  attach(socket: S, events: { ready(): void; refused(): void }): () => void
  classify(error: unknown): WaitReason
  clock: ConsoleClock
}

/** Milliseconds. */
const FIRST_DELAY = 500
const LONGEST_DELAY = 10_000
/** A connection that held this long was a good one: the next loss starts again at the first delay. */
const STABLE_AFTER = 3_000
/** From opening the socket to `ready`; a host that accepts and then says nothing is lost too. */
const HANDSHAKE_TIMEOUT = 15_000

const reasonOfCloseCode: ReadonlyMap<number, WaitReason> = new Map<number, WaitReason>([
  [closeCodes.GOING_AWAY, 'serverRestarting'],
  [closeCodes.SESSION_ENDED, 'signedOut'],
  [closeCodes.FORBIDDEN, 'forbidden'],
  // A ticket is single-use and short-lived: one that is not found any more is replaced, not reported as an end.
  [closeCodes.NOT_FOUND, 'consoleLost'],
  [closeCodes.TIMED_OUT, 'idle'],
  [closeCodes.VM_STOPPED, 'vmStopped'],
  [closeCodes.VM_MIGRATED, 'migrated'],
  [closeCodes.POOL_SESSION_LOST, 'poolSessionLost'],
  [closeCodes.LIMIT_REACHED, 'limitReached'],
  [closeCodes.CONSOLE_LOST, 'consoleLost'],
  [closeCodes.POOL_UNREACHABLE, 'poolUnreachable'],
])

/** Attempt 1, 2, 3 … → 0.5 s, 1 s, 2 s … 10 s, without an end: a VM that runs will have its console again. */
export function retryDelay(attempt: number): number {
  return Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempt - 1))
}

/**
 * Keeps one console connected while its VM has one. Knows no React and no DOM: it is told what the VM offers, and
 * it tells its phase.
 *
 * Every attempt has a generation; whatever arrives from an older one (a late ticket, the close of a socket that was
 * already given up) is ignored, so two screens never fight over one place.
 */
export class ConsoleSession<S extends ConsoleSocket> {
  readonly #deps: ConsoleDeps<S>
  readonly #listeners = new Set<() => void>()
  #phase: ConsolePhase = { name: 'idle' }
  #active = false
  #unavailable: Unavailable | null = 'halted'
  #generation = 0
  #attempts = 0
  #timer: number | undefined
  #release: (() => void) | undefined

  constructor(deps: ConsoleDeps<S>) {
    this.#deps = deps
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly getPhase = (): ConsolePhase => this.#phase

  /** What the live inventory says. Call it with every change; only changes of the answer do something. */
  setUnavailable(reason: Unavailable | null): void {
    const before = this.#unavailable
    this.#unavailable = reason
    if (!this.#active || before === reason) return
    if (reason === null) {
      // A console that is new is not to be punished for the losses of the one before.
      this.#attempts = 0
      if (this.#phase.name !== 'connected') this.#connect()
    } else if (this.#phase.name !== 'connected' || reason === 'halted' || reason === 'suspended') {
      // A connected screen stays through pausing and moving: the relay knows best when it really ends.
      this.#giveUp()
      this.#become({ name: 'unavailable', reason })
    }
  }

  start(): void {
    if (this.#active) return
    this.#active = true
    this.#attempts = 0
    if (this.#unavailable) this.#become({ name: 'unavailable', reason: this.#unavailable })
    else this.#connect()
  }

  stop(): void {
    this.#active = false
    this.#giveUp()
    this.#become({ name: 'idle' })
  }

  /** At once instead of at `retryAt`: the person asked, or the network just came back. */
  retryNow(): void {
    if (this.#active && this.#phase.name === 'waiting' && !this.#unavailable) {
      this.#attempts = 0
      this.#connect()
    }
  }

  /** The network is back, or the page is looked at again: as {@link retryNow}, unless only a person can help. */
  nudge(): void {
    if (this.#phase.name === 'waiting' && this.#phase.retryAt !== null) this.retryNow()
  }

  /** Somebody has signed in again, who may be the one whose session ended. */
  signedIn(): void {
    if (this.#phase.name === 'waiting' && this.#phase.reason === 'signedOut') this.retryNow()
  }

  /** The server is known to be out of reach: a cut line closes no socket, and the screen would only seem alive. */
  cut(): void {
    const { name } = this.#phase
    if (name === 'connected' || name === 'connecting' || name === 'ticket') this.#lost('network')
  }

  #become(phase: ConsolePhase): void {
    this.#phase = phase
    for (const listener of this.#listeners) listener()
  }

  /** Ends whatever runs, without a word: the caller sets the phase. */
  #giveUp(): void {
    this.#generation += 1
    if (this.#timer !== undefined) this.#deps.clock.clearTimeout(this.#timer)
    this.#timer = undefined
    const release = this.#release
    this.#release = undefined
    release?.()
  }

  #connect(): void {
    this.#giveUp()
    const generation = this.#generation
    const abort = new AbortController()
    this.#release = () => abort.abort()
    this.#become({ name: 'ticket' })
    this.#deps.requestTicket(abort.signal).then(
      (ticket) => {
        if (generation === this.#generation) this.#open(ticket)
      },
      (error: unknown) => {
        if (generation === this.#generation) this.#lost(this.#deps.classify(error))
      },
    )
  }

  #open(ticket: string): void {
    const generation = this.#generation
    const current = () => generation === this.#generation
    const socket = this.#deps.openSocket(ticket)
    // Before the screen adds its own: the close code must be known before the screen is taken off.
    socket.addEventListener('close', ({ code }) => {
      if (current()) this.#lost(reasonOfCloseCode.get(code) ?? 'network')
    })
    this.#become({ name: 'connecting' })
    this.#timer = this.#deps.clock.setTimeout(() => this.#lost('noAnswer'), HANDSHAKE_TIMEOUT)
    const detach = this.#deps.attach(socket, {
      ready: () => {
        if (current() && this.#phase.name === 'connecting') this.#connected()
      },
      refused: () => {
        if (current()) this.#lost('security')
      },
    })
    const release = () => {
      detach()
      socket.close()
    }
    // `attach` may have found out at once that there is nothing to show.
    if (current()) this.#release = release
    else release()
  }

  #connected(): void {
    if (this.#timer !== undefined) this.#deps.clock.clearTimeout(this.#timer)
    this.#timer = this.#deps.clock.setTimeout(() => {
      this.#timer = undefined
      this.#attempts = 0
    }, STABLE_AFTER)
    this.#become({ name: 'connected' })
  }

  #lost(reason: WaitReason): void {
    this.#giveUp()
    if (this.#unavailable) {
      this.#become({ name: 'unavailable', reason: this.#unavailable })
      return
    }
    if (final.has(reason)) {
      this.#become({ name: 'waiting', reason, retryAt: null })
      return
    }
    this.#attempts += 1
    // After a move the console is there already, on the other host: the first attempt need not wait.
    const delay = reason === 'migrated' && this.#attempts === 1 ? 0 : retryDelay(this.#attempts)
    this.#become({ name: 'waiting', reason, retryAt: this.#deps.clock.now() + delay })
    this.#timer = this.#deps.clock.setTimeout(() => {
      this.#timer = undefined
      this.#connect()
    }, delay)
  }
}
