/** The types that callers meet: refs, records, methods, events. */
import type { Enums } from './generated/enums.ts'
import type { AsyncMethodName, Methods } from './generated/methods.ts'
import type { ClassName } from './generated/names.ts'
import type { Records } from './generated/records.ts'

declare const refBrand: unique symbol

/** An opaque reference to an object of a class, e.g. `OpaqueRef:0f1c…`; valid in one pool. */
export type Ref<C extends ClassName = ClassName> = string & { readonly [refBrand]: C }

/** The reference to nothing. */
export const NULL_REF = 'OpaqueRef:NULL'

/**
 * A record with wire names. int and float are numbers, sets arrays, maps plain objects (without
 * prototype members), datetimes wire text (`parseDate`). A field that the server is too old to
 * know has the data model's default or the empty value of its type.
 */
export type XenRecord<C extends ClassName = ClassName> = Records[C]

export type Enum<E extends keyof Enums> = Enums[E]

export type MethodName = keyof Methods | `Async.${AsyncMethodName}`

/** Parameters of a method without its session. */
export type Params<M extends MethodName> = M extends keyof Methods
  ? Methods[M]['params']
  : M extends `Async.${infer Base extends AsyncMethodName}`
    ? Methods[Base]['params']
    : never

export type Result<M extends MethodName> = M extends keyof Methods
  ? Methods[M]['result']
  : M extends `Async.${AsyncMethodName}`
    ? Ref<'task'>
    : never

/** One entry of event.from (PROTOCOL section 3.1). */
export interface EventEntry {
  readonly id: string
  readonly timestamp: string
  /** Lower case: `vm`, `vm_metrics`. */
  readonly class: string
  readonly operation: string
  readonly ref: string
  /** The record as it is now; absent for `del`. */
  readonly snapshot?: Readonly<Record<string, unknown>>
}

/** Answer of event.from. */
export interface EventBatch {
  readonly events: readonly EventEntry[]
  /** Lower-case class to the number of its objects, for every class of the database. */
  readonly valid_ref_counts: Readonly<Record<string, number>>
  /** Where the next event.from goes on. */
  readonly token: string
}
