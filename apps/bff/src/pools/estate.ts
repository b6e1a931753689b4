import type { Context } from '../context.ts'
import { Consoles } from '../console/consoles.ts'
import { FeedHub } from '../feed/hub.ts'
import { registerInventoryRoutes } from '../feed/routes.ts'
import { FeedSockets } from '../feed/sockets.ts'
import { ResourceTable } from '../feed/table.ts'
import type { Routes } from '../http/routes.ts'
import { Claims } from '../inventory/claims.ts'
import { TableInventory } from '../inventory/inventory.ts'
import { JobStore } from '../jobs/job-store.ts'
import { Jobs } from '../jobs/jobs.ts'
import { Loads } from '../metrics/loads.ts'
import { registerLoadRoutes } from '../metrics/routes.ts'
import { registerConnectionOperations } from '../operations/connection.ts'
import { registerSnapshotOperations } from '../operations/snapshot.ts'
import { registerTaskOperations } from '../operations/task.ts'
import { registerVmOperations } from '../operations/vm.ts'
import { ConsoleTasks } from '../tasks/console-tasks.ts'
import { TaskHistory } from '../tasks/history.ts'
import { PoolStore } from './pool-store.ts'
import { Pools } from './pools.ts'
import { registerPoolRoutes } from './routes.ts'

const SWEEP = 60_000

/**
 * All pools and what the console does with them: connections, inventory, feed, tasks, operations, consoles. Made before
 * the context, which needs its inventory; then registered with it, then started.
 */
export class Estate {
  readonly table = new ResourceTable()
  readonly inventory = new TableInventory(this.table)
  readonly hub: FeedHub
  readonly pools: Pools
  readonly jobs: Jobs
  readonly #loads: Loads
  readonly #base: Pick<Context, 'config' | 'log' | 'clock' | 'store'>
  readonly #sockets: FeedSockets
  readonly #sweeper: NodeJS.Timeout
  #consoles: Consoles | undefined

  constructor(base: Pick<Context, 'config' | 'log' | 'clock' | 'store'>) {
    this.#base = base
    const { log, clock, store } = base
    const now = () => clock.now()
    const history = new TaskHistory(this.table, () => now().getTime())
    this.hub = new FeedHub(this.table, now)
    this.#sockets = new FeedSockets(this.hub)
    const tasks = new ConsoleTasks({
      table: this.table,
      history,
      clock,
      onFailure: (task, error) =>
        log.warn({ err: error, task: task.id, operation: task.operation }, 'task failed'),
    })
    this.pools = new Pools(new PoolStore(store, now), {
      table: this.table,
      claims: new Claims(),
      history,
      now,
      log: (level, message, fields) => log[level](fields, message),
    })
    this.jobs = new Jobs({ store: new JobStore(store, now), pools: this.pools, tasks, log })
    this.#loads = new Loads(this.pools, (level, message, fields) => log[level](fields, message))
    this.#sweeper = setInterval(() => history.sweep(), SWEEP)
    this.#sweeper.unref()
  }

  /** `routes` are those below `/api/v1`. */
  register(context: Context, routes: Routes): void {
    registerInventoryRoutes(routes, this.table)
    registerPoolRoutes(routes)
    registerLoadRoutes(routes, context, this.#loads)
    this.#sockets.register(context)
    this.#consoles = new Consoles(context, this.pools)
    this.#consoles.register(routes)
    const { metrics } = context
    const consoles = this.#consoles
    metrics.gauge('xendeck_feed_readers', 'Open feeds.', () => this.hub.readers)
    metrics.gauge('xendeck_consoles', 'Open consoles.', () => consoles.count)
    metrics.gauge('xendeck_resources', 'Resources shown.', () => this.table.size)
    metrics.gauge('xendeck_pools_live', 'Pools that are connected.', () =>
      [...this.pools.all()].reduce((count, pool) => count + (pool.isLive ? 1 : 0), 0),
    )
    const services = { pools: this.pools, jobs: this.jobs }
    registerVmOperations(context.operations, services)
    registerSnapshotOperations(context.operations, services)
    registerTaskOperations(context.operations, services)
    registerConnectionOperations(context.operations, services)
  }

  /** Reads what is registered, begins to connect and takes up unfinished work. Does not wait for any pool. */
  async start(): Promise<void> {
    await this.pools.start(this.#base.config.pools)
    await this.jobs.start()
  }

  /** Sockets first, so that nobody is shown pools that vanish; then the pools' sessions are ended. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper)
    this.#sockets.close()
    this.#consoles?.close()
    this.#loads.close()
    this.hub.close()
    await Promise.all([this.jobs.close(), this.pools.close()])
  }
}
