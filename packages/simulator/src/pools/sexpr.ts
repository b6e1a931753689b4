/**
 * How xapi writes values into a database file (PROTOCOL section 12): white space coded as `%.`,
 * sets and maps as s-expressions.
 */
import type { Value } from '../db/database.ts'
import type { Type } from '../model/types.ts'

const SPACES: Readonly<Record<string, string>> = {
  '.': ' ',
  _: '  ',
  n: '\n',
  t: '\t',
  r: '\r',
  '%': '%',
}

/** Undoes `xml_spaces.ml`; a `%` that starts no code stands for itself. */
export function decodeSpaces(text: string): string {
  return text.includes('%')
    ? text.replace(/%([._ntr%])/g, (_, code: string) => SPACES[code] ?? '')
    : text
}

/** The coding of the newest xapi: every single space is coded, two as one code. */
export function encodeSpaces(text: string): string {
  return text.replace(/ {2}|[ \n\t\r%]/g, (found) => {
    if (found === '  ') return '%_'
    const code = Object.entries(SPACES).find(([, space]) => space === found)
    return `%${code?.[0] ?? ''}`
  })
}

export type Expression = string | readonly Expression[]

/** Lists nest no deeper than this in any database. */
const MAX_DEPTH = 100

/** @throws Error when the text is no s-expression */
export function parseExpression(text: string): Expression {
  let position = 0
  const skip = (): void => {
    while (position < text.length && /\s/.test(text[position] ?? '')) position++
  }
  const quoted = (): string => {
    let found = ''
    let start = ++position
    for (; position < text.length; position++) {
      const character = text[position]
      if (character === "'") {
        found += text.slice(start, position)
        position++
        return found
      }
      if (character === '\\') {
        found += text.slice(start, position)
        start = ++position
      }
    }
    throw new Error('a string does not end')
  }
  const list = (depth: number): Expression[] => {
    if (depth > MAX_DEPTH) throw new Error('lists are nested too deep')
    position++
    const items: Expression[] = []
    for (;;) {
      skip()
      const character = text[position]
      if (character === undefined) throw new Error('a list does not end')
      if (character === ')') {
        position++
        return items
      }
      items.push(character === '(' ? list(depth + 1) : atom(character))
    }
  }
  const atom = (character: string): string => {
    if (character === "'") return quoted()
    const start = position
    while (position < text.length && !/[\s()']/.test(text[position] ?? '')) position++
    return text.slice(start, position)
  }
  skip()
  if (text[position] !== '(') throw new Error('no list')
  return list(0)
}

/**
 * A field's text in a database file as a value of its type; undefined where it cannot be one, so
 * that the model's default is taken, as xapi does with what an old release wrote.
 */
export function readValue(
  text: string,
  type: Type,
  enums: Readonly<Record<string, readonly string[]>>,
): Value | undefined {
  switch (type.kind) {
    case 'int': {
      if (!/^-?\d+$/.test(text)) return undefined
      const number = Number(text)
      return Number.isSafeInteger(number) ? number : text
    }
    case 'float':
      return readFloat(text)
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : undefined
    case 'datetime':
      return readDate(text)
    case 'enum':
      return readEnum(text, enums[type.name] ?? [])
    case 'set':
    case 'map':
      return readCollection(text, type, enums)
    case 'ref':
      return text === '' ? undefined : text
    default:
      return text
  }
}

function readFloat(text: string): number | undefined {
  if (/^-?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^-?nan$/i.test(text)) return Number.NaN
  const number = Number.parseFloat(text)
  return Number.isNaN(number) ? undefined : number
}

/** A datetime in xapi's form; some releases wrote hyphens, some seconds since 1970. */
function readDate(text: string): string | undefined {
  const match = /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z?$/.exec(text)
  if (match !== null) return `${match[1]}${match[2]}${match[3]}T${match[4]}Z`
  if (!/^\d{1,11}(\.\d*)?$/.test(text)) return undefined
  const iso = new Date(Number(text) * 1000).toISOString()
  return `${iso.replaceAll('-', '').slice(0, 17)}Z`
}

/** Old releases spelled some values otherwise, `halted` for `Halted`. */
function readEnum(text: string, values: readonly string[]): string | undefined {
  if (values.includes(text)) return text
  const plain = text.toLowerCase().replaceAll(/[-_ ]/g, '')
  return values.find((value) => value.toLowerCase().replaceAll(/[-_ ]/g, '') === plain)
}

function readCollection(
  text: string,
  type: Extract<Type, { kind: 'set' | 'map' | 'option' }>,
  enums: Readonly<Record<string, readonly string[]>>,
): Value | undefined {
  if (text === '') return undefined
  let expression: Expression
  try {
    expression = parseExpression(text)
  } catch {
    return undefined
  }
  if (typeof expression === 'string') return undefined
  return fromExpression(expression, type, enums)
}

function fromExpression(
  expression: Expression,
  type: Type,
  enums: Readonly<Record<string, readonly string[]>>,
): Value | undefined {
  if (typeof expression === 'string') return readValue(expression, type, enums)
  if (type.kind === 'map') {
    const entries: [string, Value][] = []
    for (const pair of expression) {
      if (typeof pair === 'string' || pair.length !== 2) continue
      const [key = '', item = ''] = pair
      if (typeof key !== 'string') continue
      const value = fromExpression(item, type.value, enums)
      if (value !== undefined) entries.push([key, value])
    }
    // Not assignment: a key may be "__proto__".
    return Object.fromEntries(entries)
  }
  if (type.kind !== 'set') return undefined
  return expression
    .map((item) => fromExpression(item, type.of, enums))
    .filter((item) => item !== undefined)
}

/** A value as it stands in a database file, before white space is coded. */
export function writeValue(value: Value): string {
  if (typeof value === 'object') return writeExpression(value)
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  return String(value)
}

function writeExpression(value: Value): string {
  if (Array.isArray(value)) return `(${value.map((item) => writeExpression(item)).join(' ')})`
  if (typeof value === 'object') {
    const pairs = Object.entries(value).map(
      ([key, item]) => `(${quote(key)} ${writeExpression(item)})`,
    )
    return `(${pairs.join(' ')})`
  }
  return quote(writeValue(value))
}

function quote(text: string): string {
  return `'${text.replace(/[\\'"]/g, (character) => `\\${character}`)}'`
}
