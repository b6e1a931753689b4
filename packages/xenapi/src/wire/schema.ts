/**
 * The generated schema at run time: what type a record's field or a method's result has. xapi
 * sends ints as untyped strings (PROTOCOL section 1.3), so only the schema tells them apart.
 */
import { methodSchemas, recordSchemas } from '../generated/schema.ts'
import { Pattern } from './words.ts'

export const ANY = 0
/** Strings, refs, enums and datetimes. */
export const STRING = 1
export const INT = 2
export const FLOAT = 3
export const BOOL = 4
export const SET = 5
export const MAP = 6
export const RECORD = 7
export const VOID = 8

/** A type of the wire; one class with all slots, so that the decoder's hot path stays fast. */
export class WireType {
  readonly kind: number
  /** Of a set: its elements; of a map: its values. */
  readonly element: WireType | null
  readonly shape: RecordShape | null
  readonly optional: boolean

  constructor(
    kind: number,
    element: WireType | null = null,
    shape: RecordShape | null = null,
    optional = false,
  ) {
    this.kind = kind
    this.element = element
    this.shape = shape
    this.optional = optional
  }
}

/** A field of a record, with the text that follows its name in xapi's own spelling. */
export class FieldEntry {
  readonly name: string
  readonly type: WireType
  readonly close: Pattern

  constructor(name: string, type: WireType) {
    this.name = name
    this.type = type
    this.close = new Pattern(`${name}</name><value>`)
  }
}

/** How records of a class look: one hidden class, and the order in which members are expected. */
export class RecordShape {
  readonly name: string
  readonly fields = new Map<string, FieldEntry>()
  /** Members in the order in which the server sent them last; only a hint. */
  readonly order: FieldEntry[] = []
  readonly #initial = new Map<string, unknown>()
  #template: Record<string, unknown> | null = null

  constructor(name: string) {
    this.name = name
  }

  add(name: string, type: WireType, initial: unknown): void {
    const entry = new FieldEntry(name, type)
    this.fields.set(name, entry)
    this.order.push(entry)
    if (!type.optional) this.#initial.set(name, initial)
  }

  /** A record with every field at its default: a server may be too old to send some. */
  create(): Record<string, unknown> {
    return { ...(this.#template ??= this.#createTemplate()) }
  }

  #createTemplate(): Record<string, unknown> {
    // Of the ways to build an object of 90 fields, only JSON.parse leaves one that V8 clones in
    // microseconds; assigning the fields one by one makes it a dictionary.
    const names = [...this.#initial.keys()].map((name) => `${JSON.stringify(name)}:""`)
    const template: Record<string, unknown> = JSON.parse(`{${names.join(',')}}`)
    for (const [name, value] of this.#initial) template[name] = value
    return template
  }
}

export const anyType = new WireType(ANY)
export const stringType = new WireType(STRING)
/** Decoded as text like any string, but encoded with a tag of its own. */
export const dateType = new WireType(STRING)
const intType = new WireType(INT)
const floatType = new WireType(FLOAT)
const boolType = new WireType(BOOL)
const voidType = new WireType(VOID)

const recordTypes = new Map<string, WireType>()
const methodTypes = new Map<string, MethodSchema>()
const noElements: readonly unknown[] = Object.freeze([])

/**
 * A map: nothing is inherited, and `__proto__` is a key like any other. A class, not
 * Object.create(null), because V8 gives its objects fast properties.
 */
class BareMap {
  [key: string]: unknown
}
Reflect.deleteProperty(BareMap.prototype, 'constructor')
Object.setPrototypeOf(BareMap.prototype, null)

export type WireMap = Record<string, unknown>

export function createMap(): WireMap {
  return new BareMap()
}

const noMembers = Object.freeze(createMap())

/** What a value of the type is when the server says nothing. */
export function emptyValue(type: WireType): unknown {
  switch (type.kind) {
    case STRING:
      return ''
    case INT:
    case FLOAT:
      return 0
    case BOOL:
      return false
    case SET:
      return noElements
    case MAP:
      return noMembers
    case RECORD:
      return type.shape?.create()
    case ANY:
      return null
    default:
      return undefined
  }
}

function defaultValue(type: WireType, text: string | undefined): unknown {
  if (text === undefined) return emptyValue(type)
  const value = decodeURIComponent(text)
  if (type.kind === BOOL) return value === 'true'
  return type.kind === INT || type.kind === FLOAT ? Number(value) : value
}

/** The type of a class's records; undefined for a class that the data model does not have. */
export function recordType(className: string): WireType | undefined {
  const known = recordTypes.get(className)
  if (known) return known
  const schema = Object.hasOwn(recordSchemas, className) ? recordSchemas[className] : undefined
  if (schema === undefined) return undefined
  const shape = new RecordShape(className)
  const type = new WireType(RECORD, null, shape)
  recordTypes.set(className, type)
  for (const field of schema.split(' ')) {
    const colon = field.indexOf(':')
    if (colon < 0) continue
    const [code = '', initial] = field.slice(colon + 1).split('=')
    const fieldType = readType(code, 0).type
    shape.add(field.slice(0, colon), fieldType, defaultValue(fieldType, initial))
  }
  return type
}

const classByLowerCase = new Map(
  Object.keys(recordSchemas).map((name) => [name.toLowerCase(), name]),
)

/** The model's spelling of a class: events say `vm_metrics` for `VM_metrics`. */
export function modelClassName(eventClass: string): string | undefined {
  return classByLowerCase.get(eventClass.toLowerCase())
}

const eventShape = new RecordShape('event')
for (const name of ['id', 'timestamp', 'class', 'operation', 'ref']) {
  eventShape.add(name, stringType, '')
}
// Its class decides the type of a snapshot: the decoder looks at the `class` read before it.
eventShape.add('snapshot', new WireType(ANY, null, null, true), undefined)

const batchShape = new RecordShape('event batch')
batchShape.add('events', new WireType(SET, new WireType(RECORD, null, eventShape)), noElements)
batchShape.add('valid_ref_counts', new WireType(MAP, intType), noMembers)
batchShape.add('token', stringType, '')
const batchType = new WireType(RECORD, null, batchShape)

export function isEventShape(shape: RecordShape | null): boolean {
  return shape === eventShape
}

const scalars: Readonly<Record<string, WireType>> = {
  s: stringType,
  d: dateType,
  i: intType,
  f: floatType,
  b: boolType,
  v: voidType,
  E: batchType,
}

/** Reads one type code (generator/types.ts `codeOf`) at an offset. */
function readType(code: string, at: number): { type: WireType; end: number } {
  const first = code[at] ?? ''
  const scalar = scalars[first]
  if (scalar) return { type: scalar, end: at + 1 }
  if (first === '@') {
    const end = code.indexOf(';', at)
    return { type: recordType(code.slice(at + 1, end)) ?? anyType, end: end + 1 }
  }
  const { type: inner, end } = readType(code, at + 1)
  if (first === '[') return { type: new WireType(SET, inner), end }
  if (first === '{') return { type: new WireType(MAP, inner), end }
  if (first === '?')
    return { type: new WireType(inner.kind, inner.element, inner.shape, true), end }
  throw new Error(`unknown type code: ${code}`)
}

export interface MethodSchema {
  /** false: no session is sent. */
  readonly session: boolean
  readonly params: readonly WireType[]
  readonly result: WireType
}

/** Signature of a method; undefined for one that the data model does not have. */
export function methodSchema(method: string): MethodSchema | undefined {
  const known = methodTypes.get(method)
  if (known) return known
  const isAsync = method.startsWith('Async.')
  const name = isAsync ? method.slice(6) : method
  const text = Object.hasOwn(methodSchemas, name) ? methodSchemas[name] : undefined
  if (text === undefined) return undefined
  const [params = '', result = 'v'] = text.replace(/^!/, '').split('>')
  const schema: MethodSchema = {
    session: !text.startsWith('!'),
    params: readTypes(params),
    result: isAsync ? stringType : readType(result, 0).type,
  }
  methodTypes.set(method, schema)
  return schema
}

function readTypes(codes: string): WireType[] {
  const types: WireType[] = []
  for (let at = 0; at < codes.length;) {
    const { type, end } = readType(codes, at)
    types.push(type)
    at = end
  }
  return types
}

/** The reply's outermost struct: `Status` and `Value` or `ErrorDescription`. */
export function envelopeType(result: WireType): WireType {
  const shape = new RecordShape('reply')
  shape.add('Status', new WireType(STRING, null, null, true), undefined)
  shape.add('Value', new WireType(result.kind, result.element, result.shape, true), undefined)
  shape.add('ErrorDescription', new WireType(SET, stringType, null, true), undefined)
  return new WireType(RECORD, null, shape)
}
