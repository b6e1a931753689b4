import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Config } from '../config.ts'
import type { Store } from '../store/store.ts'

/** A registered pool as it was given, by configuration or by a person. */
export interface PoolSettings {
  /** The connection's id: not the pool's, which is unknown until it has been reached. */
  readonly id: string
  readonly label: string
  /** As entered. */
  readonly address: string
  readonly username: string
  readonly password: string
  /** SHA-256 of the pinned certificate, `AA:BB:…`. */
  readonly fingerprint: string | null
  readonly origin: 'configuration' | 'console'
  /** False after a person has disconnected it. */
  readonly enabled: boolean
}

/** What was learned of a pool while it answered, so that its other hosts are found and trusted when one is dead. */
export interface KnownMembers {
  /** Of the hosts, the coordinator's first. */
  readonly addresses: readonly string[]
  /** SHA-256 of the hosts' certificates, told over a connection that a person has vouched for. */
  readonly fingerprints: readonly string[]
}

const knownMembers = z.object({
  /** What was vouched for: with another address or certificate all else is forgotten. */
  of: z.string(),
  addresses: z.array(z.string().max(300)).max(200),
  fingerprints: z.array(z.string().max(300)).max(200),
})

/** Registered pools at rest. Passwords are sealed to their row. */
export class PoolStore {
  readonly #store: Store
  readonly #now: () => Date

  constructor(store: Store, now: () => Date) {
    this.#store = store
    this.#now = now
  }

  /** Those of the configuration first. A row whose password cannot be opened is left out and told to `onFailure`. */
  async load(
    configured: Config['pools'],
    onFailure: (id: string, label: string, error: unknown) => void,
  ): Promise<PoolSettings[]> {
    const loaded: PoolSettings[] = []
    for (const pool of configured) {
      const id = configuredId(pool.address)
      loaded.push({
        id,
        label: pool.label ?? '',
        address: pool.address,
        username: pool.username,
        password: pool.password,
        fingerprint: pool.fingerprint ?? null,
        origin: 'configuration',
        enabled: !(await this.#isDisabled(id)),
      })
    }
    const rows = await this.#store.db
      .selectFrom('pools')
      .selectAll()
      .orderBy('created_at')
      .execute()
    for (const row of rows) {
      try {
        loaded.push({
          id: row.id,
          label: row.label,
          address: row.address,
          username: row.username,
          password: this.#store.secrets.open(row.password_sealed, row.id),
          fingerprint: row.fingerprint,
          origin: 'console',
          enabled: row.enabled !== 0,
        })
      } catch (error) {
        onFailure(row.id, row.label, error)
      }
    }
    return loaded
  }

  async insert(pool: PoolSettings): Promise<void> {
    const now = this.#now().toISOString()
    await this.#store.db
      .insertInto('pools')
      .values({ id: pool.id, ...this.#columns(pool), created_at: now, updated_at: now })
      .execute()
  }

  async update(pool: PoolSettings): Promise<void> {
    if (pool.origin === 'configuration') return this.#setDisabled(pool.id, !pool.enabled)
    await this.#store.db
      .updateTable('pools')
      .set({ ...this.#columns(pool), updated_at: this.#now().toISOString() })
      .where('id', '=', pool.id)
      .execute()
  }

  async delete(id: string): Promise<void> {
    await this.#store.db.deleteFrom('pools').where('id', '=', id).execute()
    await this.#store.db.deleteFrom('settings').where('key', '=', membersKey(id)).execute()
  }

  async members(pool: PoolSettings): Promise<KnownMembers> {
    const row = await this.#store.db
      .selectFrom('settings')
      .select('value')
      .where('key', '=', membersKey(pool.id))
      .executeTakeFirst()
    const stored = knownMembers.safeParse(parseJson(row?.value))
    if (!stored.success || stored.data.of !== vouchedFor(pool))
      return { addresses: [], fingerprints: [] }
    return stored.data
  }

  async setMembers(pool: PoolSettings, { addresses, fingerprints }: KnownMembers): Promise<void> {
    const value = JSON.stringify({ of: vouchedFor(pool), addresses, fingerprints })
    await this.#store.db
      .insertInto('settings')
      .values({ key: membersKey(pool.id), value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute()
  }

  #columns(pool: PoolSettings) {
    return {
      label: pool.label,
      address: pool.address,
      username: pool.username,
      password_sealed: this.#store.secrets.seal(pool.password, pool.id),
      fingerprint: pool.fingerprint,
      enabled: pool.enabled ? 1 : 0,
    }
  }

  /** Pools of the configuration have no row: that one was disconnected is a setting. */
  async #isDisabled(id: string): Promise<boolean> {
    const row = await this.#store.db
      .selectFrom('settings')
      .select('value')
      .where('key', '=', disabledKey(id))
      .executeTakeFirst()
    return row !== undefined
  }

  async #setDisabled(id: string, disabled: boolean): Promise<void> {
    const key = disabledKey(id)
    await this.#store.db.deleteFrom('settings').where('key', '=', key).execute()
    if (disabled) await this.#store.db.insertInto('settings').values({ key, value: '1' }).execute()
  }
}

const membersKey = (id: string) => `pool_members:${id}`
const vouchedFor = (pool: PoolSettings) => `${pool.address} ${pool.fingerprint ?? ''}`

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}

const disabledKey = (id: string) => `pool_disabled:${id}`

/** The same at every start, so that links and what was disconnected survive. */
function configuredId(address: string): string {
  return `configured-${createHash('sha256').update(address).digest('hex').slice(0, 12)}`
}
