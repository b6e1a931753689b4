/**
 * From nothing to every object of a pool known: this project's client and the npm package `xen-api`, each alone in a
 * process, in turns, on the same pool.
 *
 *     node benchmarks/feed/connect.ts [VMs] [runs]
 */
import { median, tenth } from '../lib/figures.ts'
import { startChild } from '../lib/children.ts'
import { startPool } from '../lib/product.ts'

interface Result {
  readonly ready: number
  readonly cpu: number
  readonly stall: number
  readonly heap: number
  readonly rss: number
}

const vms = Number(process.argv[2] ?? 5_000)
const runs = Number(process.argv[3] ?? 3)
const pool = await startPool(Math.max(1, Math.round(vms / 312)), vms, 'quiet')

async function connect(which: string): Promise<Result> {
  let said = ''
  const child = await startChild(['benchmarks/feed/client.ts', which, pool.address], (line) => {
    said = line
    return true
  })
  const { cpu, stall, heap, rss } = await child.cost()
  await child.stop()
  const { vms: known, ready } = JSON.parse(said) as { vms: number; ready: number }
  if (known < vms) throw new Error(`${which} knows ${known} VMs only`)
  return { ready, cpu, stall, heap, rss }
}

const clients = ['ours', 'xen-api'] as const
const results: Record<(typeof clients)[number], Result[]> = { ours: [], 'xen-api': [] }
for (let run = 0; run < runs; run += 1) {
  for (const which of clients) results[which].push(await connect(which))
}
const pick = (which: (typeof clients)[number], key: keyof Result) =>
  median(results[which].map((result) => result[key]))
console.log(`${vms} VMs, median of ${runs}, Node ${process.version}\n`)
console.table(
  Object.fromEntries(
    clients.map((which) => [
      which,
      {
        'connect to ready ms': Math.round(pick(which, 'ready')),
        'CPU ms': Math.round(pick(which, 'cpu')),
        'CPU, times ours': tenth(pick(which, 'cpu') / pick('ours', 'cpu')),
        'longest stall ms': Math.round(pick(which, 'stall')),
        'heap MB': Math.round(pick(which, 'heap')),
        'resident MB': Math.round(pick(which, 'rss')),
      },
    ]),
  ),
)
await pool.child.stop()
