/** What was typed into a quick filter, ready to be matched: lower case, cut at white space. */
export type FilterTerms = readonly string[]

export function filterTerms(text: string): FilterTerms {
  return text.toLowerCase().split(/\s+/u).filter(Boolean)
}

/**
 * Whether every term is found in some field. Terms narrow ("web running"), fields widen (name, address, tag …).
 * Null and undefined fields match nothing.
 */
export function matches(
  terms: FilterTerms,
  fields: readonly (string | null | undefined)[],
): boolean {
  if (terms.length === 0) return true
  const haystacks = fields.filter((field) => field != null).map((field) => field.toLowerCase())
  return terms.every((term) => haystacks.some((haystack) => haystack.includes(term)))
}
