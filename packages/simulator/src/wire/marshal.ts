/** From typed values to the exact text xapi sends (PROTOCOL 1.3, 1.4). */
import type { Entry } from '../db/database.ts'
import type { Value } from '../db/values.ts'
import { model } from '../model/model.ts'
import type { Type } from '../model/types.ts'

/** A reply's value that is already text, in pieces: records and events are big and cached. */
export class Rendered {
  readonly xml: () => Buffer[]
  readonly json: () => Buffer[]
  /** Rows whose text is worth making beforehand, in turns. */
  readonly entries: (() => Entry[]) | undefined

  constructor(asXml: () => Buffer[], asJson: () => Buffer[], entries?: () => Entry[]) {
    this.xml = asXml
    this.json = asJson
    this.entries = entries
  }
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
// eslint-disable-next-line no-control-regex -- xapi drops them from text
const SPECIAL = /[&<>"\u0000-\u0008\u000b\u000c\u000e-\u001f]/
// eslint-disable-next-line no-control-regex -- the same, all of them
const SPECIALS = /[&<>"\u0000-\u0008\u000b\u000c\u000e-\u001f]/g

/** Entities for `& < > "`; control characters but TAB, LF and CR are dropped. */
export function escape(text: string): string {
  return SPECIAL.test(text) ? text.replace(SPECIALS, (char) => ENTITIES[char] ?? '') : text
}

/** C's `%.16g`. */
export function general(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa = '', exponent = '0'] = value.toExponential(15).split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 16) return trim(value.toFixed(Math.max(0, 15 - power)))
  return `${trim(mantissa)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

function trim(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
}

/** The content of `<value>`. */
export function xmlContent(type: Type, value: Value): string {
  switch (type.kind) {
    case 'int':
      return String(value)
    case 'float':
      return `<double>${general(Number(value))}</double>`
    case 'bool':
      return `<boolean>${value === true ? 1 : 0}</boolean>`
    case 'datetime':
      return `<dateTime.iso8601>${escape(String(value))}</dateTime.iso8601>`
    case 'set': {
      let text = '<array><data>'
      for (const item of value as Value[]) text += xmlValue(type.of, item)
      return `${text}</data></array>`
    }
    case 'map': {
      let text = '<struct>'
      const map = value as { [key: string]: Value }
      // xapi leaves the names unescaped, which makes documents nobody can read: not copied.
      for (const key in map) text += xmlMember(escape(key), xmlContent(type.value, map[key]!))
      return `${text}</struct>`
    }
    case 'record': {
      let text = '<struct>'
      const row = value as { [key: string]: Value }
      for (const field of model.classes.get(type.name)?.visible ?? []) {
        const item = row[field.name]
        if (item !== undefined) text += xmlMember(field.name, xmlContent(field.parsed, item))
      }
      return `${text}</struct>`
    }
    case 'option':
      return xmlContent(type.of, value)
    default:
      return escape(String(value))
  }
}

export function xmlValue(type: Type, value: Value): string {
  return `<value>${xmlContent(type, value)}</value>`
}

export function xmlMember(name: string, content: string): string {
  return `<member><name>${name}</name><value>${content}</value></member>`
}

export function json(type: Type, value: Value): string {
  switch (type.kind) {
    case 'int':
      return String(value)
    case 'float':
      return jsonFloat(Number(value))
    case 'bool':
      return value === true ? 'true' : 'false'
    case 'set':
      return `[${(value as Value[]).map((item) => json(type.of, item)).join(',')}]`
    case 'map': {
      const members: string[] = []
      const map = value as { [key: string]: Value }
      for (const key in map) members.push(`${JSON.stringify(key)}:${json(type.value, map[key]!)}`)
      return `{${members.join(',')}}`
    }
    case 'record': {
      const members: string[] = []
      const row = value as { [key: string]: Value }
      for (const field of model.classes.get(type.name)?.visible ?? []) {
        const item = row[field.name]
        if (item !== undefined)
          members.push(`${JSON.stringify(field.name)}:${json(field.parsed, item)}`)
      }
      return `{${members.join(',')}}`
    }
    case 'option':
      return json(type.of, value)
    default:
      return JSON.stringify(String(value))
  }
}

// Yojson: always a decimal point, and JSON's missing numbers bare.
function jsonFloat(value: number): string {
  if (!Number.isFinite(value))
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
  const text = String(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

/** The record of a row, `<struct>…</struct>`; kept until the row changes. */
export function entryXml(entry: Entry): Buffer {
  return (entry.xml ??= Buffer.from(xmlContent({ kind: 'record', name: entry.cls }, entry.row)))
}

export function entryJson(entry: Entry): Buffer {
  return (entry.json ??= Buffer.from(json({ kind: 'record', name: entry.cls }, entry.row)))
}

/** How long making text may hold the event loop, ms. */
const TURN = 8

/** Makes the text of many rows in turns; what changes meanwhile is made again when it is sent. */
export async function warm(rendered: Rendered, format: 'xml' | 'json'): Promise<void> {
  let start = performance.now()
  for (const entry of rendered.entries?.() ?? []) {
    if (format === 'xml') entryXml(entry)
    else entryJson(entry)
    if (performance.now() - start < TURN) continue
    await new Promise((resolve) => setImmediate(resolve))
    start = performance.now()
  }
}
