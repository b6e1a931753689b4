/**
 * Typed reads of database rows. A row's fields are wire values whose type the data model fixes; a
 * wrong type here is a bug of the simulator, so it throws rather than converts.
 */
import type { Row, Value } from '../db/database.ts'
import { isNull } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'

/** A failure before it is raised: code and parameters as they stand in ErrorDescription. */
export type Failure = readonly [code: string, ...params: string[]]

export function text(row: Row, field: string): string {
  const value = row[field]
  if (typeof value !== 'string') throw new TypeError(`${field} is not a string`)
  return value
}

export function int(row: Row, field: string): number {
  const value = row[field]
  // An int beyond 2^53 is kept as its decimal text.
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value)
  if (typeof value !== 'number') throw new TypeError(`${field} is not a number`)
  return value
}

export function flag(row: Row, field: string): boolean {
  return row[field] === true
}

/** A set of strings or references. */
export function list(row: Row, field: string): string[] {
  const value = row[field]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** A map whose values are strings, such as other_config or current_operations. */
export function map(row: Row, field: string): Record<string, string> {
  return stringMap(row[field])
}

export function stringMap(value: Value | undefined): Record<string, string> {
  const result: Record<string, string> = {}
  if (typeof value !== 'object' || Array.isArray(value)) return result
  for (const [key, item] of Object.entries(value)) result[key] = String(item)
  return result
}

/** A reference, or undefined where the field says "no object". */
export function refOrNone(row: Row, field: string): string | undefined {
  const value = row[field]
  return typeof value === 'string' && !isNull(value) ? value : undefined
}

/** @throws XapiError the failure, if there is one */
export function raise(failure: Failure | undefined): void {
  if (failure) throw new XapiError(...failure)
}
