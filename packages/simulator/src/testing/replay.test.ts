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

/** The recorder's own sessions, made before the first exchange. */
const SESSIONS =
  /OpaqueRef:(a013f473-2113-68fb-1d4a-95cde18cd094|6d32a240-0805-de6a-71f3-d4ae34456b1b)/g
const RESULT = /(?:<name>Value<\/name><value>|"result":")(OpaqueRef:[0-9a-f-]{36})(?:<\/value>|")/

/** Recorded refs of what the exchanges have made, and the refs of the same things here. */
const known = new Map<string, string>()

function learn(recorded: string, answer: string): void {
  const [theirs, ours] = [RESULT.exec(recorded)?.[1], RESULT.exec(answer)?.[1]]
  if (theirs && ours && theirs !== ours) known.set(theirs, ours)
}

function translate(text: string): string {
  return text
    .replaceAll(SESSIONS, session)
    .replaceAll(/OpaqueRef:[0-9a-f-]{36}/g, (ref) => known.get(ref) ?? ref)
}

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
  const text = translate(body.toString('latin1'))
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

/**
 * First and last numbers of the exchanges that are replayed. Left out: what depends on how long a
 * start takes, on a guest agent, or on contents that only the recorded host had.
 */
const REPLAYED: readonly (readonly [number, number])[] = [
  [1, 33],
  [36, 38],
  [42, 45],
  [53, 53],
  [98, 101],
  [103, 106],
  [108, 109],
  [111, 130],
  [133, 135],
  [137, 139],
  [180, 181],
  [186, 188],
  [232, 233],
  [235, 241],
  [243, 243],
  [247, 250],
  [252, 261],
  [266, 273],
  [277, 277],
  [280, 282],
  [287, 292],
  [295, 305],
  [307, 310],
  [312, 318],
  [320, 322],
  [328, 330],
  [354, 354],
  [367, 369],
  [371, 374],
  [376, 379],
  [381, 396],
  [398, 400],
  [403, 405],
]

const differing = new Map(
  Object.entries(differences).map(([name, { answer }]) => [name, expect.stringMatching(answer)]),
)

const replayed = recordings((name) => {
  const number = Number(name.slice(0, 3))
  return REPLAYED.some(([first, last]) => first <= number && number <= last)
})

test.each(replayed)('$name', async ({ name, request, response }) => {
  const answer = await replay(request)
  learn(response.toString(), answer)
  expect(shape(answer)).toEqual(differing.get(name) ?? shape(response.toString()))
})
