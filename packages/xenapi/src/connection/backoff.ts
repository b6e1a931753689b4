/** Waiting times between attempts: doubled from 1 s, at most 30 s, each shortened at random. */
const FIRST = 1000
const LONGEST = 30_000

export class Backoff {
  #attempts = 0
  readonly #random: () => number

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  /** Milliseconds to wait now. Half of it is chance, so that many clients do not come at once. */
  next(): number {
    const longest = Math.min(LONGEST, FIRST * 2 ** Math.min(this.#attempts++, 10))
    return Math.round(longest * (0.5 + this.#random() / 2))
  }

  reset(): void {
    this.#attempts = 0
  }
}
