/** `db-2` before `db-10`, case and accents as people expect. One collator: making one costs milliseconds. */
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

export function compareText(a: string, b: string): number {
  return collator.compare(a, b)
}

/** Nothing known comes last whichever way a column is sorted, so that a reader never scrolls past blanks. */
export function compareKnown<T>(
  a: T | null | undefined,
  b: T | null | undefined,
  descending: boolean,
  compare: (a: T, b: T) => number,
): number {
  if (a == null || a === '') return b == null || b === '' ? 0 : 1
  if (b == null || b === '') return -1
  return descending ? compare(b, a) : compare(a, b)
}

export function compareNumber(a: number, b: number): number {
  return a - b
}

/** By name, then by id so that equal names keep their places while data moves. */
export function byName(a: { name: string; id: string }, b: { name: string; id: string }): number {
  return compareText(a.name, b.name) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
