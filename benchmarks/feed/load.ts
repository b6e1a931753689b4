/**
 * What the console's server costs: reading a pool, serving its inventory, and following 500 changes a second for 20
 * open pages.
 *
 *     node benchmarks/feed/load.ts [VMs] [seconds]
 */
import { once } from 'node:events'
import { pause, tenth } from '../lib/figures.ts'
import { poolShown, signIn, startConsole, startPool, type Client } from '../lib/product.ts'
import type { Cost } from '../lib/probe.ts'
import { Writer } from '../lib/writer.ts'

const FEEDS = 20
const RATE = 500

const vms = Number(process.argv[2] ?? 5_000)
const seconds = Number(process.argv[3] ?? 20)

const rows: Record<string, Record<string, number | string>> = {}
function note(what: string, cost: Cost, more: Record<string, number | string> = {}): void {
  rows[what] = {
    'clock ms': Math.round(cost.time),
    'CPU ms': Math.round(cost.cpu),
    'main thread %': Math.round((cost.mainCpu / cost.time) * 100),
    'longest stall ms': tenth(cost.stall),
    'stall p99 ms': tenth(cost.stall99),
    'heap MB': Math.round(cost.heap),
    'resident MB': Math.round(cost.rss),
    ...more,
  }
}

/** Bytes of a reply as they came over the wire, and the time until the last of them. */
async function sizeOf(client: Client, path: string, encoding: string): Promise<[number, number]> {
  const start = performance.now()
  const reply = await client.get(path, { 'accept-encoding': encoding })
  // fetch gives what it has unpacked, so identity is asked for to know that size, and br for the time alone.
  const { byteLength } = await reply.arrayBuffer()
  return [byteLength, performance.now() - start]
}

/** An open page. Counts what it is sent. */
async function openFeed(client: Client, revision: string, count: (bytes: number) => void) {
  const socket = client.feed(revision)
  socket.on('message', (data: Buffer) => count(data.length))
  await once(socket, 'open')
  return socket
}

const pool = await startPool(16, vms, 'quiet')
const server = await startConsole(pool.address)
const client = await signIn(server.url)
await server.child.cost()
const began = performance.now()
await poolShown(client, vms)
note('pool read and shown', await server.child.cost(), {
  more: `${tenth((performance.now() - began) / 1000)} s after the start`,
})
await pool.child.cost()

const [bytes] = await sizeOf(client, 'inventory', 'identity')
await server.child.cost()
const times: number[] = []
for (let turn = 0; turn < 5; turn += 1) times.push((await sizeOf(client, 'inventory', 'br'))[1])
note('inventory, 5 times', await server.child.cost(), {
  more: `${tenth(bytes / 1e6)} MB, ${Math.round(Math.min(...times))} ms at best with brotli`,
})

const { revision } = (await (await client.get('inventory?kinds=pool')).json()) as {
  revision: string
}
let received = 0
let frames = 0
const sockets = await Promise.all(
  Array.from({ length: FEEDS }, async () =>
    openFeed(client, revision, (size) => {
      received += size
      frames += 1
    }),
  ),
)
const writer = await Writer.connect(pool.address)
await Promise.all([server.child.cost(), pool.child.cost()])
await pause(3_000)
note(`${FEEDS} feeds, quiet pool`, await server.child.cost())
received = 0
frames = 0
await pool.child.cost()
writer.start(RATE)
await pause(seconds * 1000)
writer.rest()
const busy = await server.child.cost()
note(`${FEEDS} feeds, ${RATE} changes/s`, busy, {
  more:
    `${Math.round((writer.done / busy.time) * 1000)} changes/s made, ` +
    `${tenth((frames / FEEDS / busy.time) * 1000)} frames/s and ${Math.round(received / FEEDS / busy.time)} kB/s a feed, ` +
    `${tenth(busy.mainCpu / writer.done)} ms of the main thread a change`,
})
const simulated = await pool.child.cost()
note('the pool itself meanwhile', simulated)
for (const socket of sockets) socket.close()
await writer.close()
console.log(`${vms} VMs, Node ${process.version}\n`)
console.table(rows)
await server.stop()
await pool.child.stop()
