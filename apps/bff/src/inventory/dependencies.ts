/**
 * Which resources must be projected again when an object changes: ref → those that read it. Refs are unique over all
 * classes, so the class is no part of the key. Most objects are read by one resource only, which then stands in the map
 * itself: a set for each of 60,000 objects would take more memory than the objects.
 */
export class DependencyIndex<T extends object> {
  readonly #readers = new Map<string, T | Set<T>>()

  add(ref: string, reader: T): void {
    const known = this.#readers.get(ref)
    if (known === undefined) this.#readers.set(ref, reader)
    else if (known instanceof Set) known.add(reader)
    else if (known !== reader) this.#readers.set(ref, new Set([known, reader]))
  }

  delete(ref: string, reader: T): void {
    const known = this.#readers.get(ref)
    if (known === reader) this.#readers.delete(ref)
    else if (known instanceof Set) {
      known.delete(reader)
      if (known.size === 0) this.#readers.delete(ref)
    }
  }

  /** Replaces what `reader` is known to have read. Costs next to nothing where that has not changed. */
  replace(reader: T, before: readonly string[], after: readonly string[]): void {
    if (before.length === after.length && before.every((ref, index) => ref === after[index])) return
    const kept = new Set(after)
    for (const ref of before) if (!kept.has(ref)) this.delete(ref, reader)
    for (const ref of after) this.add(ref, reader)
  }

  /** Calls `visit` for each resource that has read `ref`. */
  visit(ref: string, visit: (reader: T) => void): void {
    const known = this.#readers.get(ref)
    if (known === undefined) return
    if (known instanceof Set) for (const reader of known) visit(reader)
    else visit(known)
  }

  get size(): number {
    return this.#readers.size
  }
}
