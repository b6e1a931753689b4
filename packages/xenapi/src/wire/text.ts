/** Entities, names and numbers of XML-RPC text. */
import { DecodeError } from '../errors.ts'

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
}
const OTHER_ENTITY = /&(?!(?:lt|gt|amp|quot|apos);)/
const ENTITY = /&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,8})|#x([0-9a-fA-F]{1,6}));/y

/** Characters that XML 1.0 allows (section 2.2). */
function isXmlCharacter(code: number): boolean {
  return (
    (code >= 0x20 && code <= 0xd7ff) ||
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  )
}

/** Text with its entities replaced, or null where one is malformed or not predefined. */
function replaceEntities(text: string): string | null {
  // The five that xapi writes: whole texts at a time, and the result is one flat string.
  if (!OTHER_ENTITY.test(text)) {
    return text
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&apos;/g, "'")
      .replace(/&amp;/g, '&')
  }
  let result = ''
  let from = 0
  for (;;) {
    const at = text.indexOf('&', from)
    if (at < 0) return result + text.slice(from)
    ENTITY.lastIndex = at
    const match = ENTITY.exec(text)
    if (!match) return null
    const [whole, named, decimal, hexadecimal] = match
    let character = named === undefined ? undefined : NAMED[named]
    if (character === undefined) {
      const code = decimal === undefined ? parseInt(hexadecimal ?? '', 16) : Number(decimal)
      if (!isXmlCharacter(code)) return null
      character = String.fromCodePoint(code)
    }
    result += text.slice(from, at) + character
    from = at + whole.length
  }
}

export function decodeText(text: string, offset: number): string {
  const decoded = replaceEntities(text)
  if (decoded !== null) return decoded
  throw new DecodeError('entity', offset, 'an entity is malformed or unknown')
}

/**
 * A struct member's name. xapi does not escape names (PROTOCOL section 1.3), other servers do:
 * a name that is well-formed XML is read as XML, any other as it stands.
 */
export function decodeName(raw: string): string {
  if (raw.startsWith('<![CDATA[') && raw.endsWith(']]>')) return raw.slice(9, -3)
  return raw.includes('<') ? raw : (replaceEntities(raw) ?? raw)
}

const INTEGER = /^[+-]?\d+$/
const FLOAT_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

export function parseInteger(text: string): number | undefined {
  const trimmed = text.trim()
  return INTEGER.test(trimmed) ? Number(trimmed) : undefined
}

/** OCaml's `%.16g`: also `nan`, `-nan`, `inf`, `-inf`. */
export function parseFloating(text: string): number | undefined {
  const trimmed = text.trim()
  if (FLOAT_TEXT.test(trimmed)) return Number(trimmed)
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(trimmed)
  if (!special) return undefined
  if (special[2]?.toLowerCase() === 'nan') return Number.NaN
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

export function parseBoolean(text: string): boolean | undefined {
  const trimmed = text.trim()
  if (trimmed === '1' || trimmed === 'true') return true
  return trimmed === '0' || trimmed === 'false' ? false : undefined
}
