/**
 * When frames go out: at once while the pool is quiet, at most `rate` a second in the long run. A few may follow each
 * other at once, since what a person does comes as a handful of events (PROTOCOL 3.3).
 */
export class Pace {
  readonly #flush: () => void
  readonly #interval: number
  readonly #burst: number
  #tokens: number
  #refilled = performance.now()
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined
  #cancel: (() => void) | undefined

  constructor(flush: () => void, rate = 10, burst = 4) {
    this.#flush = flush
    this.#interval = 1000 / rate
    this.#burst = burst
    this.#tokens = burst
  }

  /** Something is to be sent. Further calls before it is sent join in. */
  request(): void {
    if (this.#timer) return
    const now = performance.now()
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#refilled) / this.#interval)
    this.#refilled = now
    const run = () => {
      this.#timer = undefined
      this.#tokens -= 1
      this.#flush()
    }
    if (this.#tokens >= 1) {
      const immediate = setImmediate(run)
      this.#timer = immediate
      this.#cancel = () => clearImmediate(immediate)
    } else {
      const timeout = setTimeout(run, (1 - this.#tokens) * this.#interval)
      this.#timer = timeout
      this.#cancel = () => clearTimeout(timeout)
    }
  }

  stop(): void {
    this.#cancel?.()
    this.#timer = undefined
  }
}
