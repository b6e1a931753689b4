/** XenAPI types, parsed from the data model's notation (`map(string,set(ref VM))`). */
export type Type =
  | { readonly kind: 'string' | 'int' | 'float' | 'bool' | 'datetime' }
  | { readonly kind: 'ref' | 'record' | 'enum'; readonly name: string }
  | { readonly kind: 'set' | 'option'; readonly of: Type }
  | { readonly kind: 'map'; readonly key: Type; readonly value: Type }

const parsed = new Map<string, Type>()

/** @throws Error on a notation the data model does not use */
export function parseType(text: string): Type {
  let type = parsed.get(text)
  if (!type) parsed.set(text, (type = parse(text)))
  return type
}

function parse(text: string): Type {
  switch (text) {
    case 'string':
    case 'secretstring':
      return { kind: 'string' }
    case 'int':
    case 'float':
    case 'bool':
    case 'datetime':
      return { kind: text }
  }
  const named = /^(ref|record|enum) (\w+)$/.exec(text)
  if (named) return { kind: named[1] as 'ref' | 'record' | 'enum', name: named[2]! }
  const wrapped = /^(set|option)\((.*)\)$/.exec(text)
  if (wrapped) return { kind: wrapped[1] as 'set' | 'option', of: parseType(wrapped[2]!) }
  // Keys are never maps, so the first comma splits.
  const map = /^map\(([^,]+),(.*)\)$/.exec(text)
  if (map) return { kind: 'map', key: parseType(map[1]!), value: parseType(map[2]!) }
  throw new Error(`unknown type in the data model: ${text}`)
}
