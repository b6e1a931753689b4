/** event.from and its older relatives (PROTOCOL section 3). */
import type { Database, Entry, Row } from '../db/database.ts'
import type { Messages } from '../messages/messages.ts'
import { model } from '../model/model.ts'
import { XapiError } from '../rpc/errors.ts'

export interface PoolEvent {
  /** Generation as text; "0" for messages. */
  readonly id: string
  /** Class in lower case. */
  readonly class: string
  readonly operation: 'add' | 'mod' | 'del'
  readonly ref: string
  /** Row of a database class, or the record of a message; none for `del`. */
  readonly entry?: Entry
  readonly message?: Row
}

export interface Batch {
  readonly events: PoolEvent[]
  /** Number of objects by class in lower case; every table, whatever was asked for. */
  readonly validRefCounts: Record<string, number>
  readonly token: string
}

/** Delay before the first look (xapi_globs.ml:1186-1198), ms. */
const BATCHING = 50
/**
 * Delay after a client that waited was woken; each further look that finds nothing for it doubles that, up to
 * BATCHING. Recorded: a waiting client hears of a change after about 7 ms (fixtures/recordings/FACTS.md).
 */
const WAKING = BATCHING / 8
const MAX_WAIT = 24 * 3600

interface Subscription {
  matches(cls: string, ref: string): boolean
  readonly onlyTasks: boolean
}

/** `*`, `VM`, `VM/OpaqueRef:…`; the class part in any case (xapi_event.ml:52-78). */
export function subscription(classes: readonly string[]): Subscription {
  const whole = new Set<string>()
  const single = new Set<string>()
  for (const item of classes) {
    const slash = item.indexOf('/')
    if (slash < 0) whole.add(item.toLowerCase())
    else single.add(`${item.slice(0, slash).toLowerCase()}/${item.slice(slash + 1)}`)
  }
  const names = [...whole, ...[...single].map((item) => item.slice(0, item.indexOf('/')))]
  return {
    matches: (cls, ref) => whole.has('*') || whole.has(cls) || single.has(`${cls}/${ref}`),
    onlyTasks: names.length > 0 && names.every((name) => name === 'task'),
  }
}

/** @throws XapiError EVENT_FROM_TOKEN_PARSE_FAILURE[token] */
export function parseToken(token: string): [database: number, messages: number] {
  if (token === '') return [0, 0]
  const parts = /^\s*(\d{1,20}),(\d{1,20})\s*$/.exec(token)
  if (!parts) throw new XapiError('EVENT_FROM_TOKEN_PARSE_FAILURE', token)
  return [Number(parts[1]), Number(parts[2])]
}

export function formatToken(database: number, messages: number): string {
  return `${String(database).padStart(20, '0')},${String(messages).padStart(20, '0')}`
}

const lowerCase = new Map([...model.classes.keys()].map((name) => [name, name.toLowerCase()]))
// In xapi's order; classes without a table count 0, messages too.
const counted = [...lowerCase.keys()].toSorted().toReversed()
const silent = new Set(
  [...model.classes.values()].filter((cls) => !cls.model.gen_events).map((cls) => cls.name),
)

export class Events {
  readonly #db: Database
  readonly #messages: Messages
  readonly #waiting = new Set<() => void>()
  readonly #streams = new Set<() => void>()

  constructor(db: Database, messages: Messages) {
    this.#db = db
    this.#messages = messages
    const wake = () => {
      for (const resume of this.#waiting) resume()
    }
    db.listen((cls) => {
      if (!silent.has(cls) || cls === 'session') wake()
    })
    messages.listen(wake)
  }

  /** Number of clients that wait for events right now. */
  get waiting(): number {
    return this.#waiting.size
  }

  get token(): string {
    return formatToken(this.#db.generation, this.#messages.generation)
  }

  /**
   * @param timeout seconds
   * @param ended aborts with the session; its reason is thrown
   * @param gone aborts with the client's connection; the batch so far is returned
   * @param cut called by a test that drops event streams
   */
  async from(
    classes: readonly string[],
    token: string,
    timeout: number,
    signals: { ended: AbortSignal; gone: AbortSignal; cut?: () => void },
  ): Promise<Batch> {
    const since = parseToken(token)
    const wanted = subscription(classes)
    const deadline =
      Date.now() + Math.min(Number.isNaN(timeout) ? MAX_WAIT : timeout, MAX_WAIT) * 1000
    const { cut } = signals
    if (cut) this.#streams.add(cut)
    try {
      if (!wanted.onlyTasks) await this.#pause(Math.min(BATCHING, deadline - Date.now()), signals)
      for (let delay = WAKING; ; delay = Math.min(BATCHING, delay * 2)) {
        signals.ended.throwIfAborted()
        const seen = this.#db.generation + this.#messages.generation
        const batch = this.#collect(wanted, since)
        const left = deadline - Date.now()
        if (batch.events.length > 0 || left <= 0 || signals.gone.aborted) return batch
        // Nothing for this client up to here: the next look starts here, as xapi's does.
        since[0] = Math.max(since[0], this.#db.generation)
        since[1] = Math.max(since[1], this.#messages.generation)
        if (seen === this.#db.generation + this.#messages.generation)
          await this.#change(left, signals)
        await this.#pause(Math.min(delay, Math.max(0, deadline - Date.now())), signals)
      }
    } finally {
      if (cut) this.#streams.delete(cut)
    }
  }

  /** Cuts the connections of the clients that wait. */
  drop(): void {
    for (const cut of this.#streams) cut()
  }

  /** Number of objects of every table, in lower case. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const name of counted) counts[lowerCase.get(name)!] = this.#db.count(name)
    return counts
  }

  #collect(wanted: Subscription, [database, messages]: readonly [number, number]): Batch {
    const adds: PoolEvent[] = []
    const mods: PoolEvent[] = []
    const dels: PoolEvent[] = []
    const alerts: PoolEvent[] = []
    for (const entry of this.#db.changedSince(database)) {
      const cls = lowerCase.get(entry.cls)!
      if (silent.has(entry.cls) || !wanted.matches(cls, entry.ref)) continue
      const added = entry.created > database
      const id = String(added ? entry.created : entry.modified)
      const event = {
        id,
        class: cls,
        operation: added ? 'add' : 'mod',
        ref: entry.ref,
        entry,
      } as const
      if (added) adds.push(event)
      else mods.push(event)
    }
    for (const name of this.#db.tables) {
      if (silent.has(name)) continue
      const cls = lowerCase.get(name)!
      for (const { ref, created, deleted } of this.#db.deletedSince(name, database)) {
        if (created > database || !wanted.matches(cls, ref)) continue
        dels.push({ id: String(deleted), class: cls, operation: 'del', ref })
      }
    }
    for (const { ref, row } of this.#messages.createdSince(messages)) {
      if (wanted.matches('message', ref))
        alerts.push({ id: '0', class: 'message', operation: 'add', ref, message: row })
    }
    for (const ref of this.#messages.deletedSince(messages)) {
      if (wanted.matches('message', ref))
        alerts.push({ id: '0', class: 'message', operation: 'del', ref })
    }
    const token = formatToken(
      Math.max(database, this.#db.generation),
      Math.max(messages, this.#messages.generation),
    )
    return { events: [...alerts, ...adds, ...mods, ...dels], validRefCounts: this.counts(), token }
  }

  #change(ms: number, signals: { ended: AbortSignal; gone: AbortSignal }): Promise<void> {
    return this.#wait(ms, signals, true)
  }

  async #pause(ms: number, signals: { ended: AbortSignal; gone: AbortSignal }): Promise<void> {
    if (ms > 0) await this.#wait(ms, signals, false)
  }

  // Resolves on the time, the end of session or connection, and, if asked, on a change.
  #wait(
    ms: number,
    { ended, gone }: { ended: AbortSignal; gone: AbortSignal },
    change: boolean,
  ): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        ended.removeEventListener('abort', done)
        gone.removeEventListener('abort', done)
        resolve()
      }
      // setTimeout cannot wait longer than 2^31 ms.
      const timer = setTimeout(done, Math.min(ms, 2 ** 31 - 1))
      if (change) this.#waiting.add(done)
      if (ended.aborted || gone.aborted) return done()
      ended.addEventListener('abort', done)
      gone.addEventListener('abort', done)
    })
  }
}
