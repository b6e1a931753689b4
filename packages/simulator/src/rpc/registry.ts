/** What a message does: handlers by wire name, and the behaviours that bring them. */
import type { Pool } from '../pool.ts'
import type { Session } from '../session/sessions.ts'
import type { TaskHandle } from '../tasks/handle.ts'
import type { Rendered } from '../wire/marshal.ts'
import type { Value } from '../db/database.ts'

export interface Call {
  readonly pool: Pool
  /** Of a message without a session (login): a session of nobody, with the ref `OpaqueRef:NULL`. */
  readonly session: Session
  readonly task: TaskHandle
  /** Ref of the host that was called. */
  readonly host: string
  /** Wire name without `Async.`: `VM.start`. */
  readonly method: string
  /** Aborted when the client's connection ends. */
  readonly gone: AbortSignal
  /** Cuts the client's connection; absent where there is none to cut. */
  readonly cut?: () => void
}

/**
 * Parameters come in the model's order and types, defaults filled in; bodies run after arity,
 * types, session and RBAC were checked. A result is marshalled by the model's result type.
 */
// A method signature, so that a handler may name the exact types of its parameters.
export type Handler = {
  handle(call: Call, ...params: Value[]): Value | void | Rendered | Promise<Value | void | Rendered>
}['handle']

export interface Behaviour {
  /** `'VM.start'` → handler; takes the place of the generic message of that name too. */
  readonly handlers?: Readonly<Record<string, Handler>>
  /** After a generic setter, add or remove has written `field`; e.g. to recompute operations. */
  readonly afterWrite?: (call: Call, cls: string, ref: string, field: string) => void
  /** Once the pool has its data and before it serves: timers, routes. Runs in order of the list. */
  readonly start?: (pool: Pool) => void
  /** When the pool closes. */
  readonly stop?: (pool: Pool) => void
}

export { createPool } from '../create.ts'
