/**
 * Decoding VM.get_all_records: this project's decoder, the `xmlrpc` package, fast-xml-parser
 * (which only parses) and JSON.parse of the same value, side by side in one run.
 *
 *     node --expose-gc benchmarks/xenapi/decode.ts [VMs] [runs]
 */
import { createRequire } from 'node:module'
import { performance } from 'node:perf_hooks'
import { Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { decodeReplyOf } from '@xendeck/xenapi/decode'
import { XMLParser } from 'fast-xml-parser'
import { generateVms, replyOf } from './records.ts'

/** The package has no types. */
interface XmlrpcDeserializer {
  deserializeMethodResponse(
    stream: Readable,
    callback: (error: Error | undefined, value: unknown) => void,
  ): void
}
const Deserializer: new () => XmlrpcDeserializer = createRequire(import.meta.url)(
  'xmlrpc/lib/deserializer.js',
)

const METHOD = 'VM.get_all_records'
/** As sockets deliver them. */
const CHUNK = 64 * 1024

interface Contender {
  readonly name: string
  /** The slow ones run once. */
  readonly runs: number
  readonly decode: () => Promise<unknown>
}

interface Measured {
  readonly name: string
  /** Median of the processor time of the main thread, milliseconds: busy neighbours do not count. */
  readonly cpu: number
  /** Median by the clock, milliseconds. */
  readonly time: number
  /** Longest time between two turns of the event loop, milliseconds; median of the runs. */
  readonly stall: number
  /** Highest heap over the heap before, MB, sampled at every turn of the event loop. */
  readonly heap: number
}

function chunksOf(body: Buffer): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < body.length; at += CHUNK) chunks.push(body.subarray(at, at + CHUNK))
  return chunks
}

/** Milliseconds that the main thread has spent so far. */
function cpuTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/**
 * The value of the run before: a connection holds records while it decodes newer ones, and V8
 * throws away what it learned of their shapes where none is alive.
 */
const held: { value: unknown } = { value: undefined }

/** Runs once, with a probe that comes by at each turn of the event loop. */
async function measureOnce(decode: () => Promise<unknown>): Promise<Omit<Measured, 'name'>> {
  const before = process.memoryUsage().heapUsed
  let running = true
  let stall = 0
  let peak = before
  let last = performance.now()
  const look = (): void => {
    const now = performance.now()
    stall = Math.max(stall, now - last)
    last = now
    peak = Math.max(peak, process.memoryUsage().heapUsed)
    if (running) setImmediate(look)
  }
  await new Promise<void>((resolve) => void setImmediate(resolve))
  last = performance.now()
  const start = performance.now()
  const cpuStart = cpuTime()
  setImmediate(look)
  const value = await decode()
  const cpu = cpuTime() - cpuStart
  const time = performance.now() - start
  running = false
  look()
  if (value === undefined) throw new Error('nothing was decoded')
  held.value = value
  return { cpu, time, stall, heap: (peak - before) / 1e6 }
}

async function measure({ name, runs, decode }: Contender): Promise<Measured> {
  held.value = undefined
  // Once, not before each run: V8 drops compiled code after a few forced collections.
  globalThis.gc?.()
  const results: Omit<Measured, 'name'>[] = []
  for (let run = 0; run < runs; run++) results.push(await measureOnce(decode))
  const pick = (key: 'cpu' | 'time' | 'stall' | 'heap'): number =>
    median(results.map((result) => result[key]))
  return { name, cpu: pick('cpu'), time: pick('time'), stall: pick('stall'), heap: pick('heap') }
}

const count = Number(process.argv[2] ?? 5000)
const runs = Number(process.argv[3] ?? 7)
const vms = generateVms(count)
const body = replyOf(vms)
const chunks = chunksOf(body)
const json = JSON.stringify(vms)

const contenders: Contender[] = [
  { name: 'xendeck', runs, decode: () => decodeReplyOf(METHOD, chunks) },
  { name: 'JSON.parse', runs, decode: async () => JSON.parse(json) as unknown },
  {
    name: 'fast-xml-parser (parse only)',
    runs: 1,
    decode: async () => new XMLParser({ parseTagValue: false }).parse(body) as unknown,
  },
  {
    name: 'xmlrpc',
    runs: 1,
    decode: () =>
      new Promise((resolve, reject) => {
        new Deserializer().deserializeMethodResponse(Readable.from(chunks), (error, value) =>
          error ? reject(error) : resolve(value),
        )
      }),
  },
]

// A fast decoder that decodes something else would prove nothing.
const decoded: unknown = JSON.parse(JSON.stringify(await decodeReplyOf(METHOD, chunks)))
if (!isDeepStrictEqual(decoded, JSON.parse(json))) throw new Error('decoded to another value')

console.log(
  `${METHOD}, ${count} VMs: ${(body.length / 1e6).toFixed(1)} MB of XML, ` +
    `${(json.length / 1e6).toFixed(1)} MB of JSON, Node ${process.version}\n`,
)
const measured: Measured[] = []
for (const contender of contenders) measured.push(await measure(contender))
const own = measured[0]?.cpu ?? 0
console.table(
  Object.fromEntries(
    measured.map(({ name, cpu, time, stall, heap }) => [
      name,
      {
        'CPU ms': Math.round(cpu),
        'times ours': Number((cpu / own).toFixed(2)),
        'MB/s of XML': Number((body.length / 1e3 / cpu).toFixed(1)),
        'clock ms': Math.round(time),
        'peak heap MB': Math.round(heap),
        'longest stall ms': Number(stall.toFixed(1)),
      },
    ]),
  ),
)
