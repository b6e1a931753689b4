/** Long work cut into slices, so that it never holds the event loop for long. */
import { setImmediate } from 'node:timers/promises'

/** Milliseconds of work after which others get their turn. */
const SLICE_TIME = 4
/** Pieces of work between two looks at the clock. */
const PIECES = 32

export class Slices {
  #start = performance.now()
  #pieces = 0

  /** To be asked after each small piece of work. */
  isOver(): boolean {
    if (++this.#pieces % PIECES !== 0) return false
    return performance.now() - this.#start > SLICE_TIME
  }

  /** Resolves when the others had their turn. */
  async next(): Promise<void> {
    await setImmediate()
    this.#start = performance.now()
  }
}
