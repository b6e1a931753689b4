import type { Kind, Resource, Subject } from '@xendeck/contract'
import type { Logger } from 'pino'
import type { Access } from './access/types.ts'
import type { Audit } from './audit/audit.ts'
import type { Config } from './config.ts'
import type { Metrics } from './http/metrics.ts'
import type { UpgradeRouter } from './http/upgrade.ts'
import type { OperationRegistry } from './operations/registry.ts'
import type { Store } from './store/store.ts'

/** Time, so that tests can set it. */
export interface Clock {
  now(): Date
}

/** The projected inventory: XenAPI records as resources, and the connections themselves. */
export interface Inventory {
  /**
   * The resource as `subject` sees it; undefined where there is none, or none that it may see. The two must be
   * indistinguishable: what a person may not see does not exist.
   */
  find<K extends Kind>(kind: K, id: string, subject: Subject): Resource<K> | undefined
}

/** What is there for as long as the BFF runs. Every route, socket and operation gets at the rest through it. */
export interface Context {
  readonly config: Config
  readonly log: Logger
  readonly clock: Clock
  readonly store: Store
  readonly access: Access
  readonly audit: Audit
  readonly operations: OperationRegistry
  readonly upgrades: UpgradeRouter
  readonly inventory: Inventory
  readonly metrics: Metrics
  /** True once the BFF has begun to shut down: it is ready for nothing new. */
  isClosing(): boolean
}
