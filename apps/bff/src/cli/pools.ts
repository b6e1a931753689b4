/**
 * Pools in the console's own database, for scripts: `node apps/bff/src/cli/pools.ts count`, or `add` with
 * `{address, username, password, fingerprint?, label?}` as JSON on standard input (a command line would show the
 * password to everybody on the machine). `add` reaches the pool first, as registering in the browser does; a pool at
 * the same address is replaced. Not while the console runs: it would not notice.
 */
import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { XenConnection } from '@xendeck/xenapi'
import * as z from 'zod'
import { ConfigError, loadConfig } from '../config.ts'
import { reasonOf } from '../operations/xenapi-errors.ts'
import { PoolStore } from '../pools/pool-store.ts'
import { StoreError } from '../store/store-error.ts'
import { openStore, type Store } from '../store/store.ts'

const given = z.object({
  address: z.string().min(1).max(300),
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(1000),
  fingerprint: z.string().nullish(),
  label: z.string().max(100).optional(),
})

/** Milliseconds for a sign-in; a dead address takes minutes by itself. */
const patience = 30_000

async function add(store: Store): Promise<void> {
  const pool = given.parse(JSON.parse(await text(process.stdin)))
  const { address, username, password } = pool
  const fingerprint = pool.fingerprint ?? null
  const connection = new XenConnection({
    address,
    username,
    password,
    originator: 'XenDeck',
    fingerprints: fingerprint ? [fingerprint] : [],
    classes: ['pool'],
  })
  try {
    connection.start()
    await connection.ready(AbortSignal.timeout(patience))
  } catch (error) {
    // Out of time: what it has been failing with all along says more.
    throw connection.status.error ?? error
  } finally {
    await connection.close()
  }
  const pools = new PoolStore(store, () => new Date())
  const known = await pools.load([], () => undefined)
  for (const { id } of known.filter((each) => each.address === address)) await pools.delete(id)
  await pools.insert({
    id: randomUUID(),
    label: pool.label ?? '',
    address,
    username,
    password,
    fingerprint,
    origin: 'console',
    enabled: true,
  })
}

async function main(command: string | undefined): Promise<number> {
  if (command !== 'count' && command !== 'add') {
    process.stderr.write('Say what: node apps/bff/src/cli/pools.ts count|add\n')
    return 2
  }
  const store = await openStore(loadConfig())
  try {
    if (command === 'add') await add(store)
    const rows = await store.db.selectFrom('pools').select('id').execute()
    process.stdout.write(`${rows.length}\n`)
    return 0
  } finally {
    await store.close()
  }
}

try {
  process.exitCode = await main(process.argv[2])
} catch (error) {
  const isOurs = error instanceof ConfigError || error instanceof StoreError
  process.stderr.write(`${isOurs ? error.message : reasonOf(error).message}\n`)
  process.exitCode = 1
}
