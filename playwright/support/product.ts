import { expect, request, test as base, type BrowserContextOptions } from '@playwright/test'
import { admin, ConsoleServer, SimulatedPool } from './servers.ts'

type StorageState = Exclude<BrowserContextOptions['storageState'], string | undefined>

export interface Product {
  pool: SimulatedPool
  server: ConsoleServer
  /** The administrator's session, for a browser. */
  session: StorageState
}

interface TestFixtures {
  /**
   * Flags of the simulator for a product of this test's own: for another pool, or for tests that break things.
   * null: the worker's product with the demo pool, which other tests use too.
   */
  ownPool: readonly string[] | null
  product: Product
}

interface WorkerFixtures {
  /** Started by the first test that wants it. */
  sharedProduct: () => Promise<Product>
}

/** Signs in without a page, as a browser would. */
async function signIn(url: string): Promise<StorageState> {
  const api = await request.newContext({ baseURL: url, extraHTTPHeaders: { Origin: url } })
  const reply = await api.post('/api/v1/session', { data: admin })
  expect(reply.ok(), await reply.text()).toBe(true)
  const state = await api.storageState()
  await api.dispose()
  return state
}

async function startProduct(poolArgs: readonly string[]): Promise<Product> {
  const pool = await SimulatedPool.start(poolArgs)
  const server = await ConsoleServer.start([pool])
  return { pool, server, session: await signIn(server.url) }
}

async function stopProduct({ pool, server }: Product): Promise<void> {
  await server.close()
  await pool.kill()
}

/** Every test opens pages of a freshly started product and is signed in to it, unless it says otherwise. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  sharedProduct: [
    // Playwright wants the pattern even where a fixture needs no other.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      let product: Promise<Product> | undefined
      await use(() => (product ??= startProduct([])))
      if (product) await stopProduct(await product)
    },
    { scope: 'worker' },
  ],
  ownPool: [null, { option: true }],
  product: async ({ sharedProduct, ownPool }, use) => {
    if (ownPool === null) {
      await use(await sharedProduct())
      return
    }
    const product = await startProduct(ownPool)
    await use(product)
    await stopProduct(product)
  },
  baseURL: async ({ product }, use) => use(product.server.url),
  storageState: async ({ product }, use) => use(product.session),
})

export const signedOut: StorageState = { cookies: [], origins: [] }

export { expect }
