/** How many attempts may come at once, and how long each takes to come back. */
export interface ThrottleLimits {
  readonly burst: number
  /** Milliseconds. */
  readonly refill: number
  /** Keys that are remembered; beyond that the one that was used longest ago is forgotten. */
  readonly keys: number
}

interface Bucket {
  tokens: number
  at: number
}

/** A token bucket for each key, in bounded memory. */
export class Throttle {
  readonly #limits: ThrottleLimits
  /** In the order of use: a Map keeps the order of insertion. */
  readonly #buckets = new Map<string, Bucket>()

  constructor(limits: ThrottleLimits) {
    this.#limits = limits
  }

  /** Takes an attempt of `key` at `now` (ms); returns the ms to wait where there is none left, else 0. */
  take(key: string, now: number): number {
    const bucket = this.#bucket(key, now)
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) * this.#limits.refill)
    bucket.tokens -= 1
    return 0
  }

  /** Gives an attempt back: one that was right does not count. */
  giveBack(key: string, now: number): void {
    const bucket = this.#bucket(key, now)
    bucket.tokens = Math.min(bucket.tokens + 1, this.#limits.burst)
  }

  get size(): number {
    return this.#buckets.size
  }

  #bucket(key: string, now: number): Bucket {
    const { burst, refill, keys } = this.#limits
    const known = this.#buckets.get(key)
    const bucket = known ?? { tokens: burst, at: now }
    bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) / refill)
    bucket.at = now
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    if (this.#buckets.size > keys) {
      const [oldest] = this.#buckets.keys()
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
    return bucket
  }
}

/**
 * What counts as one address: a person with IPv6 has at least a /64 to choose from (RFC 6177), and IPv4 may come
 * mapped into IPv6.
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1]) return mapped[1]
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const first = head.split(':').filter(Boolean)
  const last = tail?.split(':').filter(Boolean) ?? []
  const gap = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length)
  const groups = [...first, ...Array.from({ length: gap }, () => '0'), ...last]
  return `${groups.slice(0, 4).join(':')}::/64`
}
