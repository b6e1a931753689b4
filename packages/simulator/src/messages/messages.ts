/** Messages ("alerts"): files in xapi, not rows; their own generation in event tokens (PROTOCOL 3.4). */
import type { Clock } from '../clock.ts'
import type { Database, Row } from '../db/database.ts'
import type { Random } from '../random.ts'
import { XapiError } from '../rpc/errors.ts'

export interface Message extends Row {
  uuid: string
  name: string
  priority: number
  cls: string
  obj_uuid: string
  timestamp: string
  body: string
}

interface Stored {
  readonly ref: string
  readonly row: Message
  readonly generation: number
}

/** Values of the enum `cls` that differ from the class they stand for. */
const CLASSES: Record<string, string> = { Host: 'host', Pool: 'pool' }
const MAX_MESSAGES = 10_000
const MAX_DELETIONS = 1024

export class Messages {
  /** Generation of the last creation or deletion. */
  generation = 0
  readonly #db: Database
  readonly #clock: Clock
  readonly #random: Random
  readonly #messages = new Map<string, Stored>()
  readonly #uuids = new Map<string, string>()
  readonly #listeners = new Set<() => void>()
  #deletions: { ref: string; created: number; deleted: number }[] = []

  constructor(db: Database, clock: Clock, random: Random) {
    this.#db = db
    this.#clock = clock
    this.#random = random
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * @param priority 1 (highest) … 5
   * @param cls value of the enum `cls`: VM, Host, SR, Pool …
   * @throws XapiError UUID_INVALID[cls, uuid] when no such object exists
   */
  create(name: string, priority: number, cls: string, objUuid: string, body: string): string {
    const table = CLASSES[cls] ?? cls
    if (this.#db.has(table) && this.#db.byUuid(table, objUuid) === undefined) {
      throw new XapiError('UUID_INVALID', cls, objUuid)
    }
    return this.restore({
      uuid: this.#random.uuid(),
      name,
      priority,
      cls,
      obj_uuid: objUuid,
      timestamp: this.#clock.iso(),
      body,
    })
  }

  /** A message as it is, its time and uuid included: data of a pool, not an alert of now. */
  restore(row: Message): string {
    const ref = this.#random.ref()
    this.#messages.set(ref, { ref, row, generation: ++this.generation })
    this.#uuids.set(row.uuid, ref)
    if (this.#messages.size > MAX_MESSAGES) {
      const [oldest] = this.#messages.keys()
      if (oldest) this.#delete(oldest)
    }
    this.#announce()
    return ref
  }

  get(ref: string): Message | undefined {
    return this.#messages.get(ref)?.row
  }

  /** @throws XapiError HANDLE_INVALID["message", ref] */
  must(ref: string): Message {
    const row = this.get(ref)
    if (!row) throw new XapiError('HANDLE_INVALID', 'message', ref)
    return row
  }

  byUuid(uuid: string): string | undefined {
    return this.#uuids.get(uuid)
  }

  /** Newest first. */
  all(): [string, Message][] {
    return [...this.#messages.values()].toReversed().map(({ ref, row }) => [ref, row])
  }

  get count(): number {
    return this.#messages.size
  }

  /** @throws XapiError HANDLE_INVALID["message", ref] */
  destroy(ref: string): void {
    this.must(ref)
    this.#delete(ref)
    this.#announce()
  }

  createdSince(generation: number): Stored[] {
    if (generation >= this.generation) return []
    return [...this.#messages.values()].filter((message) => message.generation > generation)
  }

  deletedSince(generation: number): string[] {
    return this.#deletions
      .filter(({ created, deleted }) => deleted > generation && created <= generation)
      .map(({ ref }) => ref)
  }

  #delete(ref: string): void {
    const message = this.#messages.get(ref)
    if (!message) return
    this.#messages.delete(ref)
    this.#uuids.delete(message.row.uuid)
    this.#deletions.push({ ref, created: message.generation, deleted: ++this.generation })
    if (this.#deletions.length > MAX_DELETIONS)
      this.#deletions = this.#deletions.slice(-MAX_DELETIONS / 2)
  }

  #announce(): void {
    for (const listener of this.#listeners) listener()
  }
}
