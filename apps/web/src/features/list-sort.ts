import type { Sort } from '@xendeck/ui'
import { byName, compareKnown, compareNumber, compareText } from '../lib/sort.ts'

type Value = string | number | null | undefined

/** What a column sorts by. */
export type SortValues<Row> = Record<string, (row: Row) => Value>

/** `name`, `-size` in a URL → the sort of a table. Unknown columns sort by name. */
export function sortOf(text: string | undefined, columns: Record<string, unknown>): Sort {
  const descending = text?.startsWith('-') ?? false
  const column = descending ? (text?.slice(1) ?? '') : (text ?? '')
  if (!(column in columns)) return { column: 'name', direction: 'ascending' }
  return { column, direction: descending ? 'descending' : 'ascending' }
}

/** Into the URL; the default is left out. */
export function sortText({ column, direction }: Sort): string | undefined {
  if (column === 'name' && direction === 'ascending') return undefined
  return direction === 'descending' ? `-${column}` : column
}

/** By a column, then by name; what is not known comes last. */
export function sortRows<Row extends { id: string; name: string }>(
  rows: readonly Row[],
  sort: Sort,
  values: SortValues<Row>,
): Row[] {
  const valueOf = values[sort.column]
  const descending = sort.direction === 'descending'
  if (!valueOf) return rows.toSorted(byName)
  return rows.toSorted(
    (a, b) => compareKnown(valueOf(a), valueOf(b), descending, compareValues) || byName(a, b),
  )
}

function compareValues(a: NonNullable<Value>, b: NonNullable<Value>): number {
  return typeof a === 'number' && typeof b === 'number'
    ? compareNumber(a, b)
    : compareText(String(a), String(b))
}
