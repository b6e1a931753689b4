/**
 * Responses in a form to compare: what differs from pool to pool (refs, uuids, times, tokens) by its
 * kind only, and sets and maps, whose order is arbitrary, in one order.
 */
import { SaxesParser } from 'saxes'
import { shape, split } from './recordings.ts'

export type Tree = string | number | boolean | null | Tree[] | { [name: string]: Tree }

export interface Parsed {
  readonly head: string
  /** undefined: neither XML-RPC nor JSON. */
  readonly tree: Tree | undefined
  readonly text: string
}

export function parse(message: Buffer | string): Parsed {
  const [head, body] = split(Buffer.from(message))
  const text = body.toString()
  if (/content-type: text\/xml/i.test(head) && text.includes('<methodResponse>'))
    return { head, tree: readXml(text), text }
  if (/content-type: application\/json/i.test(head)) return { head, tree: readJson(text), text }
  return { head, tree: undefined, text }
}

function readJson(text: string): Tree | undefined {
  try {
    return JSON.parse(text.replaceAll(/\bNaN\b|-?\bInfinity\b/g, '"$&"')) as Tree
  } catch {
    return undefined
  }
}

interface Open {
  readonly name: string
  text: string
  items: Tree[]
  members: [string, Tree][]
}

/** The value of a methodResponse; undefined for XML that is none (names are not escaped by xapi). */
function readXml(text: string): Tree | undefined {
  const open: Open[] = [{ name: '', text: '', items: [], members: [] }]
  const parser = new SaxesParser()
  parser.on('opentag', ({ name }) => open.push({ name, text: '', items: [], members: [] }))
  parser.on('text', (piece) => (open.at(-1)!.text += piece))
  parser.on('closetag', () => {
    const { name, text: content, items, members } = open.pop()!
    const parent = open.at(-1)!
    if (name === 'name') parent.text = content
    else if (name === 'struct') parent.items.push(Object.fromEntries(members))
    else if (name === 'data') parent.items.push(items)
    else if (name === 'array') parent.items.push(items[0] ?? [])
    else if (name === 'member') parent.members.push([content, items[0] ?? ''])
    else if (name === 'value') parent.items.push(items[0] ?? content)
    else if (['boolean', 'double', 'i4', 'dateTime.iso8601'].includes(name))
      parent.items.push(`${name} ${content}`)
    else parent.items.push(...items)
  })
  try {
    parser.write(text).close()
  } catch {
    return undefined
  }
  return open[0]?.items[0]
}

const REF = /^OpaqueRef:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function ordered(tree: Tree): Tree {
  if (typeof tree === 'string') return shape(tree)
  if (typeof tree !== 'object' || tree === null) return tree
  if (Array.isArray(tree))
    return tree
      .map((item) => ordered(item))
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  const entries = Object.entries(tree)
  // A map of refs is as a set of its records.
  if (entries.some(([name]) => REF.test(name))) return ordered(entries.map(([, value]) => value))
  return Object.fromEntries(
    entries
      .map(([name, value]): [string, Tree] => [shape(name), ordered(value)])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** Equal for responses that tell the same. */
export function canonical(message: Buffer | string): string {
  const { head, tree, text } = parse(message)
  return `${shape(head)}\n\n${tree === undefined ? shape(text) : JSON.stringify(ordered(tree), undefined, 1)}`
}

const ID = /^(OpaqueRef:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Tells of refs and uuids at the same places of two trees, where their order is certain. */
export function pairIds(theirs: Tree, ours: Tree, learn: (a: string, b: string) => void): void {
  if (typeof theirs === 'string' && typeof ours === 'string') {
    const [a, b] = [unwrapped(theirs), unwrapped(ours)]
    if (ID.test(a) && ID.test(b)) learn(a, b)
  } else if (Array.isArray(theirs) && Array.isArray(ours)) {
    if (theirs.length === 1 && ours.length === 1) pairIds(theirs[0]!, ours[0]!, learn)
  } else if (
    typeof theirs === 'object' &&
    typeof ours === 'object' &&
    theirs !== null &&
    ours !== null
  ) {
    for (const [name, value] of Object.entries(theirs)) {
      const other = (ours as Record<string, Tree>)[name]
      if (other !== undefined) pairIds(value, other, learn)
    }
  }
}

/** A task's result is a value inside text. */
function unwrapped(text: string): string {
  return /^<value>(.*)<\/value>$/.exec(text)?.[1] ?? text
}
