/**
 * Parses the data model's type language: `ref VM`, `set(ref VM)`, `map(string,enum op)`,
 * `option(record sr_stat)` … (PROTOCOL section 11).
 */
import type { ModelType } from '../datamodel.ts'

export type ParsedType =
  | { readonly kind: 'string' | 'int' | 'float' | 'bool' | 'datetime' }
  | { readonly kind: 'ref' | 'record' | 'enum'; readonly name: string }
  | { readonly kind: 'set' | 'option'; readonly of: ParsedType }
  | { readonly kind: 'map'; readonly key: ParsedType; readonly value: ParsedType }

const SCALARS = new Set(['string', 'int', 'float', 'bool', 'datetime'])

export function parseType(text: ModelType): ParsedType {
  if (SCALARS.has(text)) {
    return { kind: text as 'string' | 'int' | 'float' | 'bool' | 'datetime' }
  }
  if (text === 'secretstring') return { kind: 'string' }
  const named = /^(ref|record|enum) (\w+)$/.exec(text)
  if (named) return { kind: named[1] as 'ref' | 'record' | 'enum', name: named[2] ?? '' }
  const wrapped = /^(set|option)\((.+)\)$/.exec(text)
  if (wrapped) return { kind: wrapped[1] as 'set' | 'option', of: parseType(wrapped[2] ?? '') }
  const map = /^map\((.+)\)$/.exec(text)
  if (map) {
    const inner = map[1] ?? ''
    // A key is always a scalar, a ref or an enum, so the first comma ends it.
    const comma = inner.indexOf(',')
    return {
      kind: 'map',
      key: parseType(inner.slice(0, comma)),
      value: parseType(inner.slice(comma + 1)),
    }
  }
  throw new Error(`unknown type in the data model: ${text}`)
}

/** Interface name of a class: `VM_guest_metrics` → `VMGuestMetricsRecord`. */
export function recordName(className: string): string {
  return (
    className
      .split('_')
      .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
      .join('') + 'Record'
  )
}

/** The TypeScript of a type. Sets and maps are read-only: records are shared, never edited. */
export function typescriptOf(type: ParsedType): string {
  switch (type.kind) {
    case 'int':
    case 'float':
      return 'number'
    case 'bool':
      return 'boolean'
    case 'string':
    case 'datetime':
      return 'string'
    case 'ref':
      return `Ref<'${type.name}'>`
    case 'record':
      return recordName(type.name)
    case 'enum':
      return `Enums['${type.name}']`
    case 'option':
      return `${typescriptOf(type.of)} | undefined`
    case 'set':
      return `readonly ${bracketed(typescriptOf(type.of))}[]`
    case 'map':
      return `Readonly<Record<string, ${typescriptOf(type.value)}>>`
  }
}

function bracketed(text: string): string {
  return /^[\w<>'[\]]+$/.test(text) ? text : `(${text})`
}

/**
 * The compact spelling that `wire/schema.ts` reads at run time. Refs, enums and strings are all
 * `s`: on the wire they are the same.
 */
export function codeOf(type: ParsedType): string {
  switch (type.kind) {
    case 'int':
      return 'i'
    case 'float':
      return 'f'
    case 'bool':
      return 'b'
    case 'datetime':
      return 'd'
    case 'string':
    case 'ref':
    case 'enum':
      return 's'
    case 'record':
      return `@${type.name};`
    case 'option':
      return `?${codeOf(type.of)}`
    case 'set':
      return `[${codeOf(type.of)}`
    case 'map':
      return `{${codeOf(type.value)}`
  }
}
