import type { ClassName, Ref, StoreChange, StoreListener, XenRecord } from '@xendeck/xenapi'
import type { Loose, RecordStore } from '../src/inventory/view.ts'

/** A pool's records in memory, written by tests; what is left out of a record is missing, as in an old pool's. */
export class TestStore implements RecordStore {
  readonly #records = new Map<ClassName, Map<string, object>>()
  readonly #listeners = new Set<StoreListener>()
  #changes: StoreChange[] = []

  readonly get: RecordStore['get'] = (cls, ref) => this.#table(cls).get(ref)
  readonly entries: RecordStore['entries'] = (cls) => this.#table(cls)
  readonly byUuid: RecordStore['byUuid'] = (cls, uuid) => {
    for (const [ref, record] of this.#table(cls))
      if ('uuid' in record && record.uuid === uuid) return { ref, record }
    return undefined
  }
  readonly subscribe: RecordStore['subscribe'] = (listener) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Writes a record whose ref and uuid follow from `name`, over what was there. Told to listeners by {@link tell}. */
  set<C extends ClassName>(cls: C, name: string, fields?: Loose<C>): Ref<C> {
    const ref = refOf<C>(name)
    const previous = this.#table(cls).get(ref)
    const record = { uuid: name, ...previous, ...fields } as XenRecord<C>
    this.#table(cls).set(ref, record)
    this.#changes.push({ class: cls, ref, record, previous })
    return ref
  }

  delete(cls: ClassName, name: string): void {
    const ref = refOf(name)
    const previous = this.#table(cls).get(ref)
    this.#table(cls).delete(ref)
    this.#changes.push({ class: cls, ref, record: undefined, previous })
  }

  /** One batch of events with all that was written since. */
  tell(): void {
    const changes = this.#changes
    this.#changes = []
    for (const listener of this.#listeners) listener(changes)
  }

  #table<C extends ClassName>(cls: C): Map<never, XenRecord<C>> & Map<string, XenRecord<C>> {
    let table = this.#records.get(cls)
    if (!table) this.#records.set(cls, (table = new Map()))
    return table as Map<never, XenRecord<C>> & Map<string, XenRecord<C>>
  }
}

/** The ref of the record that is called `name`. */
export function refOf<C extends ClassName>(name: string): Ref<C> {
  return `OpaqueRef:${name}` as Ref<C>
}

export function refsOf<C extends ClassName>(...names: string[]): Ref<C>[] {
  return names.map((name) => refOf<C>(name))
}
