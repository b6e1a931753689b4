import * as z from 'zod/mini'
import type { Permission, Subject } from '../permissions.ts'
import type { Kind, Resource } from '../resources/index.ts'

/** Why an operation cannot be done now. Screens turn the code into a sentence; `params` fill it in. */
export interface Refusal {
  readonly code: RefusalCode
  readonly params: Readonly<Record<string, string>>
}

export type RefusalCode =
  | 'forbidden'
  | 'stale' // the pool cannot be reached: what is shown may be old
  | 'already' // already in the state asked for: {state}
  | 'powerState' // {actual, needed}: comma-separated power states
  | 'busy' // {operation}: another operation is running on it
  | 'blocked' // {reason}: VM.blocked_operations
  | 'noTools' // needs the guest tools, which do not run
  | 'noConsole'
  | 'fromConfiguration' // a connection given by configuration is changed there
  | 'notCancellable'
  | 'finished'
  | 'notNow' // the pool's allowed_operations lack it, and it does not say why

export function refuse(code: RefusalCode, params: Record<string, string> = {}): Refusal {
  return { code, params }
}

export interface OperationSpec<K extends Kind = Kind, I extends z.core.$ZodType = z.core.$ZodType> {
  /** What it acts on. */
  readonly kind: K
  /** True where it makes something new: `POST /{kind}s` without an id, and `can` gets no resource. */
  readonly creates?: boolean
  readonly input: I
  readonly permission: Permission
  /** Whether it makes sense on many targets at once (bulk bar, `POST /batch`). */
  readonly bulk?: boolean
  /** Loses something that cannot be had back: screens ask first. */
  readonly dangerous?: boolean
  /** One English sentence for the API document. */
  readonly summary: string
  /** null: it can be done. Pure, so that browser and BFF give the same answer. A method, so that specs of all kinds fit one type. */
  can?(resource: Resource<K>, subject: Subject): Refusal | null
}

/** Keeps the literal types of a declaration while checking it. */
export function operation<K extends Kind, I extends z.core.$ZodType>(
  spec: OperationSpec<K, I>,
): OperationSpec<K, I> {
  return spec
}

export const noInput = z.object({})
