/** Costly work, a little of it at a time; who comes while too many wait is sent away at once. */
export class Turns {
  readonly #atOnce: number
  readonly #waiting: number
  readonly #queue: (() => void)[] = []
  #running = 0

  constructor({ atOnce, waiting }: { readonly atOnce: number; readonly waiting: number }) {
    this.#atOnce = atOnce
    this.#waiting = waiting
  }

  /** undefined: too many wait already, and nothing was done. */
  take<T>(work: () => Promise<T>): Promise<T> | undefined {
    if (this.#running < this.#atOnce) {
      this.#running += 1
      return this.#run(work)
    }
    if (this.#queue.length >= this.#waiting) return undefined
    const turn = Promise.withResolvers<void>()
    this.#queue.push(turn.resolve)
    return turn.promise.then(() => this.#run(work))
  }

  /** Has a turn, and hands it on. */
  async #run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } finally {
      const next = this.#queue.shift()
      if (next) next()
      else this.#running -= 1
    }
  }
}
