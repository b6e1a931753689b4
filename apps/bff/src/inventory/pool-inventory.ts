import type { Kind } from '@xendeck/contract'
import type { ClassName, StoreChange } from '@xendeck/xenapi'
import { put, type Key, type Put, type ResourceTable } from '../feed/table.ts'
import type { Claims } from './claims.ts'
import { DependencyIndex } from './dependencies.ts'
import { isShown, projectors, shownClasses, type Projected, type ShownClass } from './projectors.ts'
import { Recorder } from './recorder.ts'
import type { RecordStore } from './view.ts'

/** An object that may be shown, with what its resource was made of. */
interface Entry {
  readonly cls: ShownClass
  readonly ref: string
  /** What it is shown as; undefined where it is not (control domains). */
  shown: Key | undefined
  contents: string[]
  links: string[]
  dirty: boolean
  /** A projection that throws is logged once for each object. */
  failed: boolean
}

export interface PoolInventoryOptions {
  readonly store: RecordStore
  readonly table: ResourceTable
  readonly claims: Claims
  readonly pool: { readonly id: string; readonly ref: string; readonly connectionId: string }
  readonly onFailure: (cls: string, ref: string, error: unknown) => void
  /** What another inventory of the same pool has shown: it stays until this one knows better. */
  readonly heritage?: readonly Key[]
  /** Milliseconds that one slice of work may hold the event loop; 6 by default. */
  readonly slice?: number
}

/** Rows of one commit: a few milliseconds of work. */
const COMMIT = 2_000

/**
 * The resources of one pool: projects each record of the store, and again when something that the projection has read
 * changes. Work beyond a slice goes on in the next turn of the event loop, so that 5,000 VMs do not hold up anybody.
 */
export class PoolInventory {
  readonly #options: PoolInventoryOptions
  readonly #view: Recorder
  readonly #entries = new Map<string, Entry>()
  readonly #contents = new DependencyIndex<Entry>()
  readonly #links = new DependencyIndex<Entry>()
  #queue: Entry[] = []
  readonly #puts = new Map<string, Put>()
  #removes: Key[] = []
  #running: NodeJS.Immediate | undefined
  #unsubscribe: () => void
  #closed = false
  #loaded = false
  #heritage: readonly Key[]
  /** Objects of the store that have not been looked at since the beginning. */
  readonly #coming: Generator<Entry, undefined>

  constructor(options: PoolInventoryOptions) {
    this.#options = options
    this.#heritage = options.heritage ?? []
    this.#view = new Recorder(options.store, options.claims, options.pool)
    this.#unsubscribe = options.store.subscribe((changes) => this.#apply(changes))
    this.#coming = this.#everything()
    this.#work()
  }

  /** The resource that `ref` is shown as. */
  shown(ref: string): Key | undefined {
    return this.#entries.get(ref)?.shown
  }

  /** While the connection is lost everything stays, as last seen; only the pool says so. */
  setLive(live: boolean): void {
    if (this.#view.live === live) return
    this.#view.live = live
    const entry = this.#entries.get(this.#options.pool.ref)
    if (entry) this.#mark(entry)
    this.#work()
  }

  /** Takes everything of the pool away. */
  close(): void {
    this.#stop()
    const removes: Key[] = [...this.#heritage]
    for (const entry of this.#entries.values()) if (entry.shown) removes.push(entry.shown)
    this.#options.table.commit([], removes)
    this.#options.claims.releasePool(this.#options.pool.id)
    this.#entries.clear()
  }

  /** Ends, and leaves everything in sight for the inventory that follows. Returns what is shown. */
  handOver(): Key[] {
    this.#stop()
    const shown: Key[] = [...this.#heritage]
    for (const entry of this.#entries.values()) if (entry.shown) shown.push(entry.shown)
    this.#entries.clear()
    return shown
  }

  #stop(): void {
    this.#closed = true
    this.#unsubscribe()
    clearImmediate(this.#running)
    this.#queue = []
  }

  /** How many objects the dependency index knows: for tests and metrics. */
  get indexed(): number {
    return this.#contents.size + this.#links.size
  }

  #apply(changes: readonly StoreChange[]): void {
    for (const { class: cls, ref, record, previous } of changes) {
      this.#contents.visit(ref, (reader) => this.#mark(reader))
      if (!record || !previous || uuidOf(record) !== uuidOf(previous)) {
        this.#links.visit(ref, (reader) => this.#mark(reader))
      }
      if (!record && previous) this.#release(cls, uuidOf(previous))
      if (!isShown(cls)) continue
      if (record) this.#mark(this.#enter(cls, ref))
      else this.#leave(ref)
    }
    this.#work()
  }

  /** Entries of the store's objects, one by one: to make them all at once would take too long. */
  *#everything(): Generator<Entry, undefined> {
    const { store } = this.#options
    for (const cls of shownClasses) {
      for (const [ref] of store.entries(cls)) {
        // Between two slices it may have gone, or been shown already because it changed.
        if (!this.#entries.has(ref) && store.get(cls, ref)) yield this.#enter(cls, ref)
      }
    }
  }

  #enter(cls: ShownClass, ref: string): Entry {
    const known = this.#entries.get(ref)
    if (known) return known
    const entry: Entry = {
      cls,
      ref,
      shown: undefined,
      contents: [],
      links: [],
      dirty: false,
      failed: false,
    }
    this.#entries.set(ref, entry)
    return entry
  }

  #leave(ref: string): void {
    const entry = this.#entries.get(ref)
    if (!entry) return
    this.#entries.delete(ref)
    this.#contents.replace(entry, entry.contents, [])
    this.#links.replace(entry, entry.links, [])
    this.#hide(entry)
  }

  #hide(entry: Entry): void {
    if (!entry.shown) return
    const { kind, id } = entry.shown
    // What stands in the list from earlier in this batch must not come after the removal.
    this.#puts.delete(`${kind}/${id}`)
    this.#removes.push(entry.shown)
    entry.shown = undefined
  }

  #release(cls: ClassName, uuid: string | undefined): void {
    if (uuid) this.#options.claims.release(cls, uuid, this.#options.pool.id)
  }

  #mark(entry: Entry): void {
    if (entry.dirty) return
    entry.dirty = true
    this.#queue.push(entry)
  }

  /**
   * Projects what is dirty. The first load becomes visible when all of it is projected; later each slice at once, since
   * a reader is better served by the first thousand changes now than by all of them in a second.
   */
  #work(): void {
    if (this.#closed || this.#running) return
    const until = performance.now() + (this.#options.slice ?? 6)
    let done = 0
    let waiting = 0
    let next: Entry | undefined
    // The order of the first load stays, whatever changes meanwhile: the pool itself comes last.
    while ((next = this.#coming.next().value ?? this.#queue[waiting])) {
      if (next === this.#queue[waiting]) waiting += 1
      this.#project(next)
      done += 1
      if ((done & 15) === 0 && performance.now() > until) break
    }
    this.#queue = waiting === this.#queue.length ? [] : this.#queue.slice(waiting)
    if (!next && !this.#loaded) {
      this.#loaded = true
      this.#dropHeritage()
    }
    if (this.#loaded) this.#commit()
    if (!next && this.#puts.size === 0) return
    this.#running = setImmediate(() => {
      this.#running = undefined
      this.#work()
    })
  }

  /** All is known: what was inherited and is not there (any more) goes. */
  #dropHeritage(): void {
    if (this.#heritage.length === 0) return
    const shown = new Set<string>()
    for (const entry of this.#entries.values())
      if (entry.shown) shown.add(`${entry.shown.kind}/${entry.shown.id}`)
    this.#removes.push(...this.#heritage.filter(({ kind, id }) => !shown.has(`${kind}/${id}`)))
    this.#heritage = []
  }

  #commit(): void {
    if (this.#puts.size === 0 && this.#removes.length === 0) return
    const puts: Put[] = []
    for (const [key, one] of this.#puts) {
      this.#puts.delete(key)
      puts.push(one)
      if (puts.length === COMMIT) break
    }
    const removes = this.#removes
    this.#removes = []
    this.#options.table.commit(puts, removes)
  }

  #project(entry: Entry): void {
    entry.dirty = false
    if (this.#entries.get(entry.ref) !== entry) return
    this.#view.begin(entry.ref)
    let projected: Projected | undefined
    try {
      projected = projectors[entry.cls](this.#view, entry.ref)
    } catch (error) {
      if (!entry.failed) this.#options.onFailure(entry.cls, entry.ref, error)
      entry.failed = true
    }
    const { contents, links } = this.#view.end()
    this.#contents.replace(entry, entry.contents, contents)
    this.#links.replace(entry, entry.links, links)
    entry.contents = contents
    entry.links = links
    if (!projected) return this.#hide(entry)
    const { kind, resource } = projected
    // A template that became a VM: the one goes, the other comes.
    if (entry.shown && (entry.shown.kind !== kind || entry.shown.id !== resource.id))
      this.#hide(entry)
    if (!entry.shown) entry.shown = { kind, id: resource.id }
    this.#puts.set(`${kind}/${resource.id}`, put<Kind>(kind, resource))
  }
}

function uuidOf(record: object): string | undefined {
  return 'uuid' in record && typeof record.uuid === 'string' ? record.uuid : undefined
}
