/**
 * How long the event loop is held while a connection reads a whole pool: the first event.from,
 * decoded, sorted into the store and told. Beside it the same for an idle loop, which is what the
 * machine's other work does to any process.
 *
 *     node benchmarks/xenapi/fill.ts [VMs] [runs]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { XenConnection } from '@xendeck/xenapi'

const vms = process.argv[2] ?? '5000'
const runs = Number(process.argv[3] ?? 5)

interface Measured {
  readonly 'clock ms': number
  /** Longest delay of a 1 ms timer. */
  readonly 'longest delay ms': number
  /** Most processor time of one turn of the event loop: busy neighbours do not count. */
  readonly 'longest turn, CPU ms': number
}

function cpuTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

async function measure(work: () => Promise<void>): Promise<Measured> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  let running = true
  let longest = 0
  let last = cpuTime()
  const look = (): void => {
    longest = Math.max(longest, cpuTime() - last)
    last = cpuTime()
    if (running) setImmediate(look)
  }
  setImmediate(look)
  delay.enable()
  const start = performance.now()
  await work()
  const time = performance.now() - start
  delay.disable()
  running = false
  const round = (value: number) => Math.round(value * 10) / 10
  return {
    'clock ms': Math.round(time),
    'longest delay ms': round(delay.max / 1e6),
    'longest turn, CPU ms': round(longest),
  }
}

const simulator = spawn(
  process.execPath,
  [
    fileURLToPath(new URL('../../packages/simulator/src/cli.ts', import.meta.url)),
    '--port',
    '0',
    '--hosts',
    '16',
    '--vms',
    vms,
    '--time-scale',
    '0',
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
try {
  const [address]: string[] = await once(createInterface(simulator.stdout), 'line')
  const results: Record<string, Measured> = { idle: await measure(() => sleep(2000)) }
  for (let run = 1; run <= runs; run++) {
    const connection = new XenConnection({
      address: address ?? '',
      username: 'root',
      password: 'secret',
    })
    results[`fill ${run}`] = await measure(async () => {
      connection.start()
      await connection.ready()
    })
    await connection.close()
  }
  console.table(results)
} finally {
  simulator.kill()
}
