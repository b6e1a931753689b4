import { randomUUID } from 'node:crypto'
import { CertificateError, probeCertificate } from '@xendeck/xenapi'
import type { Config } from '../config.ts'
import { put, type ResourceTable } from '../feed/table.ts'
import { ApiFailure } from '../http/errors.ts'
import { toPoolFailure } from '../operations/xenapi-errors.ts'
import type { PoolSettings, PoolStore } from './pool-store.ts'
import { RegisteredPool, type Attached, type PoolServices } from './registered-pool.ts'
import type { XenConnection } from '@xendeck/xenapi'

/** How long registering waits for the pool, in milliseconds: a TCP connection to nowhere takes minutes. */
const REACH_TIMEOUT = 20_000

const noMembers = { addresses: [], fingerprints: [] }

/** A pool that answers. */
export interface LivePool {
  readonly connection: XenConnection
  readonly attached: Attached
}

export type PoolChange = Partial<
  Pick<PoolSettings, 'label' | 'address' | 'username' | 'password' | 'fingerprint'>
>

/** All registered pools. Each has its own connection: a slow or dead one holds up nothing of the others. */
export class Pools {
  readonly #pools = new Map<string, RegisteredPool>()
  readonly #store: PoolStore
  readonly #table: ResourceTable
  readonly #services: PoolServices
  readonly #waiting = new Set<() => void>()

  constructor(store: PoolStore, services: Omit<PoolServices, 'shownBy' | 'remember'>) {
    this.#store = store
    this.#table = services.table
    this.#services = {
      ...services,
      shownBy: (poolId, asking) => this.#shownBy(poolId, asking),
      remember: (pool, members) => {
        // What is not registered (yet) leaves nothing behind.
        if (!this.#pools.has(pool.id)) return
        store.setMembers(pool, members).catch((error: unknown) => {
          services.log('warn', 'the hosts of a pool cannot be remembered', {
            connection: pool.id,
            err: error,
          })
        })
      },
    }
  }

  /** Reads what is registered and begins to connect; waits for none. */
  async start(configured: Config['pools']): Promise<void> {
    const settings = await this.#store.load(configured, (id, label, error) =>
      this.#services.log(
        'error',
        'the stored password of a pool cannot be read; register it again',
        {
          connection: id,
          label,
          err: error,
        },
      ),
    )
    for (const one of settings) {
      const pool = new RegisteredPool(
        one,
        await this.#store.members(one),
        this.#services,
        (changed) => this.#show(changed),
      )
      this.#pools.set(one.id, pool)
      this.#show(pool)
      if (one.enabled) pool.connect()
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#pools.values()].map((pool) => pool.disconnect()))
  }

  all(): Iterable<RegisteredPool> {
    return this.#pools.values()
  }

  /** @throws ApiFailure NOT_FOUND */
  get(id: string): RegisteredPool {
    const pool = this.#pools.get(id)
    if (!pool)
      throw new ApiFailure('NOT_FOUND', 'There is no such connection.', {
        params: ['connection', id],
      })
    return pool
  }

  byPoolId(poolId: string): RegisteredPool | undefined {
    for (const pool of this.#pools.values()) if (pool.attached?.poolId === poolId) return pool
    return undefined
  }

  /** @throws ApiFailure POOL_DISCONNECTED */
  live(poolId: string | null): LivePool {
    const pool = poolId === null ? undefined : this.byPoolId(poolId)
    const { connection, attached } = pool ?? {}
    if (!pool?.isLive || !connection || !attached) {
      throw new ApiFailure(
        'POOL_DISCONNECTED',
        'The pool is not connected now. Try again when it is.',
        {
          params: [poolId ?? ''],
        },
      )
    }
    return { connection, attached }
  }

  /**
   * The pool, now or when it answers again.
   * @throws the signal's reason; ApiFailure POOL_DISCONNECTED where no connection can be to it
   */
  untilLive(poolId: string, signal: AbortSignal): Promise<LivePool> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const isLive = this.byPoolId(poolId)?.isLive === true
        if (signal.aborted) finish(() => reject(signal.reason))
        else if (isLive) finish(() => resolve(this.live(poolId)))
        else if (!this.#mayBe(poolId)) finish(() => reject(forgotten(poolId)))
      }
      const finish = (settle: () => void) => {
        this.#waiting.delete(check)
        signal.removeEventListener('abort', check)
        settle()
      }
      this.#waiting.add(check)
      signal.addEventListener('abort', check)
      check()
    })
  }

  /** Whether a registered connection leads there, or to a pool that is not known yet. */
  #mayBe(poolId: string): boolean {
    for (const { resource } of this.#pools.values())
      if (resource.poolId === poolId || resource.poolId === null) return true
    return false
  }

  /**
   * Registers a pool once it has been reached: what cannot be reached, signed in to or trusted is not stored.
   * @returns its connection's id
   * @throws ApiFailure CERTIFICATE_UNTRUSTED, CERTIFICATE_CHANGED, POOL_ALREADY_REGISTERED, POOL_UNREACHABLE, or XenAPI's
   */
  async create(
    input: Required<Omit<PoolChange, 'fingerprint'>> & Pick<PoolSettings, 'fingerprint'>,
  ): Promise<string> {
    await this.#checkCertificate(input.address, input.fingerprint)
    const settings: PoolSettings = { ...input, id: randomUUID(), origin: 'console', enabled: true }
    let isRegistered = false
    const pool = new RegisteredPool(settings, noMembers, this.#services, (changed) => {
      if (isRegistered) this.#show(changed)
    })
    try {
      pool.connect()
      // Known from now on, so that a second attempt at the same pool finds it; shown when it is stored.
      this.#pools.set(settings.id, pool)
      await pool.reached(AbortSignal.timeout(REACH_TIMEOUT))
      await this.#store.insert(settings)
    } catch (error) {
      this.#pools.delete(settings.id)
      await pool.disconnect()
      // What was learned of its hosts while it was tried.
      await this.#store.delete(settings.id)
      throw error
    }
    isRegistered = true
    this.#show(pool)
    return settings.id
  }

  async edit(id: string, change: PoolChange): Promise<void> {
    const pool = this.get(id)
    const settings = { ...pool.settings, ...change }
    const { address, username, password, fingerprint } = pool.settings
    const elsewhere = settings.address !== address || settings.fingerprint !== fingerprint
    if (elsewhere)
      await this.#checkCertificate(settings.address, settings.fingerprint, { mayBeDown: true })
    await this.#store.update(settings)
    pool.configure(settings)
    const signsInAnew = settings.username !== username || settings.password !== password
    if (settings.enabled && (elsewhere || signsInAnew)) await pool.reconnect()
  }

  async delete(id: string): Promise<void> {
    const pool = this.get(id)
    await this.#store.delete(id)
    this.#pools.delete(id)
    await pool.disconnect()
    this.#table.commit([], [{ kind: 'connection', id }])
    this.#wake()
  }

  async connect(id: string): Promise<void> {
    const pool = this.get(id)
    await this.#setEnabled(pool, true)
    pool.connect()
  }

  async disconnect(id: string): Promise<void> {
    const pool = this.get(id)
    await this.#setEnabled(pool, false)
    await pool.disconnect()
  }

  async #setEnabled(pool: RegisteredPool, enabled: boolean): Promise<void> {
    if (pool.settings.enabled === enabled) return
    const settings = { ...pool.settings, enabled }
    await this.#store.update(settings)
    pool.configure(settings)
  }

  #show(pool: RegisteredPool): void {
    if (this.#pools.get(pool.settings.id) === pool)
      this.#table.commit([put('connection', pool.resource)])
    this.#wake()
  }

  #wake(): void {
    for (const check of this.#waiting) check()
  }

  #shownBy(poolId: string, asking: RegisteredPool): RegisteredPool | undefined {
    const other = this.byPoolId(poolId)
    return other === asking ? undefined : other
  }

  /** Before a password is sent anywhere. */
  async #checkCertificate(
    address: string,
    fingerprint: string | null,
    { mayBeDown = false } = {},
  ): Promise<void> {
    let shown
    try {
      shown = await probeCertificate(address)
    } catch (error) {
      if (mayBeDown) return
      throw toPoolFailure(error)
    }
    if (!shown || shown.trusted || shown.fingerprint === fingerprint) return
    throw toPoolFailure(
      new CertificateError({
        address,
        fingerprint: shown.fingerprint,
        expected: fingerprint,
        problem: shown.problem ?? 'not trusted',
      }),
    )
  }
}

function forgotten(poolId: string): ApiFailure {
  return new ApiFailure(
    'POOL_DISCONNECTED',
    'The pool was removed from the console before the work was done. Look at what is left of it there.',
    { params: [poolId] },
  )
}
