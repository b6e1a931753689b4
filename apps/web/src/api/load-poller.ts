import type { LoadReply } from '@xendeck/contract'

export type LoadKind = 'vm' | 'host'
/** CPU use from 0 to 1, oldest first, five seconds apart; null in gaps. */
export type Curve = readonly (number | null)[]

/** Ten minutes. */
export const CURVE_LENGTH = 120

/** Milliseconds between two looks, and after which an old curve says nothing about now. */
const EVERY = 5000
const STALE = 60_000
/** Rows that come into sight while scrolling are asked for together. */
const GATHER = 150
/** What one request may ask for; a screen shows fewer. */
const MOST = 200

interface Known {
  readonly cpu: Curve
  readonly at: number
}

/** How curves are fetched: the ids of a kind. */
export type FetchLoad = (kind: LoadKind, ids: readonly string[]) => Promise<LoadReply>

/**
 * Asks for the load of what is on the screen, together, every five seconds, and not while nobody can see it. Figures
 * are no part of the live model: they would keep the feed busy for lists that show a few rows.
 */
export class LoadPoller {
  readonly #readers = new Map<string, Set<() => void>>()
  readonly #known = new Map<string, Known>()
  readonly #fetch: FetchLoad
  readonly #isVisible: () => boolean
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(fetch: FetchLoad, isVisible: () => boolean) {
    this.#fetch = fetch
    this.#isVisible = isVisible
  }

  subscribe(kind: LoadKind, id: string, listener: () => void): () => void {
    const key = `${kind}:${id}`
    const readers = this.#readers.get(key) ?? new Set()
    this.#readers.set(key, readers.add(listener))
    if (!this.#known.has(key) || this.#timer === undefined) this.#schedule(GATHER)
    return () => {
      readers.delete(listener)
      if (readers.size === 0) this.#readers.delete(key)
    }
  }

  get(kind: LoadKind, id: string): Curve | undefined {
    return this.#known.get(`${kind}:${id}`)?.cpu
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#look(), delay)
  }

  async #look(): Promise<void> {
    const kinds = ['vm', 'host'] as const
    if (this.#isVisible()) await Promise.all(kinds.map((kind) => this.#ask(kind)))
    const now = Date.now()
    for (const [key, { at }] of this.#known) {
      if (now - at <= STALE) continue
      this.#known.delete(key)
      this.#tell(key)
    }
    if (this.#readers.size > 0) this.#schedule(EVERY)
    else this.#timer = undefined
  }

  async #ask(kind: LoadKind): Promise<void> {
    const prefix = `${kind}:`
    const keys = [...this.#readers.keys()].filter((key) => key.startsWith(prefix)).slice(0, MOST)
    if (keys.length === 0) return
    try {
      const { series } = await this.#fetch(
        kind,
        keys.map((key) => key.slice(prefix.length)),
      )
      for (const [id, { cpu }] of Object.entries(series)) {
        this.#known.set(prefix + id, { cpu, at: Date.now() })
      }
    } catch {
      // The page says already that the server is away; the curves come back with it.
      return
    }
    for (const key of keys) this.#tell(key)
  }

  #tell(key: string): void {
    for (const listener of this.#readers.get(key) ?? []) listener()
  }
}
