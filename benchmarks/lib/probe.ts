/**
 * Loaded into a program before its own code (`node --import`): answers on the IPC channel what the process has cost
 * since the last answer.
 */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'

/** What one process cost between two looks at it. */
export interface Cost {
  /** Milliseconds by the clock. */
  readonly time: number
  /** Processor time of all its threads, milliseconds. */
  readonly cpu: number
  /** Processor time of its main thread, milliseconds. */
  readonly mainCpu: number
  /** Longest time between two turns of the event loop, milliseconds, to half a millisecond; neighbours included. */
  readonly stall: number
  /** The same, which 99 of 100 looks stay below. */
  readonly stall99: number
  /** MB after a collection where there is `--expose-gc`. */
  readonly heap: number
  readonly rss: number
}

const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
let since = now()

function now() {
  const all = process.cpuUsage()
  const main = process.threadCpuUsage()
  return {
    time: performance.now(),
    cpu: (all.user + all.system) / 1000,
    mainCpu: (main.user + main.system) / 1000,
  }
}

async function look(): Promise<Cost> {
  const current = now()
  const cost = {
    time: current.time - since.time,
    cpu: current.cpu - since.cpu,
    mainCpu: current.mainCpu - since.mainCpu,
    stall: delay.max / 1e6,
    stall99: delay.percentile(99) / 1e6,
  }
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  // The collection is ours: its stall is seen at the next turns, and must not be counted.
  await new Promise((resolve) => void setTimeout(resolve, 30))
  delay.reset()
  since = now()
  return { ...cost, heap: heapUsed / 1e6, rss: rss / 1e6 }
}

process.on('message', (message) => {
  if (message === 'cost') void look().then((cost) => process.send?.(cost))
})
// The channel alone must not keep a program alive that is done.
process.channel?.unref()
// Whoever started it has ended, whichever way.
process.once('disconnect', () => process.exit())
