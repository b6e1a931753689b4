/**
 * For routes whose address carries a few words: keeps these keys where they are strings and drops everything else.
 * The router writes numbers and booleans unquoted, so those count as strings too.
 */
export function stringSearch<K extends string>(...keys: K[]) {
  return (search: Record<string, unknown>): { [P in K]?: string } => {
    const kept: { [P in K]?: string } = {}
    for (const key of keys) {
      const value = search[key]
      if (typeof value === 'string' && value !== '') kept[key] = value
      else if (typeof value === 'number' || typeof value === 'boolean') kept[key] = String(value)
    }
    return kept
  }
}
