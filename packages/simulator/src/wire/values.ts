/** What a request holds before its types are known: xapi's `Rpc.t`. */
import { XapiError, failure } from '../rpc/errors.ts'

/** An integer as it was written; 64 bits do not fit a number. */
export class WireInt {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export class WireDateTime {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** number: a float. */
export type WireValue =
  | string
  | number
  | boolean
  | null
  | WireInt
  | WireDateTime
  | WireValue[]
  | WireStruct
export type WireStruct = Map<string, WireValue>

export interface WireCall {
  readonly method: string
  readonly params: readonly WireValue[]
}

/** A request that cannot be read: HTTP 500 with the text, as xapi prints its exception. */
export class MalformedRequest extends Error {
  constructor(text: string) {
    super(text)
    this.name = 'MalformedRequest'
  }
}

/** `Rpc.to_string`: the form values have in type errors, `I(42)`, `S(x)`, `[S(a)]`. */
export function dump(value: WireValue): string {
  if (value === null) return 'N'
  if (value instanceof WireInt) return `I(${value.text})`
  if (value instanceof WireDateTime) return `D(${value.text})`
  if (Array.isArray(value)) return `[${value.map(dump).join(';')}]`
  if (value instanceof Map)
    return `{${[...value].map(([key, item]) => `${key}:${dump(item)}`).join(';')}}`
  if (typeof value === 'number') return `F(${value})`
  if (typeof value === 'boolean') return `B(${value})`
  return `S(${value})`
}

export function expected(type: string, value: WireValue): XapiError {
  return failure(`Expected ${type}, got '${dump(value)}'`)
}
