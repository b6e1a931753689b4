/** The records of one pool, kept up to date by the event stream. */
import type { ClassName } from '../generated/names.ts'
import type { Ref, XenRecord } from '../types.ts'

/** One object that came (`previous` undefined), changed, or went (`record` undefined). */
export interface StoreChange {
  readonly class: ClassName
  readonly ref: string
  readonly record: XenRecord | undefined
  readonly previous: XenRecord | undefined
}

export type StoreListener = (changes: readonly StoreChange[]) => void

type AnyRecord = Readonly<Record<string, unknown>>

/** A store as its readers see it; only the event loop of its connection writes to it. */
export class ObjectStore {
  readonly #classes = new Map<string, Map<string, AnyRecord>>()
  readonly #uuids = new Map<string, Map<string, string>>()
  readonly #listeners = new Set<StoreListener>()

  get<C extends ClassName>(cls: C, ref: Ref<C> | string): XenRecord<C> | undefined {
    return this.#classes.get(cls)?.get(ref) as XenRecord<C> | undefined
  }

  byUuid<C extends ClassName>(
    cls: C,
    uuid: string,
  ): { ref: Ref<C>; record: XenRecord<C> } | undefined {
    const ref = this.#uuids.get(cls)?.get(uuid)
    if (ref === undefined) return undefined
    const record = this.get(cls, ref)
    return record && { ref: ref as Ref<C>, record }
  }

  entries<C extends ClassName>(cls: C): Iterable<[Ref<C>, XenRecord<C>]> {
    return (this.#classes.get(cls) ?? new Map()) as Map<Ref<C>, XenRecord<C>>
  }

  size(cls: ClassName): number {
    return this.#classes.get(cls)?.size ?? 0
  }

  /** Called once after each reply that changed something. Returns the unsubscriber. */
  subscribe(listener: StoreListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
