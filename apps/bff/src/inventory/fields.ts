import { parseDate } from '@xendeck/xenapi'
import type { View } from './view.ts'

/** ISO 8601 in UTC; null for XenAPI's epoch, which means "never", and for what is no date. */
export function instant(wire: string | undefined): string | null {
  return wire === undefined ? null : (parseDate(wire)?.toISOString() ?? null)
}

/** Bytes; null where the pool does not know: −1, or a field that an old pool lacks. */
export function bytes(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) || value < 0 ? null : value
}

/** A number written in a XenAPI map; null where it is missing or no number. */
export function numberIn(
  map: Readonly<Record<string, string>> | undefined,
  key: string,
): number | null {
  const text = map?.[key]
  if (text === undefined || text.trim() === '') return null
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}

export interface OperableRecord {
  readonly allowed_operations?: readonly string[]
  readonly current_operations?: Readonly<Record<string, string>>
}

/**
 * allowed_operations and current_operations as the contract has them. xapi gives the first as a set, in no order:
 * sorted, so that the same set is the same text.
 */
export function operable(view: View, record: OperableRecord) {
  const current = Object.entries(record.current_operations ?? {}).map(([task, operation]) => ({
    operation,
    taskId: view.id('task', task),
  }))
  return {
    allowed: [...(record.allowed_operations ?? [])].toSorted(),
    current: current.toSorted((a, b) => compare(a.operation, b.operation)),
  }
}

/** By code unit: the same everywhere, and many times as fast as localeCompare. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Positions on a bus are decimal text, save for old names like `xvda`, which come after the numbers. */
export function comparePositions(a: string, b: string): number {
  const left = Number(a)
  const right = Number(b)
  if (Number.isNaN(left) || Number.isNaN(right)) {
    return Number.isNaN(left) === Number.isNaN(right) ? compare(a, b) : Number.isNaN(left) ? 1 : -1
  }
  return left - right
}

export function sorted(set: readonly string[] | undefined): string[] {
  return [...(set ?? [])].toSorted()
}
