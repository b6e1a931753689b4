/**
 * Recorded requests of a real xapi's client, sent to the simulator with that xapi's database: the
 * replies must be the same but for refs, times and the like. `differences.ts` lists what is not.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSimulator } from '../index.ts'
import type { Simulator } from '../index.ts'
import { exchange, login } from './client.ts'
import { differences } from './differences.ts'
import { initialDatabase, recordings, shape, split } from './recordings.ts'

/** The recorder's own session. */
const RECORDED =
  /OpaqueRef:(a013f473-2113-68fb-1d4a-95cde18cd094|6d32a240-0805-de6a-71f3-d4ae34456b1b)/g

let simulator: Simulator
let session: string

beforeAll(async () => {
  simulator = await startSimulator({
    data: { database: readFileSync(initialDatabase) },
    password: 'xenroot',
    timeScale: 0,
  })
  session = await login(simulator.url, 'root', 'xenroot', 'wire-recorder')
})

afterAll(() => simulator.close())

async function replay(request: Buffer): Promise<string> {
  const [head, body] = split(request)
  const text = body.toString('latin1').replaceAll(RECORDED, session)
  const length =
    /content-length/i.test(head) && body.length > 0 && !/Content-Length: \d{6}/.test(head)
  const header = length
    ? head.replace(/Content-Length: \d+/i, `Content-Length: ${text.length}`)
    : head
  return await exchange(
    simulator.pool.server(simulator.pool.coordinator()).port,
    Buffer.from(`${header}\r\n\r\n${text}`, 'latin1'),
    60,
  )
}

/** First and last numbers of calls that neither depend on the calls before nor on a clock. */
const REPLAYED: readonly (readonly [number, number])[] = [
  [1, 32],
  [42, 42],
  [53, 53],
  [98, 101],
  [103, 103],
  [105, 105],
  [108, 109],
  [119, 119],
  [134, 134],
  [180, 181],
  [232, 233],
  [241, 241],
  [243, 243],
  [248, 248],
  [252, 261],
  [277, 277],
  [280, 282],
  [287, 288],
  [291, 292],
  [295, 305],
  [307, 310],
  [313, 314],
  [316, 318],
  [321, 322],
  [328, 330],
  [367, 369],
  [374, 374],
]

function isReplayed(name: string): boolean {
  const number = Number(name.slice(0, 3))
  return !differences[name] && REPLAYED.some(([first, last]) => first <= number && number <= last)
}

test.each(recordings(isReplayed))('$name', async ({ request, response }) => {
  expect(shape(await replay(request))).toBe(shape(response.toString()))
})

test.each(recordings((name) => name in differences))(
  'known to differ: $name',
  async ({ name, request }) => {
    expect(await replay(request)).toMatch(differences[name]!.answer)
  },
)

const classes = recordings((name) => /^\d+-xml-allrec-/.test(name) && !differences[name]).filter(
  ({ response }) => response.toString().includes('Success'),
)

/** Names of the members of the first record, in order. */
function fields(reply: string): string[] {
  const record = /<name>OpaqueRef:[^<]*<\/name><value><struct>(.*)/s.exec(reply)?.[1] ?? ''
  const first =
    record.split(/<\/value><\/member><\/struct><\/value><\/member><member><name>OpaqueRef:/)[0] ??
    ''
  // Fields are at depth one: what is inside a value's own struct is cut out.
  return [
    ...first
      .replaceAll(/<value><struct>.*?<\/struct><\/value>/gs, '')
      .matchAll(/<name>([^<]*)<\/name>/g),
  ].map((match) => match[1]!)
}

function count(reply: string): number {
  return [...reply.matchAll(/<member><name>OpaqueRef:[^<]*<\/name><value><struct>/g)].length
}

test.each(classes)(
  '$name: as many objects, with the same fields in the same order',
  async ({ request, response }) => {
    const answer = await replay(request)
    expect(count(answer)).toBe(count(response.toString()))
    expect(fields(answer)).toEqual(fields(response.toString()))
  },
)
