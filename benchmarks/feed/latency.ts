/**
 * From a change in the pool to the message on a browser's socket: a VM is written through XenAPI, and the clock runs
 * until the feed tells of it. Beside it a XenAPI client without a console, which is what the pool alone needs.
 *
 *     node benchmarks/feed/latency.ts [changes] [quiet|load]
 */
import { once } from 'node:events'
import { XenConnection } from '@xendeck/xenapi'
import { median, pause, quantile, tenth } from '../lib/figures.ts'
import { poolAccount, poolShown, signIn, startConsole, startPool } from '../lib/product.ts'
import { Writer } from '../lib/writer.ts'

interface Latency {
  /** From the call to the event.from reply, decoded, in a client of its own; milliseconds. */
  readonly pool: number
  /** From the call to the message on the feed. */
  readonly feed: number
}

/** Resolves with the time at which something said the text. */
class Ear {
  readonly #waiting = new Map<string, (at: number) => void>()

  hear(text: string): void {
    const at = performance.now()
    for (const [wanted, resolve] of this.#waiting) {
      if (!text.includes(wanted)) continue
      this.#waiting.delete(wanted)
      resolve(at)
    }
  }

  until(text: string): Promise<number> {
    return new Promise((resolve) => void this.#waiting.set(text, resolve))
  }
}

async function measure(vms: number, changes: number, mood: 'load' | 'quiet'): Promise<Latency[]> {
  const pool = await startPool(Math.max(1, Math.round(vms / 312)), vms, mood)
  const console = await startConsole(pool.address)
  const client = await signIn(console.url)
  await poolShown(client, vms)
  const writer = await Writer.connect(pool.address)
  const observer = new XenConnection({ address: pool.address, ...poolAccount, classes: ['VM'] })
  observer.start()
  await observer.ready()
  const atClient = new Ear()
  observer.store.subscribe((batch) => {
    for (const { record } of batch) {
      if (record && 'name_description' in record) atClient.hear(record.name_description)
    }
  })
  const { revision } = (await (await client.get('inventory?kinds=pool')).json()) as {
    revision: string
  }
  const socket = client.feed(revision)
  const onFeed = new Ear()
  socket.on('message', (data: Buffer) => onFeed.hear(data.toString()))
  await once(socket, 'open')

  const latencies: Latency[] = []
  // The first few, before V8 has compiled the way, are not counted.
  for (let turn = -10; turn < changes; turn += 1) {
    const vm = writer.vms[(turn + 10) % writer.vms.length]
    if (vm === undefined) throw new Error('the pool has no VM')
    await pause(150 + Math.random() * 200)
    const word = `change ${turn}.`
    const heard = Promise.all([atClient.until(word), onFeed.until(word)])
    const start = performance.now()
    await writer.describe(vm, word)
    const [inPool, onSocket] = await heard
    if (turn >= 0) latencies.push({ pool: inPool - start, feed: onSocket - start })
  }
  socket.close()
  await Promise.all([observer.close(), writer.close()])
  await console.stop()
  await pool.child.stop()
  return latencies
}

const changes = Number(process.argv[2] ?? 100)
const mood = process.argv[3] === 'load' ? 'load' : 'quiet'
const table: Record<string, Record<string, number>> = {}
for (const vms of [200, 1_000, 5_000]) {
  const latencies = await measure(vms, changes, mood)
  const added = latencies.map(({ pool, feed }) => feed - pool)
  table[`${vms} VMs`] = {
    'pool alone, median ms': tenth(median(latencies.map(({ pool }) => pool))),
    p95: tenth(
      quantile(
        latencies.map(({ pool }) => pool),
        0.95,
      ),
    ),
    'on the feed, median ms': tenth(median(latencies.map(({ feed }) => feed))),
    'p95 ': tenth(
      quantile(
        latencies.map(({ feed }) => feed),
        0.95,
      ),
    ),
    'ours, median ms': tenth(median(added)),
    ' p95': tenth(quantile(added, 0.95)),
  }
}
console.log(`${changes} changes, ${mood === 'quiet' ? 'a quiet pool' : 'a pool under load'}\n`)
console.table(table)
