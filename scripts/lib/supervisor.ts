import type { ChildProcess } from 'node:child_process'
import { ended } from './processes.ts'

/** The programs that make up the product: when one ends or the person stops it, all end. */
export class Supervisor {
  readonly #children: { name: string; child: ChildProcess }[] = []
  #stopping = false

  constructor() {
    const stop = () => {
      if (this.#stopping) for (const { child } of this.#children) child.kill('SIGKILL')
      else void this.stop(0)
    }
    process.on('SIGINT', stop).on('SIGTERM', stop)
  }

  get isStopping(): boolean {
    return this.#stopping
  }

  add(name: string, child: ChildProcess): void {
    this.#children.push({ name, child })
    void ended(child).then((code) => {
      if (this.#stopping) return
      console.error(`${name} has ended (${code}).`)
      void this.stop(code || 1)
    })
  }

  /** Ends all, the last started first, and then this process. */
  async stop(code: number): Promise<never> {
    this.#stopping = true
    for (const { child } of this.#children.toReversed()) {
      if (child.exitCode === null) child.kill('SIGTERM')
      await ended(child)
    }
    process.exit(code)
  }
}
