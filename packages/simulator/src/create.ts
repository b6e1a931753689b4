/** Puts a pool together from its parts, without data and without servers. */
import { dataModel } from '@xendeck/xenapi/datamodel'
import { Clock } from './clock.ts'
import { Database } from './db/database.ts'
import { Events } from './events/events.ts'
import { Messages } from './messages/messages.ts'
import { Pool } from './pool.ts'
import { coreBehaviours } from './rpc/core.ts'
import { Random } from './random.ts'
import type { Behaviour } from './rpc/registry.ts'
import { Sessions } from './session/sessions.ts'
import type { Account } from './session/sessions.ts'
import { Tasks } from './tasks/tasks.ts'

export interface PoolOptions {
  readonly behaviours?: readonly Behaviour[]
  /** Of refs, uuids and everything else that is random; default: random. */
  readonly seed?: number
  /** Simulated seconds last this many real ones; 0: nothing waits. Default 1. */
  readonly timeScale?: number
  /** Default: root with an empty password. */
  readonly accounts?: readonly Account[]
}

export function createPool(options: PoolOptions = {}): Pool {
  const random = new Random(options.seed ?? Math.trunc(Math.random() * 2 ** 48))
  const clock = new Clock()
  const db = new Database(dataModel, random)
  const messages = new Messages(db, clock, random)
  const sessions = new Sessions(db, clock)
  for (const account of options.accounts ?? [{ name: 'root', password: '' }]) {
    sessions.accounts.set(account.name, { ...account })
  }
  return new Pool({
    db,
    clock,
    random,
    messages,
    sessions,
    events: new Events(db, messages),
    tasks: new Tasks(db, clock, random),
    behaviours: [...coreBehaviours(), ...(options.behaviours ?? [])],
    timeScale: options.timeScale ?? 1,
  })
}
