/** Expressions of get_all_records_where (database/db_filter_parse.mly). */
import type { Row, Value } from '../db/database.ts'
import { XapiError } from './errors.ts'

type Predicate = (row: Row) => boolean
type Operand = (row: Row) => string

const TOKEN =
  /\s*(?:(field|and|or|not|true|false)\b|([()=])|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/y
/** Deeper expressions are refused: no client writes them. */
const MAX_DEPTH = 100

/** Values compare as database strings: bools `true`, sets and maps as s-expressions. */
function text(value: Value | undefined): string {
  if (Array.isArray(value)) return `(${value.map((item) => `'${text(item)}'`).join(' ')})`
  if (typeof value === 'object') {
    return `(${Object.entries(value)
      .map(([key, item]) => `('${key}' '${text(item)}')`)
      .join(' ')})`
  }
  return value === undefined ? '' : String(value)
}

/**
 * @param fields wire names; `name__label` is taken for `name_label`
 * @throws XapiError INVALID_VALUE[expression, exception]
 */
export function parseFilter(expression: string, fields: ReadonlyMap<string, unknown>): Predicate {
  const bad = (why: string) => new XapiError('INVALID_VALUE', expression, why)
  let position = 0
  let depth = 0
  let token = next()

  function next(): string {
    TOKEN.lastIndex = position
    const match = TOKEN.exec(expression)
    if (!match) {
      if (expression.slice(position).trim() === '') return ''
      throw bad('Failure("lexing: empty token")')
    }
    position = TOKEN.lastIndex
    const literal = match[3] ?? match[4]
    return match[1] ?? match[2] ?? `"${(literal ?? '').replace(/\\(.)/g, '$1')}`
  }

  function take(wanted?: string): string {
    const taken = token
    if (taken === '' || (wanted !== undefined && taken !== wanted))
      throw bad('Stdlib.Parsing.Parse_error')
    token = next()
    return taken
  }

  function operand(): Operand {
    const word = take()
    if (word.startsWith('"')) return () => word.slice(1)
    if (word !== 'field') throw bad('Stdlib.Parsing.Parse_error')
    const quoted = take()
    if (!quoted.startsWith('"')) throw bad('Stdlib.Parsing.Parse_error')
    const name = fields.has(quoted.slice(1))
      ? quoted.slice(1)
      : quoted.slice(1).replaceAll('__', '_')
    if (!fields.has(name)) throw bad('Not_found')
    return (row) => text(row[name])
  }

  function primary(): Predicate {
    if (++depth > MAX_DEPTH) throw bad('Stack_overflow')
    if (token === 'not') {
      take()
      const inner = primary()
      return (row) => !inner(row)
    }
    if (token === 'true' || token === 'false') {
      const constant = take() === 'true'
      return () => constant
    }
    if (token === '(') {
      take()
      const inner = either()
      take(')')
      return inner
    }
    const left = operand()
    take('=')
    const right = operand()
    return (row) => left(row) === right(row)
  }

  function both(): Predicate {
    let left = primary()
    while (token === 'and') {
      take()
      const first = left
      const right = primary()
      left = (row) => first(row) && right(row)
    }
    return left
  }

  function either(): Predicate {
    let left = both()
    while (token === 'or') {
      take()
      const first = left
      const right = both()
      left = (row) => first(row) || right(row)
    }
    return left
  }

  const predicate = either()
  if (token !== '') throw bad('Stdlib.Parsing.Parse_error')
  return predicate
}
