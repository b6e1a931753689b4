import type { FeedMessage, Revision } from '@xendeck/contract'
import { changeFrame } from './frame.ts'
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

/** About this many bytes go into one frame; what is more follows when the frame has left. */
const FRAME = 256 * 1024

/** Changes of more rows than this (a pool that appears) go to each reader at its own pace. */
const SHARED_ROWS = 500

/** Those who see the same and are sent the same bytes. */
interface Channel {
  readonly scope: Scope
  readonly readers: Set<Reader>
  dirty: Map<string, Row>
}

interface Reader {
  readonly peer: FeedPeer
  readonly channel: Channel
  /** Up to here it has been sent everything. */
  revision: Revision
  /** What it has yet to be sent, where it is behind the others. */
  behind: Map<string, Row> | undefined
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
    const channel = this.#channel(scope)
    const revision = this.#table.revision
    const reader: Reader = { peer, channel, revision: since ?? revision, behind: undefined }
    const say = (message: FeedMessage) => peer.send(Buffer.from(JSON.stringify(message)), () => {})
    say({ hello: { revision, now: this.#now().toISOString() } })
    const rows = since === null ? [] : this.#table.since(since)
    if (!rows) say({ reset: true })
    // What the others of the channel are about to be sent is among these rows too: twice does no harm.
    this.#fallBehind(reader, rows?.filter((row) => scope.sees(row)) ?? [])
    this.#catchUp(reader)
    channel.readers.add(reader)
    return () => {
      channel.readers.delete(reader)
      reader.behind = undefined
      if (channel.readers.size === 0 && this.#channels.get(scope.key) === channel) {
        this.#channels.delete(scope.key)
      }
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
        channel.dirty.set(keyOf(row), row)
        wanted = true
      }
    }
    if (wanted) this.#pace.request()
  }

  #flush(): void {
    const { revision } = this.#table
    for (const channel of this.#channels.values()) {
      if (channel.dirty.size === 0) continue
      const { dirty } = channel
      channel.dirty = new Map()
      // Made when the first reader can take it, then shared.
      let frame: Buffer | undefined
      for (const reader of channel.readers) {
        if (reader.behind || dirty.size > SHARED_ROWS || reader.peer.bufferedAmount > HIGH_WATER) {
          this.#fallBehind(reader, dirty.values())
          this.#catchUp(reader)
        } else {
          frame ??= changeFrame(revision, dirty.values())
          reader.revision = revision
          reader.peer.send(frame, () => this.#catchUp(reader))
        }
      }
    }
  }

  #fallBehind(reader: Reader, rows: Iterable<Row>): void {
    for (const row of rows) {
      reader.behind ??= new Map()
      reader.behind.set(keyOf(row), row)
    }
    // Ids of what came and went while it was slow add up without end: then it has to start again.
    if (reader.behind && reader.behind.size > this.#table.size + 10_000) {
      reader.behind = undefined
      reader.peer.close()
    }
  }

  /** Sends the next part of what a reader lacks, in its present state; called again when that has left. */
  #catchUp(reader: Reader): void {
    const { behind, peer } = reader
    if (!behind || peer.bufferedAmount > HIGH_WATER / 4) return
    const part: Row[] = []
    let size = 0
    for (const [key, row] of behind) {
      behind.delete(key)
      part.push(row)
      size += row.json.length
      if (size > FRAME) break
    }
    if (behind.size === 0) {
      reader.behind = undefined
      reader.revision = this.#table.revision
    }
    // Until the last part the revision stays the old one: who breaks off here must be sent all of it again.
    peer.send(changeFrame(reader.revision, part), () => this.#catchUp(reader))
  }
}

const keyOf = (row: Row) => `${row.kind}/${row.id}`
