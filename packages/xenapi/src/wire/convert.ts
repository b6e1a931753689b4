/** From a scalar's tag, text and schema type to its value. */
import {
  ANY,
  BOOL,
  FLOAT,
  INT,
  MAP,
  RECORD,
  SET,
  STRING,
  VOID,
  createMap,
  emptyValue,
} from './schema.ts'
import type { WireMap, WireType } from './schema.ts'
import { parseBoolean, parseFloating, parseInteger } from './text.ts'

/** Returned instead of a value that does not fit its type. */
export const MISMATCH = Symbol('mismatch')

/** Tags of scalars; an untyped value counts as `string`. */
export const SCALAR_TAGS = new Set([
  'string',
  'int',
  'i4',
  'i8',
  'boolean',
  'double',
  'dateTime.iso8601',
  'base64',
  'nil',
])

function untyped(tag: string, text: string): unknown {
  switch (tag) {
    case 'int':
    case 'i4':
    case 'i8':
      return parseInteger(text) ?? MISMATCH
    case 'boolean':
      return parseBoolean(text) ?? MISMATCH
    case 'double':
      return parseFloating(text) ?? MISMATCH
    case 'base64':
      return Buffer.from(text, 'base64')
    case 'nil':
      return null
    default:
      return text
  }
}

export function convertScalar(tag: string, text: string, type: WireType): unknown {
  if (type.kind === ANY) return untyped(tag, text)
  if (type.kind === VOID) return undefined
  if (tag === 'nil') return type.optional ? undefined : emptyValue(type)
  switch (type.kind) {
    case STRING:
      return tag === 'base64' ? Buffer.from(text, 'base64').toString('utf8') : text
    case INT: {
      if (tag === 'boolean') return MISMATCH
      if (tag === 'double') return parseFloating(text) ?? MISMATCH
      return parseInteger(text) ?? MISMATCH
    }
    case FLOAT:
      return tag === 'boolean' ? MISMATCH : (parseFloating(text) ?? MISMATCH)
    case BOOL:
      return parseBoolean(text) ?? MISMATCH
    default:
      return MISMATCH
  }
}

/** Gives a value that was decoded without a schema its types: the slow path of `snapshot`. */
export function coerce(value: unknown, type: WireType): unknown {
  switch (type.kind) {
    case ANY:
      return value
    case VOID:
      return undefined
    case SET:
      if (!Array.isArray(value)) return MISMATCH
      return orMismatch(value.map((element) => coerce(element, type.element ?? type)))
    case MAP: {
      if (!isStruct(value)) return MISMATCH
      const map = createMap()
      for (const [key, element] of Object.entries(value)) {
        const coerced = coerce(element, type.element ?? type)
        if (coerced === MISMATCH) return MISMATCH
        map[key] = coerced
      }
      return map
    }
    case RECORD: {
      if (!isStruct(value) || !type.shape) return MISMATCH
      const record = type.shape.create()
      for (const [key, element] of Object.entries(value)) {
        const field = type.shape.fields.get(key)
        const coerced = field ? coerce(element, field.type) : element
        if (coerced === MISMATCH) return MISMATCH
        setMember(record, key, coerced)
      }
      return record
    }
    default:
      if (typeof value === 'object' && value !== null) return MISMATCH
      return value === null
        ? emptyValue(type)
        : convertScalar(typeof value === 'boolean' ? 'boolean' : 'string', String(value), type)
  }
}

function orMismatch(values: unknown[]): unknown {
  return values.includes(MISMATCH) ? MISMATCH : values
}

function isStruct(value: unknown): value is WireMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Assigns a member whose name came from the network. */
export function setMember(target: WireMap, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  } else {
    target[name] = value
  }
}
