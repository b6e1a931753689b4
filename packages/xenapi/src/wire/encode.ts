// The package has no types; packages that compile this source must find ours, too.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./xmlrpc.d.ts" />
/** Encodes calls with the `xmlrpc` package, typed by the method's signature. */
import CustomType from 'xmlrpc/lib/customtype.js'
import { serializeMethodCall } from 'xmlrpc/lib/serializer.js'
import { XenApiError } from '../errors.ts'
import { ANY, BOOL, FLOAT, INT, MAP, RECORD, SET, dateType, methodSchema } from './schema.ts'
import type { WireType } from './schema.ts'

/** Text inside one element of its own, escaped. */
class Element extends CustomType {
  override tagName: string

  constructor(tagName: string, content: string) {
    super(content)
    this.tagName = tagName
  }
}

// What XML 1.0 cannot carry, and xapi answers with HTTP 500.
// oxlint-disable-next-line no-control-regex
const ILLEGAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

function text(value: unknown, tagName: string, path: string): Element {
  if (typeof value !== 'string') throw invalid(path, 'a text is needed')
  if (ILLEGAL.test(value) || !value.isWellFormed()) {
    throw invalid(path, 'the text has characters that XML cannot carry')
  }
  return new Element(tagName, value)
}

/** The error xapi itself has for a bad parameter; the value is left out, it may be a secret. */
function invalid(path: string, detail: string): XenApiError {
  return new XenApiError('INVALID_VALUE', [path, detail])
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (Number.isFinite(value)) return String(value)
  return value > 0 ? 'inf' : '-inf'
}

function encodeAny(value: unknown, path: string): unknown {
  switch (typeof value) {
    case 'string':
      return text(value, 'string', path)
    case 'boolean':
      return value
    case 'number':
      return Number.isSafeInteger(value)
        ? new Element('string', String(value))
        : new Element('double', floatText(value))
    default:
      throw invalid(path, 'the type is not known')
  }
}

function encodeValue(value: unknown, type: WireType, path: string): unknown {
  switch (type.kind) {
    case ANY:
      return encodeAny(value, path)
    case INT:
      if (!Number.isSafeInteger(value)) throw invalid(path, 'a whole number is needed')
      // As text: every xapi reads it, and 64 bits fit (PROTOCOL section 1.3).
      return new Element('string', String(value))
    case FLOAT:
      if (typeof value !== 'number') throw invalid(path, 'a number is needed')
      return new Element('double', floatText(value))
    case BOOL:
      if (typeof value !== 'boolean') throw invalid(path, 'true or false is needed')
      return value
    case SET: {
      const element = type.element
      if (!Array.isArray(value) || !element) throw invalid(path, 'a list is needed')
      return value.map((item, index) => encodeValue(item, element, `${path}[${index}]`))
    }
    case MAP:
    case RECORD:
      return encodeStruct(value, type, path)
    default:
      return text(value, type === dateType ? 'dateTime.iso8601' : 'string', path)
  }
}

function encodeStruct(value: unknown, type: WireType, path: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(path, 'an object is needed')
  }
  const members: [string, unknown][] = []
  for (const [name, member] of Object.entries(value)) {
    // A record's field that is undefined takes its default on the server.
    if (member === undefined) continue
    text(name, 'string', path)
    const memberType = type.shape ? type.shape.fields.get(name)?.type : type.element
    // A field that the data model does not know is not for xapi either.
    if (memberType) members.push([name, encodeValue(member, memberType, `${path}.${name}`)])
  }
  return Object.fromEntries(members)
}

/** The body of a call. `session` goes first where the method takes one. */
export function encodeCall(
  method: string,
  session: string | null,
  params: readonly unknown[],
): Buffer {
  const schema = methodSchema(method)
  if (!schema) throw new XenApiError('MESSAGE_METHOD_UNKNOWN', [method])
  if (params.length > schema.params.length) {
    throw new XenApiError('MESSAGE_PARAMETER_COUNT_MISMATCH', [
      method,
      String(schema.params.length),
      String(params.length),
    ])
  }
  const values = params.map((param, index) => {
    const type = schema.params[index]
    return type ? encodeValue(param, type, `${method}(${index + 1})`) : encodeAny(param, method)
  })
  if (schema.session) values.unshift(new Element('string', session ?? ''))
  return Buffer.from(serializeMethodCall(method, values))
}
