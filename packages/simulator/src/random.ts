/** Seeded randomness (sfc32): the same seed gives the same pool, refs and uuids included. */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number) {
    this.#a = 0x9e3779b9 ^ seed
    this.#b = 0x243f6a88 ^ Math.trunc(seed / 2 ** 32)
    this.#c = 0xb7e15162
    for (let i = 0; i < 12; i++) this.uint32()
  }

  uint32(): number {
    const t = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (this.#c << 21) | (this.#c >>> 11)
    this.#c = (this.#c + t) | 0
    return t >>> 0
  }

  /** 0 ≤ x < 1 */
  next(): number {
    return this.uint32() / 2 ** 32
  }

  /** 0 ≤ n < limit */
  int(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from')
    return items[this.int(items.length)]!
  }

  /** xapi's uuids carry no version digits: 128 random bits. */
  uuid(): string {
    const hex = Array.from({ length: 4 }, () => this.uint32().toString(16).padStart(8, '0')).join(
      '',
    )
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }

  ref(): string {
    return `OpaqueRef:${this.uuid()}`
  }
}
