import type { Kind } from '@xendeck/contract'
import type { Row } from './table.ts'

/** A feed message of rows in their present state, put together from the JSON that each row already has. */
export function changeFrame(revision: string, rows: Iterable<Row>): Buffer {
  const puts = new Map<Kind, string[]>()
  const removes = new Map<Kind, string[]>()
  for (const row of rows) {
    if (row.removed) append(removes, row.kind, JSON.stringify(row.id))
    else append(puts, row.kind, row.json)
  }
  const parts = [`"revision":${JSON.stringify(revision)}`]
  if (puts.size > 0) parts.push(`"put":${byKind(puts)}`)
  if (removes.size > 0) parts.push(`"remove":${byKind(removes)}`)
  return Buffer.from(`{${parts.join(',')}}`)
}

function append(lists: Map<Kind, string[]>, kind: Kind, json: string): void {
  const list = lists.get(kind)
  if (list) list.push(json)
  else lists.set(kind, [json])
}

function byKind(lists: Map<Kind, string[]>): string {
  return `{${[...lists].map(([kind, list]) => `"${kind}":[${list.join(',')}]`).join(',')}}`
}
