/** Samples kept of each curve: 10 minutes at the 5 s step of the finest archive (PROTOCOL section 10). */
export const CAPACITY = 120

/** The last samples of one figure, at a fixed step. Gaps are NaN. */
export class Series {
  readonly #values = new Float32Array(CAPACITY).fill(Number.NaN)
  readonly #step: number
  /** Number of the newest sample: its time divided by the step. */
  #newest = 0

  constructor(step: number) {
    this.#step = step
  }

  /** Seconds since 1970 of the newest sample; 0 without any. */
  get end(): number {
    return this.#newest * this.#step
  }

  /** `time` in seconds. Samples may come in any order; those too old are dropped. */
  set(time: number, value: number): void {
    const sample = Math.round(time / this.#step)
    if (!Number.isSafeInteger(sample) || sample <= this.#newest - CAPACITY) return
    if (sample > this.#newest) {
      const from = Math.max(this.#newest + 1, sample - CAPACITY + 1)
      for (let gap = from; gap <= sample; gap++) this.#values[gap % CAPACITY] = Number.NaN
      this.#newest = sample
    }
    this.#values[sample % CAPACITY] = value
  }

  /** Oldest first, from the first that is known; rounded to a thousandth, null where unknown. */
  read(): (number | null)[] {
    const values: (number | null)[] = []
    for (let sample = this.#newest - CAPACITY + 1; sample <= this.#newest; sample++) {
      const value = this.#values[((sample % CAPACITY) + CAPACITY) % CAPACITY] ?? Number.NaN
      if (Number.isFinite(value)) values.push(Math.round(value * 1000) / 1000)
      else if (values.length > 0) values.push(null)
    }
    return values
  }
}
