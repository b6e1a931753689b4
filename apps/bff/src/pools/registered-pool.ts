import type { Connection, ConnectionState } from '@xendeck/contract'
import {
  XenConnection,
  type ClassName,
  type ConnectionStatus,
  type LogLevel,
} from '@xendeck/xenapi'
import type { ResourceTable } from '../feed/table.ts'
import type { Claims } from '../inventory/claims.ts'
import { PoolInventory } from '../inventory/pool-inventory.ts'
import { ApiFailure } from '../http/errors.ts'
import { reasonOf, type Reason } from '../operations/xenapi-errors.ts'
import type { TaskHistory } from '../tasks/history.ts'
import { PoolTasks } from '../tasks/pool-tasks.ts'
import type { KnownMembers, PoolSettings } from './pool-store.ts'

/** What the projections and tasks read, and no more: the rest of a pool's database is not held twice. */
const classes: readonly ClassName[] = [
  'pool',
  'host',
  'host_metrics',
  'host_cpu',
  'VM',
  'VM_metrics',
  'VM_guest_metrics',
  'VBD',
  'VDI',
  'SR',
  'PBD',
  'network',
  'VIF',
  'PIF',
  'PIF_metrics',
  'VLAN',
  'Bond',
  'tunnel',
  'console',
  'task',
  'Certificate',
]

/** What all pools share. */
export interface PoolServices {
  readonly table: ResourceTable
  readonly claims: Claims
  readonly history: TaskHistory
  readonly now: () => Date
  readonly log: (
    level: LogLevel,
    message: string,
    fields: Readonly<Record<string, unknown>>,
  ) => void
  /** Keeps what was learned of the pool's hosts. */
  readonly remember: (pool: PoolSettings, members: KnownMembers) => void
  /** The connection that shows the pool already, if it is another one. */
  readonly shownBy: (poolId: string, asking: RegisteredPool) => RegisteredPool | undefined
}

/** A pool that is shown: its objects stay while the connection is lost. */
export interface Attached {
  readonly connection: XenConnection
  readonly poolId: string
  readonly poolRef: string
  readonly inventory: PoolInventory
  readonly tasks: PoolTasks
}

/** One registered pool: its connection and, once it has been reached, its inventory and tasks. */
export class RegisteredPool {
  #settings: PoolSettings
  readonly #services: PoolServices
  readonly #onChange: (pool: RegisteredPool) => void
  #connection: XenConnection | undefined
  #attached: Attached | undefined
  /** Why the console itself gave the connection up. */
  #refusal: { reason: Reason; since: Date } | undefined
  #idleSince: Date
  /** Remembered over a disconnection. */
  #poolId: string | null = null
  #members: KnownMembers

  constructor(
    settings: PoolSettings,
    members: KnownMembers,
    services: PoolServices,
    onChange: (pool: RegisteredPool) => void,
  ) {
    this.#settings = settings
    this.#members = members
    this.#services = services
    this.#onChange = onChange
    this.#idleSince = services.now()
  }

  get settings(): PoolSettings {
    return this.#settings
  }

  get connection(): XenConnection | undefined {
    return this.#connection
  }

  get attached(): Attached | undefined {
    return this.#attached
  }

  get isLive(): boolean {
    return this.#attached !== undefined && this.#connection?.status.phase === 'ready'
  }

  /** Name or address, for messages. */
  get title(): string {
    return this.#settings.label || this.#settings.address
  }

  /** Takes over what was edited. The caller decides whether to reconnect. */
  configure(settings: PoolSettings): void {
    this.#settings = settings
    this.#onChange(this)
  }

  /** Connects; where it is connected or tries to, tries again at once. */
  connect(): void {
    if (this.#connection && !this.#refusal) return this.#connection.retryNow()
    this.#refusal = undefined
    const { address, username, password, fingerprint } = this.#settings
    // The list changes with the pool: see #learn.
    const fingerprints = fingerprint === null ? [] : [fingerprint, ...this.#members.fingerprints]
    const connection = new XenConnection({
      address,
      username,
      password,
      originator: 'xendeck',
      fingerprints,
      members: this.#members.addresses,
      classes,
      onLog: (level, message, fields) =>
        this.#services.log(level, message, { connection: this.#settings.id, address, ...fields }),
    })
    this.#connection = connection
    connection.store.subscribe((changes) => {
      if (this.#connection !== connection) return
      if (changes.some(({ class: cls }) => cls === 'Certificate' || cls === 'host'))
        this.#learn(connection, fingerprints)
    })
    connection.onStatus((status) => {
      // A connection that was replaced has nothing to say any more.
      if (this.#connection === connection) this.#follow(connection, status)
    })
    connection.start()
    this.#onChange(this)
  }

  /** Ends the connection and takes the pool's objects away. */
  async disconnect(): Promise<void> {
    const connection = this.#connection
    this.#connection = undefined
    this.#refusal = undefined
    this.#idleSince = this.#services.now()
    this.#detach()
    this.#onChange(this)
    await connection?.close()
  }

  /** With other settings: a new connection takes the place of the old one. What is shown stays until it knows better. */
  async reconnect(): Promise<void> {
    const old = this.#connection
    this.#connection = undefined
    this.#attached?.inventory.setLive(false)
    this.connect()
    await old?.close()
  }

  /**
   * Resolved once the pool is shown.
   * @throws ApiFailure of what stands in the way, after the first try
   */
  async reached(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const connection = this.#connection
      if (!connection) return reject(new ApiFailure('POOL_DISCONNECTED', 'It is not connected.'))
      const check = () => {
        const reason =
          this.#refusal?.reason ?? (connection.status.error && reasonOf(connection.status.error))
        if (this.#attached) finish(resolve)
        else if (signal.aborted) finish(() => reject(unreachable(this.#settings.address)))
        else if (reason && connection.status.phase !== 'connecting') {
          finish(() =>
            reject(
              new ApiFailure(reason.code, reason.message, { params: reason.params, status: 409 }),
            ),
          )
        }
      }
      const finish = (settle: () => void) => {
        stop()
        signal.removeEventListener('abort', check)
        settle()
      }
      // The listener of `connect` comes first: what it attaches is seen here.
      const stop = connection.onStatus(check)
      signal.addEventListener('abort', check)
      check()
    })
  }

  /** As the contract has it. */
  get resource(): Connection {
    const { id, label, address, username, fingerprint, origin } = this.#settings
    const status = this.#connection?.status
    const error =
      status?.phase === 'reconnecting' || status?.phase === 'failed' ? status.error : null
    const reason = this.#refusal?.reason ?? (error && reasonOf(error))
    const since = this.#refusal?.since ?? status?.since ?? this.#idleSince
    return {
      id,
      label,
      address,
      username,
      fingerprint,
      origin,
      state: this.#state(status),
      reason: reason ?? null,
      since: since.toISOString(),
      retryAt: this.#refusal ? null : (status?.retryAt?.toISOString() ?? null),
      poolId: this.#poolId,
    }
  }

  #state(status: ConnectionStatus | undefined): ConnectionState {
    if (this.#refusal) return 'failed'
    if (!status) return 'disconnected'
    switch (status.phase) {
      case 'closed':
        return 'disconnected'
      case 'idle':
      case 'connecting':
        return 'connecting'
      case 'ready':
        return 'connected'
      default:
        return status.phase
    }
  }

  /**
   * Each host shows a certificate of its own, and consoles and failover lead to the other hosts. What the pool says of
   * its hosts' certificates came over a connection that a person has vouched for, so they are as good as confirmed; one
   * that the pool names no more is good no more.
   */
  #learn(connection: XenConnection, fingerprints: string[]): void {
    const { fingerprint } = this.#settings
    const learned = fingerprint === null ? [] : certificatesOf(connection)
    if (fingerprint !== null) {
      fingerprints.splice(0, fingerprints.length, fingerprint, ...learned)
    }
    const { coordinator, members } = connection.status
    const addresses = [...new Set([...(coordinator === null ? [] : [coordinator]), ...members])]
    const known: KnownMembers = { addresses, fingerprints: learned }
    if (JSON.stringify(known) === JSON.stringify(this.#members)) return
    this.#members = known
    this.#services.remember(this.#settings, known)
  }

  #follow(connection: XenConnection, status: ConnectionStatus): void {
    if (status.phase === 'ready') this.#attach(connection)
    else this.#attached?.inventory.setLive(false)
    this.#onChange(this)
  }

  #attach(connection: XenConnection): void {
    const [found] = connection.store.entries('pool')
    if (!found)
      return this.#refuse(
        connection,
        'POOL_ERROR',
        [],
        'The server answers but has no pool object.',
      )
    const [ref, { uuid }] = found
    const before = this.#attached
    if (before?.poolId === uuid) {
      if (before.connection === connection && before.poolRef === ref) {
        return before.inventory.setLive(true)
      }
      // Over another connection, or restored from a backup.
      this.#attached = this.#open(connection, uuid, ref, before)
      return
    }
    // Another pool answers at this address now.
    this.#detach()
    const other = this.#services.shownBy(uuid, this)
    if (other) {
      return this.#refuse(
        connection,
        'POOL_ALREADY_REGISTERED',
        [other.settings.id, other.title],
        `This pool is registered already, as ${other.title}.`,
      )
    }
    this.#poolId = uuid
    this.#attached = this.#open(connection, uuid, ref)
  }

  #open(connection: XenConnection, poolId: string, poolRef: string, before?: Attached): Attached {
    const { table, claims, history, log } = this.#services
    const { id } = this.#settings
    const inventory = new PoolInventory({
      store: connection.store,
      table,
      claims,
      pool: { id: poolId, ref: poolRef, connectionId: id },
      ...(before && { heritage: before.inventory.handOver() }),
      onFailure: (cls, ref, error) =>
        log('error', 'an object cannot be shown', { cls, ref, err: error }),
    })
    const tasks = new PoolTasks({
      connection,
      poolId,
      table,
      history,
      nameOf: (ref) => nameOf(connection, ref),
      shown: (ref) => inventory.shown(ref),
      hostId: (ref) => (ref === undefined ? null : (inventory.shown(ref)?.id ?? null)),
      onFailure: (message, error) => log('warn', message, { connection: id, err: error }),
      ...(before && { heritage: before.tasks.handOver() }),
    })
    return { connection, poolId, poolRef, inventory, tasks }
  }

  #detach(): void {
    this.#attached?.tasks.close()
    this.#attached?.inventory.close()
    this.#attached = undefined
  }

  #refuse(connection: XenConnection, code: string, params: string[], message: string): void {
    this.#refusal = { reason: { code, params, message }, since: this.#services.now() }
    connection
      .close()
      .catch((error: unknown) => this.#services.log('warn', 'closing failed', { err: error }))
  }
}

function unreachable(address: string): ApiFailure {
  return new ApiFailure(
    'POOL_UNREACHABLE',
    `${address} does not answer. Check the address and the network.`,
    {
      params: ['timeout'],
    },
  )
}

/** SHA-256 fingerprints of the certificates that the pool's hosts show to clients. */
function certificatesOf({ store }: XenConnection): string[] {
  const found = new Set<string>()
  for (const [, { type, fingerprint_sha256: fingerprint }] of store.entries('Certificate')) {
    if (type === 'host' && fingerprint !== '') found.add(fingerprint)
  }
  return [...found]
}

const named = ['VM', 'host', 'SR', 'VDI', 'network', 'pool'] as const

/** The name of what a ref leads to. */
export function nameOf(connection: Pick<XenConnection, 'store'>, ref: string): string | undefined {
  for (const cls of named) {
    const record = connection.store.get(cls, ref)
    if (record) return record.name_label || record.uuid
  }
  return connection.store.get('PIF', ref)?.device
}
