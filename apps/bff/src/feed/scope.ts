import { isPermitted, kinds, type Kind, type Subject } from '@xendeck/contract'
import type { Row } from './table.ts'

/** Which resources a reader may see, and wants. Readers with the same key are sent the same bytes. */
export interface Scope {
  readonly key: string
  readonly kinds: readonly Kind[]
  sees(row: Pick<Row, 'kind' | 'poolId'>): boolean
}

/** `wanted`: null for every kind. */
export function scopeOf(subject: Subject, wanted: readonly Kind[] | null): Scope {
  const chosen = wanted === null ? kinds : kinds.filter((kind) => wanted.includes(kind))
  const set: ReadonlySet<Kind> = new Set(chosen)
  const pools = subject.pools === 'all' ? 'all' : [...subject.pools].toSorted().join(',')
  const reads = isPermitted(subject, 'inventory.read')
  return {
    key: `${reads ? pools : 'nothing'}|${chosen.join(',')}`,
    kinds: chosen,
    sees: (row) => set.has(row.kind) && maySee(subject, row.poolId),
  }
}

/** What belongs to no pool yet (a connection that was never made) is for those who may see all of them. */
export function maySee(subject: Subject, poolId: string | null): boolean {
  if (poolId === null && subject.pools !== 'all') return false
  return isPermitted(subject, 'inventory.read', poolId)
}

/** `?kinds=vm,host`; null for all. undefined: names something that is no kind. */
export function parseKinds(text: string | null | undefined): Kind[] | null | undefined {
  if (text === null || text === undefined || text === '') return null
  const asked = text.split(',')
  const known = kinds.filter((kind) => asked.includes(kind))
  return known.length === new Set(asked).size ? known : undefined
}
