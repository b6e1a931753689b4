/** The records of one pool, kept up to date by the event stream. */
import type { ClassName } from '../generated/names.ts'
import type { Ref, XenRecord } from '../types.ts'
import { sameValue } from './same.ts'
import { Slices } from './slices.ts'

/** One object that came (`previous` undefined), changed, or went (`record` undefined). */
export interface StoreChange {
  readonly class: ClassName
  readonly ref: string
  readonly record: XenRecord | undefined
  readonly previous: XenRecord | undefined
}

export type StoreListener = (changes: readonly StoreChange[]) => void

/** What the store is to hold from now on, by class. */
export type Contents = ReadonlyMap<ClassName, ReadonlyMap<string, XenRecord>>

/** A put or, without a record, a removal. */
export interface StoreUpdate {
  readonly class: ClassName
  readonly ref: string
  readonly record: XenRecord | undefined
}

/** What readers may do with the store. */
export class ObjectStore {
  readonly #records = new Map<ClassName, Map<string, XenRecord>>()
  readonly #uuids = new Map<ClassName, Map<string, string>>()
  readonly #listeners = new Set<StoreListener>()

  get<C extends ClassName>(cls: C, ref: Ref<C> | string): XenRecord<C> | undefined {
    return this.#records.get(cls)?.get(ref) as XenRecord<C> | undefined
  }

  byUuid<C extends ClassName>(
    cls: C,
    uuid: string,
  ): { ref: Ref<C>; record: XenRecord<C> } | undefined {
    const ref = this.#uuids.get(cls)?.get(uuid)
    const record = ref === undefined ? undefined : this.get(cls, ref)
    return record && { ref: ref as Ref<C>, record }
  }

  entries<C extends ClassName>(cls: C): Iterable<[Ref<C>, XenRecord<C>]> {
    return (this.#records.get(cls) ?? new Map()) as Map<Ref<C>, XenRecord<C>>
  }

  size(cls: ClassName): number {
    return this.#records.get(cls)?.size ?? 0
  }

  /** Called once after each reply that changed something. Returns the unsubscriber. */
  subscribe(listener: StoreListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /**
   * Takes what an event.from told. Called by the event loop of the connection only.
   * `onError` gets what a listener throws: one bad listener must not stop the others.
   */
  apply(updates: readonly StoreUpdate[], onError: (error: unknown) => void): void {
    const changes: StoreChange[] = []
    for (const update of updates) {
      const previous = this.get(update.class, update.ref)
      if (sameValue(previous, update.record)) continue
      changes.push({ ...update, previous })
      this.#put(update)
    }
    this.#tell(changes, onError)
  }

  /**
   * Replaces whole classes by what a fresh answer holds, and tells only the differences. Works in slices beside what
   * readers see, which changes at once, at the end. Takes the records over: nobody else may change them.
   */
  async replace(contents: Contents, onError: (error: unknown) => void): Promise<void> {
    const changes: StoreChange[] = []
    const tables = new Map<ClassName, [Map<string, XenRecord>, Map<string, string>]>()
    const slices = new Slices()
    for (const [cls, records] of contents) {
      const before = this.#records.get(cls)
      const table = new Map<string, XenRecord>()
      const uuids = new Map<string, string>()
      tables.set(cls, [table, uuids])
      for (const [ref, record] of records) {
        const previous = before?.get(ref)
        const isSame = previous !== undefined && sameValue(previous, record)
        const kept = isSame ? previous : Object.freeze(record)
        if (!isSame) changes.push({ class: cls, ref, record, previous })
        table.set(ref, kept)
        const uuid = uuidOf(kept)
        if (uuid !== undefined) uuids.set(uuid, ref)
        if (slices.isOver()) await slices.next()
      }
      for (const [ref, previous] of before ?? []) {
        if (!records.has(ref)) changes.push({ class: cls, ref, record: undefined, previous })
        if (slices.isOver()) await slices.next()
      }
    }
    for (const [cls, [table, uuids]] of tables) {
      this.#records.set(cls, table)
      this.#uuids.set(cls, uuids)
    }
    this.#tell(changes, onError)
  }

  #put({ class: cls, ref, record }: StoreUpdate): void {
    let records = this.#records.get(cls)
    let uuids = this.#uuids.get(cls)
    if (!records || !uuids) {
      this.#records.set(cls, (records = new Map()))
      this.#uuids.set(cls, (uuids = new Map()))
    }
    const oldUuid = uuidOf(records.get(ref))
    const uuid = uuidOf(record)
    if (oldUuid !== undefined && oldUuid !== uuid && uuids.get(oldUuid) === ref) {
      uuids.delete(oldUuid)
    }
    if (record === undefined) {
      records.delete(ref)
      return
    }
    // Shared by all readers; a change arrives as a new record.
    records.set(ref, Object.freeze(record))
    if (uuid !== undefined) uuids.set(uuid, ref)
  }

  #tell(changes: readonly StoreChange[], onError: (error: unknown) => void): void {
    if (changes.length === 0) return
    for (const listener of this.#listeners) {
      try {
        listener(changes)
      } catch (error) {
        onError(error)
      }
    }
  }
}

function uuidOf(record: XenRecord | undefined): string | undefined {
  return record && 'uuid' in record && record.uuid !== '' ? record.uuid : undefined
}
