/**
 * Recorded requests of a real xapi's client, sent in their order to the simulator with that xapi's
 * database: the replies must tell the same, or what `differences.ts` gives the reason for.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSimulator } from '../index.ts'
import type { Simulator } from '../index.ts'
import { list } from '../vm/row.ts'
import { canonical, pairIds, parse } from './canonical.ts'
import type { Tree } from './canonical.ts'
import { exchange, login } from './client.ts'
import { differences } from './differences.ts'
import { initialDatabase, recordings, split } from './recordings.ts'

/** The recorder's own sessions, made before the first exchange. */
const SESSIONS = [
  'OpaqueRef:a013f473-2113-68fb-1d4a-95cde18cd094',
  'OpaqueRef:6d32a240-0805-de6a-71f3-d4ae34456b1b',
]
/** uuid of the graphical console in recordings 335 to 342. */
const CONSOLE = '328d0b51-1603-3571-5ef2-86e77c275407'
const ID = /(?:OpaqueRef:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
/** Requests that a reply has to be waited for, or whose reply has no end, ms of silence. */
const QUIET = 80
/** For the first bytes, ms; of what waits for something that never comes here. */
const PATIENCE = 10_000
const SILENT = 200

/** Recorded refs and uuids of what the exchanges have made, and those of the same things here. */
const known = new Map<string, string>()
const tally = { same: 0, different: 0, 'not built': 0 }
let simulator: Simulator

beforeAll(async () => {
  simulator = await startSimulator({
    data: { database: readFileSync(initialDatabase) },
    password: 'xenroot',
    timeScale: 0,
  })
  for (const session of SESSIONS)
    known.set(session, await login(simulator.url, 'root', 'xenroot', 'wire-recorder'))
})

afterAll(async () => {
  process.stdout.write(`replayed recordings: ${JSON.stringify(tally)}\n`)
  await simulator.close()
})

function translate(text: string): string {
  return text.replaceAll(ID, (id) => known.get(id) ?? id)
}

async function replay(request: Buffer, patience: number): Promise<string> {
  const [head, body] = split(request)
  const text = translate(body.toString('latin1'))
  const isMeasured = body.length > 0 && !/Content-Length: \d{6}/.test(head)
  const header = isMeasured
    ? head.replace(/Content-Length: \d+/i, `Content-Length: ${text.length}`)
    : head
  return await exchange(
    simulator.pool.server(simulator.pool.coordinator()).port,
    Buffer.from(`${translate(header)}\r\n\r\n${text}`, 'latin1'),
    QUIET,
    patience,
  )
}

function learn(recorded: Buffer, answer: string): void {
  const { db } = simulator.pool
  const [theirs, ours] = [parse(recorded).tree, parse(answer).tree]
  if (theirs === undefined || ours === undefined) return
  pairIds(theirs, ours, (a, b) => {
    // What is in the database has the same ref here and there.
    if (a !== b && db.classOf(a) === undefined) known.set(a, b)
  })
}

/** The console of the one VM that runs: lists of consoles do not tell which is which. */
function learnConsole(): void {
  const { db } = simulator.pool
  const [vm] = [...db.all('VM')]
    .filter(([, row]) => row['power_state'] === 'Running' && row['is_control_domain'] !== true)
    .map(([, row]) => row)
  const console = (vm ? list(vm, 'consoles') : [])
    .map((ref) => db.must('console', ref))
    .find((row) => row['protocol'] === 'rfb')
  if (console) known.set(CONSOLE, String(console['uuid']))
}

/** Names of the members of the first record, in order. */
function fields(tree: Tree | undefined): string[] {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return []
  const names = Object.keys(tree)
  if (names.includes('uuid')) return names
  return fields(Object.values(tree).find((value) => typeof value === 'object' && value !== null))
}

test.each(recordings(() => true))('$name', async ({ name, request, response }) => {
  if (request.includes(CONSOLE)) learnConsole()
  const difference = differences.get(Number(name.slice(0, 3)))
  const answer = await replay(request, difference?.answer.test('') === true ? SILENT : PATIENCE)
  learn(response, answer)
  if (difference === undefined) tally.same++
  else tally[difference.why === 'not built' ? 'not built' : 'different']++
  const wanted = difference?.answer.source ?? canonical(response)
  const told = difference?.answer.test(answer) === true ? wanted : canonical(answer)
  expect(told).toBe(wanted)
  // Order in records is certain, other than in sets and maps; where there are no records is no order.
  const ours = fields(parse(answer).tree)
  const isRecord = /allrec|-record$/.test(name) && (difference === undefined || ours.length > 0)
  expect(ours).toEqual(isRecord ? fields(parse(response).tree) : ours)
})
