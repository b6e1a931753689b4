import type { ByKind, IdsByKind, Kind, Resource } from '@xendeck/contract'
import { kinds } from '@xendeck/contract'

type Listener = () => void

/**
 * What the pools look like now, as the feed tells it; nothing else writes here. An object that did not change keeps
 * its identity, so that rows can be memoised by it. Listeners hear of changes once a frame.
 */
export class LiveStore {
  readonly #byKind = new Map<Kind, Map<string, Resource>>(kinds.map((kind) => [kind, new Map()]))
  readonly #lists = new Map<Kind, readonly Resource[]>()
  readonly #kindListeners = new Map<Kind, Set<Listener>>()
  readonly #resourceListeners = new Map<string, Set<Listener>>()
  readonly #dirtyKinds = new Set<Kind>()
  readonly #dirtyResources = new Set<string>()
  readonly #schedule: (flush: () => void) => void
  #isScheduled = false

  constructor(schedule: (flush: () => void) => void = oncePerFrame) {
    this.#schedule = schedule
  }

  get<K extends Kind>(kind: K, id: string): Resource<K> | undefined {
    return this.#byKind.get(kind)?.get(id) as Resource<K> | undefined
  }

  list<K extends Kind>(kind: K): readonly Resource<K>[] {
    let list = this.#lists.get(kind)
    if (!list) {
      list = [...(this.#byKind.get(kind)?.values() ?? [])]
      this.#lists.set(kind, list)
    }
    return list as readonly Resource<K>[]
  }

  put(byKind: ByKind): void {
    for (const kind of kinds) {
      const resources: readonly Resource[] | undefined = byKind[kind]
      if (resources) for (const resource of resources) this.#set(kind, resource)
    }
  }

  remove(idsByKind: IdsByKind): void {
    for (const kind of kinds) {
      for (const id of idsByKind[kind] ?? []) {
        if (this.#byKind.get(kind)?.delete(id)) this.#touch(kind, id)
      }
    }
  }

  /** Makes a kind exactly what is given: after a gap in the feed. What is equal stays the same object. */
  replace(kind: Kind, resources: readonly Resource[]): void {
    const present = this.#byKind.get(kind)
    if (!present) return
    const ids = new Set(resources.map((resource) => resource.id))
    for (const id of present.keys()) {
      if (!ids.has(id)) {
        present.delete(id)
        this.#touch(kind, id)
      }
    }
    for (const resource of resources) this.#set(kind, resource)
  }

  clear(): void {
    for (const kind of kinds) this.replace(kind, [])
  }

  onKind(kind: Kind, listener: Listener): () => void {
    return addTo(this.#kindListeners, kind, listener)
  }

  onResource(kind: Kind, id: string, listener: Listener): () => void {
    return addTo(this.#resourceListeners, `${kind}/${id}`, listener)
  }

  #set(kind: Kind, resource: Resource): void {
    const present = this.#byKind.get(kind)
    const before = present?.get(resource.id)
    // The server serialises a kind's members in one order, so equal text is equal content.
    if (before && JSON.stringify(before) === JSON.stringify(resource)) return
    present?.set(resource.id, resource)
    this.#touch(kind, resource.id)
  }

  #touch(kind: Kind, id: string): void {
    this.#lists.delete(kind)
    this.#dirtyKinds.add(kind)
    this.#dirtyResources.add(`${kind}/${id}`)
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#schedule(() => this.#flush())
  }

  #flush(): void {
    this.#isScheduled = false
    const due = new Set<Listener>()
    for (const kind of this.#dirtyKinds) addAll(due, this.#kindListeners.get(kind))
    for (const key of this.#dirtyResources) addAll(due, this.#resourceListeners.get(key))
    this.#dirtyKinds.clear()
    this.#dirtyResources.clear()
    for (const listener of due) listener()
  }
}

function addTo<K>(map: Map<K, Set<Listener>>, key: K, listener: Listener): () => void {
  const listeners = map.get(key) ?? new Set()
  listeners.add(listener)
  map.set(key, listeners)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0 && map.get(key) === listeners) map.delete(key)
  }
}

function addAll(target: Set<Listener>, source: Iterable<Listener> | undefined): void {
  if (source) for (const listener of source) target.add(listener)
}

/** A hidden tab gets no frames, but its title and its console still want to know. */
function oncePerFrame(flush: () => void): void {
  if (document.hidden) setTimeout(flush, 100)
  else requestAnimationFrame(flush)
}
