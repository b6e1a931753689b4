/** What a page of the console does to its browser's main thread, seen from inside the page. */
import type { Page } from '@playwright/test'
import { quantile } from '../lib/figures.ts'

/** One thing that was done on the page. */
export interface Measured {
  /** Milliseconds of each task of the main thread above 50 ms (PerformanceObserver, `longtask`). */
  readonly longTasks: readonly number[]
  /** Milliseconds between each two animation frames. */
  readonly frames: readonly number[]
  /** Processor time of the page's process, milliseconds: what busy neighbours disturb least. */
  readonly cpu: number
  readonly time: number
}

interface Probe {
  longTasks: number[]
  frames: number[]
}

declare global {
  interface Window {
    benchmark: Probe
  }
}

/** Call before the page is opened. */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const probe: Probe = { longTasks: [], frames: [] }
    window.benchmark = probe
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) probe.longTasks.push(duration)
    }).observe({ type: 'longtask', buffered: true })
    let last = performance.now()
    const frame = (now: number) => {
      probe.frames.push(now - last)
      last = now
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
}

export class Gauge {
  readonly #page: Page
  readonly #metrics: (name: string) => Promise<number>

  private constructor(page: Page, metrics: (name: string) => Promise<number>) {
    this.#page = page
    this.#metrics = metrics
  }

  static async of(page: Page): Promise<Gauge> {
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    return new Gauge(page, async (wanted) => {
      const { metrics } = await session.send('Performance.getMetrics')
      return metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
    })
  }

  /** What happens to the page while `act` runs, and what was there before is left out. */
  async during(act: () => Promise<unknown>): Promise<Measured> {
    await this.take()
    return this.after(act)
  }

  /** As {@link during}, with what was there before: a page that loads. */
  async after(act: () => Promise<unknown>): Promise<Measured> {
    const start = performance.now()
    const before = await this.#metrics('ProcessTime')
    await act()
    // A long task is told of after it has ended.
    await this.#page.waitForTimeout(100)
    const cpu = ((await this.#metrics('ProcessTime')) - before) * 1000
    return { ...(await this.take()), cpu, time: performance.now() - start }
  }

  async take(): Promise<Probe> {
    return this.#page.evaluate(() => {
      const { longTasks, frames } = window.benchmark
      window.benchmark.longTasks = []
      window.benchmark.frames = []
      return { longTasks, frames }
    })
  }

  /** MB of the page's heap after a collection. */
  async heap(): Promise<number> {
    await this.#page.requestGC()
    await this.#page.requestGC()
    return (await this.#metrics('JSHeapUsedSize')) / 1e6
  }
}

/** A line of the table. */
export function line({ longTasks, frames, cpu, time }: Measured) {
  const sum = frames.reduce((total, each) => total + each, 0)
  return {
    'long tasks': longTasks.length,
    'longest ms': Math.round(Math.max(0, ...longTasks)),
    'frames/s': Math.round((frames.length / sum) * 1000),
    'frame p95 ms': Math.round(quantile(frames, 0.95)),
    'CPU ms': Math.round(cpu),
    'CPU ms/frame': Math.round((cpu / frames.length) * 10) / 10,
    seconds: Math.round(time / 100) / 10,
  }
}
