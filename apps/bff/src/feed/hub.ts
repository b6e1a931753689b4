import type { Revision } from '@xendeck/contract'
import { changeFrame, messageFrame } from './frame.ts'
import { Pace } from './pace.ts'
import type { Scope } from './scope.ts'
import type { ResourceTable, Row } from './table.ts'

/** What the hub needs of a WebSocket. */
export interface FeedPeer {
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number
  /** `done` is called when the bytes have left the process, or never will. */
  send(frame: Buffer, done: () => void): void
  close(): void
}

/** Above this many waiting bytes a reader is slow: it gets no frames, only a note of what has changed. */
const HIGH_WATER = 256 * 1024

/** Those who see the same and are sent the same bytes. */
interface Channel {
  readonly scope: Scope
  readonly readers: Set<Reader>
  dirty: Map<string, Row>
}

interface Reader {
  readonly peer: FeedPeer
  readonly channel: Channel
  /** While it is slow: what has changed since its last frame. */
  missed: Map<string, Row> | undefined
}

/** Sends what changes to those who may see it. A slow reader costs one note for each resource, never a queue of frames. */
export class FeedHub {
  readonly #table: ResourceTable
  readonly #now: () => Date
  readonly #channels = new Map<string, Channel>()
  readonly #pace: Pace
  readonly #unsubscribe: () => void

  constructor(table: ResourceTable, now: () => Date) {
    this.#table = table
    this.#now = now
    this.#pace = new Pace(() => this.#flush())
    this.#unsubscribe = table.onCommit((changed) => this.#note(changed))
  }

  get readers(): number {
    let count = 0
    for (const channel of this.#channels.values()) count += channel.readers.size
    return count
  }

  /** Greets, catches up from `since` (null: from now), then live. Returns what ends it. */
  join(peer: FeedPeer, scope: Scope, since: Revision | null): () => void {
    // What the others of the channel wait for is in this reader's catch-up already; sent twice it does no harm.
    const channel = this.#channel(scope)
    const reader: Reader = { peer, channel, missed: undefined }
    this.#send(reader, messageFrame({ hello: { revision: this.#table.revision, now: this.#now().toISOString() } }))
    const rows = since === null ? [] : this.#table.since(since)
    if (!rows) this.#send(reader, messageFrame({ reset: true }))
    else {
      const seen = rows.filter((row) => scope.sees(row))
      if (seen.length > 0) this.#send(reader, changeFrame(this.#table.revision, seen))
    }
    channel.readers.add(reader)
    return () => {
      channel.readers.delete(reader)
      if (channel.readers.size === 0) this.#channels.delete(channel.scope.key)
    }
  }

  close(): void {
    this.#unsubscribe()
    this.#pace.stop()
    this.#channels.clear()
  }

  #channel(scope: Scope): Channel {
    const known = this.#channels.get(scope.key)
    if (known) return known
    const channel: Channel = { scope, readers: new Set(), dirty: new Map() }
    this.#channels.set(scope.key, channel)
    return channel
  }

  #note(changed: readonly Row[]): void {
    let wanted = false
    for (const channel of this.#channels.values()) {
      for (const row of changed) {
        if (!channel.scope.sees(row)) continue
        channel.dirty.set(`${row.kind}/${row.id}`, row)
        wanted = true
      }
    }
    if (wanted) this.#pace.request()
  }

  #flush(): void {
    const revision = this.#table.revision
    for (const channel of this.#channels.values()) {
      if (channel.dirty.size === 0) continue
      const dirty = channel.dirty
      channel.dirty = new Map()
      // Made when the first reader can take it, then shared.
      let frame: Buffer | undefined
      for (const reader of channel.readers) {
        if (reader.missed || reader.peer.bufferedAmount > HIGH_WATER) this.#miss(reader, dirty)
        else this.#send(reader, (frame ??= changeFrame(revision, dirty.values())))
      }
    }
  }

  #miss(reader: Reader, dirty: ReadonlyMap<string, Row>): void {
    reader.missed ??= new Map()
    for (const [key, row] of dirty) reader.missed.set(key, row)
    // Ids of what came and went while it was slow add up without end: then it has to start again.
    if (reader.missed.size > this.#table.size + 10_000) reader.peer.close()
  }

  #send(reader: Reader, frame: Buffer): void {
    reader.peer.send(frame, () => this.#drained(reader))
  }

  /** A frame has left: a slow reader gets what it has missed, in its present state, in one frame. */
  #drained(reader: Reader): void {
    const { missed, channel, peer } = reader
    if (!missed || !channel.readers.has(reader) || peer.bufferedAmount > HIGH_WATER / 4) return
    reader.missed = undefined
    this.#send(reader, changeFrame(this.#table.revision, missed.values()))
  }
}
