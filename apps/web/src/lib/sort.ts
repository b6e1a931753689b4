/** `db-2` before `db-10`, case and accents as people expect. One collator: making one costs milliseconds. */
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** Texts whose order is known → their place; texts that the collator takes for equal have the same one. */
let places = new Map<string, number>()
/** Above this, what is known is mostly about texts that are gone. */
const mostPlaces = 100_000

export function compareText(a: string, b: string): number {
  const placeOfA = places.get(a)
  const placeOfB = places.get(b)
  if (placeOfA !== undefined && placeOfB !== undefined) return placeOfA - placeOfB
  return collator.compare(a, b)
}

/**
 * Makes compareText fast for these texts. A collator needs about a microsecond a comparison, which is 60 ms for a live
 * list of 5,000 names, ten times a second; names seldom change, so their order is found out once.
 */
export function learnOrder(texts: Iterable<string>): void {
  const unique = new Set(texts)
  if ([...unique].every((text) => places.has(text))) return
  const all = places.size > mostPlaces ? [...unique] : [...new Set([...places.keys(), ...unique])]
  const sorted = all.toSorted(collator.compare)
  const learnt = new Map<string, number>()
  let place = 0
  sorted.forEach((text, index) => {
    const before = sorted[index - 1]
    if (before !== undefined && collator.compare(before, text) !== 0) place = index
    learnt.set(text, place)
  })
  places = learnt
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
