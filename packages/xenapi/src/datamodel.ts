/**
 * Typed access to `datamodel.json`: every class, field, message, enum, error and HTTP action of
 * XenAPI, extracted from xapi's own data model (PROTOCOL section 11).
 */
import { readFileSync } from 'node:fs'

/** Cumulative roles, strongest first (PROTOCOL section 2.4). */
export type Role =
  | 'pool-admin'
  | 'pool-operator'
  | 'vm-power-admin'
  | 'vm-admin'
  | 'vm-operator'
  | 'read-only'

/**
 * A XenAPI type as the data model writes it: `string`, `int`, `float`, `bool`, `datetime`,
 * `secretstring`, `ref C`, `record C`, `enum E`, `set(T)`, `map(K,V)` or `option(T)`.
 */
export type ModelType = string

/** A default as JSON; a set is an array, a map is an object, a datetime is its wire text. */
export type ModelDefault =
  | string
  | number
  | boolean
  | readonly string[]
  | Readonly<Record<string, string>>

export interface ModelLifecycle {
  readonly state: 'prototyped' | 'published' | 'deprecated' | 'removed'
  /** Release in which each transition happened: a code name ("rio") or a xapi version. */
  readonly prototyped?: string
  readonly published?: string
  readonly changed?: string
  readonly extended?: string
  readonly deprecated?: string
  readonly removed?: string
}

export interface ModelField {
  /** Wire name, as in a record. */
  readonly name: string
  readonly type: ModelType
  readonly qualifier: 'RW' | 'StaticRO' | 'DynamicRO'
  /** Absent: the constructor needs the field. */
  readonly default?: ModelDefault
  /** Kept in the database but left out of records. */
  readonly internal_only?: boolean
  /** The setter does more than write the database. */
  readonly has_effect?: boolean
  /** null: nobody but the pool itself. */
  readonly set_min_role: Role | null
  /** Keys of a map field that other roles may write than the field; a key may end in `*`. */
  readonly map_keys_roles?: Readonly<Record<string, readonly Role[]>>
  readonly lifecycle: ModelLifecycle
}

export type MessageKind =
  | 'get_record'
  | 'get_by_uuid'
  | 'getter'
  | 'setter'
  | 'add'
  | 'remove'
  | 'custom'
  | 'create'
  | 'destroy'
  | 'get_all'
  | 'get_all_where'
  | 'get_all_records_where'
  | 'get_all_records'
  | 'get_by_name_label'

/** `[name, type]` or `[name, type, {default}]`; a parameter with a default may be left out. */
export type ModelParam =
  | readonly [name: string, type: ModelType]
  | readonly [name: string, type: ModelType, extra: { readonly default: ModelDefault }]

export interface ModelMessage {
  readonly name: string
  readonly kind: MessageKind
  /** The field that a getter, setter, add or remove message is about. */
  readonly field?: string
  /** false: the call takes no session; absent: a session is its first, unlisted parameter. */
  readonly session?: boolean
  /** `Async.<class>.<message>` exists. */
  readonly async?: boolean
  readonly hidden?: boolean
  readonly params: readonly ModelParam[]
  /** null: void, an empty string on the wire. */
  readonly result: ModelType | null
  /** Codes the message is documented to fail with; others are possible. */
  readonly errors?: readonly string[]
  readonly min_role: Role | null
  readonly lifecycle: ModelLifecycle
}

export interface ModelClass {
  readonly name: string
  readonly in_database: boolean
  /** Objects of the class appear in event.from. */
  readonly gen_events: boolean
  readonly persist: 'nothing' | 'everything'
  readonly async_messages: boolean
  readonly get_all: boolean
  readonly lifecycle: ModelLifecycle
  readonly fields: readonly ModelField[]
  readonly messages: readonly ModelMessage[]
}

export interface ModelHttpAction {
  readonly name: string
  readonly method: string
  readonly uri: string
  readonly args: readonly (readonly [type: string, name: string])[]
  readonly min_role: Role | null
}

export interface DataModel {
  /** Repository and commit the model was extracted from. */
  readonly source: string
  readonly api_version: readonly [major: string, minor: string]
  readonly schema_version: readonly [major: string, minor: string]
  readonly roles: readonly Role[]
  readonly enums: Readonly<Record<string, readonly string[]>>
  /** Two fields that mirror each other: `[class, field, class, field]`. */
  readonly relations: readonly (readonly [string, string, string, string])[]
  /** Error code to the names of its parameters. */
  readonly errors: Readonly<Record<string, readonly string[]>>
  /** Names of the messages ("alerts") xapi itself creates. */
  readonly alerts: readonly string[]
  readonly http_actions: readonly ModelHttpAction[]
  /** Calls that also work in emergency mode. */
  readonly emergency_calls: readonly string[]
  readonly classes: readonly ModelClass[]
}

// Read, not imported: inferring the literal type of 700 KB of JSON would cost every typecheck.
export const dataModel: DataModel = JSON.parse(
  readFileSync(new URL('./datamodel.json', import.meta.url), 'utf8'),
)
