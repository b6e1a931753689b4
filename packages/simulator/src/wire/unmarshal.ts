/** From wire values to typed ones, with xapi's complaints (PROTOCOL 1.5, FACTS "Input"). */
import type { Value } from '../db/values.ts'
import { fromIso, toIso } from '../clock.ts'
import { model } from '../model/model.ts'
import type { Type } from '../model/types.ts'
import { XapiError, failure } from '../rpc/errors.ts'
import type { WireValue } from './values.ts'
import { WireDateTime, WireInt, expected } from './values.ts'

const MAX_INT = 2n ** 63n - 1n

/** @throws XapiError INTERNAL_ERROR */
export function unmarshal(type: Type, value: WireValue): Value {
  switch (type.kind) {
    case 'string':
    case 'ref':
      if (typeof value !== 'string') throw expected('string', value)
      return value
    case 'enum':
      if (typeof value !== 'string' || !model.data.enums[type.name]?.includes(value)) {
        throw failure('Unknown tag/contents')
      }
      return value
    case 'int':
      return integer(value)
    case 'float':
      return float(value)
    case 'bool':
      if (typeof value !== 'boolean') throw expected('bool', value)
      return value
    case 'datetime':
      return datetime(value)
    case 'set':
      if (!Array.isArray(value)) throw expected('enum', value)
      return value.map((item) => unmarshal(type.of, item))
    case 'map':
      if (!(value instanceof Map)) throw expected('dict', value)
      return Object.fromEntries([...value].map(([key, item]) => [key, unmarshal(type.value, item)]))
    case 'option':
      return unmarshal(type.of, value)
    case 'record':
      return record(type.name, value)
  }
}

// Int64.of_string: decimal, or hexadecimal, octal and binary with a prefix; underscores.
function integer(value: WireValue): number | string {
  if (!(value instanceof WireInt) && typeof value !== 'string') throw expected('int64', value)
  const text = value instanceof WireInt ? value.text : value
  const parts = /^([+-]?)(0[xXoObB][0-9a-fA-F_]+|\d[\d_]*)$/.exec(text)
  if (!parts) throw failure('Int64.of_string')
  try {
    const magnitude = BigInt(parts[2]!.replaceAll('_', '').toLowerCase())
    const number = parts[1] === '-' ? -magnitude : magnitude
    if (number > MAX_INT || number < -MAX_INT - 1n) throw failure('Int64.of_string')
    const small = Number(number)
    return Number.isSafeInteger(small) ? small : String(number)
  } catch {
    throw failure('Int64.of_string')
  }
}

function float(value: WireValue): number {
  if (typeof value === 'number') return value
  if (value instanceof WireInt) return Number(value.text)
  if (typeof value !== 'string') throw expected('float', value)
  const special = { nan: Number.NaN, inf: Infinity, '-inf': -Infinity, infinity: Infinity }[
    value.toLowerCase()
  ]
  if (special !== undefined) return special
  const number = Number(value)
  if (value.trim() === '' || Number.isNaN(number)) throw failure('float_of_string')
  return number
}

function datetime(value: WireValue): string {
  const text = value instanceof WireDateTime ? value.text : value
  if (typeof text !== 'string') throw expected('datetime', value)
  const time = fromIso(text)
  if (Number.isNaN(time)) {
    throw new XapiError('INTERNAL_ERROR', `Invalid argument: Clock__Date.of_iso8601: ${text}`)
  }
  return toIso(time)
}

/** A constructor's argument: what is absent takes its default, what is unknown is ignored. */
function record(name: string, value: WireValue): Value {
  if (!(value instanceof Map)) throw failure('bad __structure')
  const fields = model.classes.get(name)?.visible ?? []
  const found: { [field: string]: Value } = {}
  for (const field of fields) {
    if (field.qualifier === 'DynamicRO') continue
    const given = value.get(field.name)
    if (given !== undefined) found[field.name] = unmarshal(field.parsed, given)
    else if (field.default === undefined) {
      throw new XapiError(
        'INTERNAL_ERROR',
        `Server_helpers.Dispatcher_FieldNotFound("${field.name}")`,
      )
    }
  }
  return found
}
