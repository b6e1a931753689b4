/** Database values: equality and the value a field has when nothing was given. */
import type { Field } from '../model/model.ts'
import type { Type } from '../model/types.ts'
import { NEVER } from '../clock.ts'

/**
 * A field's value by its XenAPI type: refs, uuids, enums and datetimes are strings, ints and
 * floats numbers (an int beyond 2^53 is its decimal string), sets arrays, maps and records objects.
 */
export type Value = string | number | boolean | Value[] | { [key: string]: Value }

export const NULL_REF = 'OpaqueRef:NULL'

export function isNull(ref: Value | undefined): boolean {
  return ref === undefined || ref === '' || ref === NULL_REF
}

/** Sets compare in order, maps by key, as xapi compares the marshalled values. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object') return Number.isNaN(a) && Number.isNaN(b)
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    return a.every((item, i) => equal(item, b[i]))
  }
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]))
}

const EMPTY_SET: Value[] = []
const EMPTY_MAP: { [key: string]: Value } = {}
Object.freeze(EMPTY_SET)
Object.freeze(EMPTY_MAP)

export function zero(type: Type, enums: Readonly<Record<string, readonly string[]>>): Value {
  switch (type.kind) {
    case 'int':
    case 'float':
      return 0
    case 'bool':
      return false
    case 'datetime':
      return NEVER
    case 'ref':
      return NULL_REF
    case 'enum':
      return enums[type.name]?.[0] ?? ''
    case 'set':
      return EMPTY_SET
    case 'map':
    case 'record':
      return EMPTY_MAP
    default:
      return ''
  }
}

/** The model's default, else the type's zero. Shared between rows, hence frozen. */
export function initial(field: Field, enums: Readonly<Record<string, readonly string[]>>): Value {
  const given = field.default
  if (given === undefined) return zero(field.parsed, enums)
  // The data model writes some of them as text, like `"-1"`.
  if (field.parsed.kind === 'int' && Number.isSafeInteger(Number(given))) return Number(given)
  if (typeof given !== 'object') return given
  return Object.freeze(structuredClone(given)) as Value
}
