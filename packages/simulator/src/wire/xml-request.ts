/** Reads XML-RPC calls (PROTOCOL 1.3, FACTS "Input"). Strict XML; DTD entities are unknown to it. */
import { SaxesParser } from 'saxes'
import type { WireCall, WireValue } from './values.ts'
import { MalformedRequest, WireDateTime, WireInt } from './values.ts'

interface Node {
  readonly name: string
  readonly children: Node[]
  text: string
}

/** Far more than any XenAPI type needs, and few enough for recursion. */
const MAX_DEPTH = 400

/** @throws MalformedRequest */
export function parseXmlCall(body: Buffer): WireCall {
  const call = parseTree(decode(body))
  if (call.name !== 'methodCall') throw malformed(call.name)
  const method = child(call, 'methodName')?.text.trim() ?? ''
  if (method === '') throw malformed('params')
  const params = child(call, 'params')?.children ?? []
  return { method, params: params.map((param) => value(required(param, 'value'))) }
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new MalformedRequest('Xmlm.Error(1:1, "malformed character stream")')
  }
}

function parseTree(text: string): Node {
  if (text.trim() === '') throw new MalformedRequest('Xmlm.Error(1:1, "unexpected end of input")')
  if (!text.trimStart().startsWith('<'))
    throw new MalformedRequest('Xmlm.Error(1:1, "expected root element")')
  const parser = new SaxesParser()
  const open: Node[] = []
  let root: Node | undefined
  const append = (more: string) => {
    const node = open.at(-1)
    if (node) node.text += more
  }
  parser.on('error', (error) => {
    throw new MalformedRequest(`Xmlm.Error(${parser.line}:${parser.column}, "${error.message}")`)
  })
  parser.on('opentag', ({ name }) => {
    const node: Node = { name, children: [], text: '' }
    if (open.length >= MAX_DEPTH) throw new MalformedRequest('Stack_overflow')
    open.at(-1)?.children.push(node)
    open.push(node)
    root ??= node
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.on('text', append)
  parser.on('cdata', append)
  parser.write(text).close()
  if (!root) throw new MalformedRequest('Xmlm.Error(1:1, "expected root element")')
  return root
}

function child(node: Node, name: string): Node | undefined {
  return node.children.find((each) => each.name === name)
}

function required(node: Node, name: string): Node {
  const found = child(node, name)
  if (!found) throw malformed(name)
  return found
}

function malformed(tag: string): MalformedRequest {
  return new MalformedRequest(`Xmlrpc.Parse_error("open_tag(${tag})", "open_tag(methodCall)", _)`)
}

function value(node: Node): WireValue {
  const typed = node.children[0]
  if (!typed) return node.text
  const { name, text } = typed
  switch (name) {
    case 'string':
      return text
    case 'int':
    case 'i4':
    case 'i8':
      if (!/^[+-]?\d+$/.test(text.trim())) throw new MalformedRequest('Failure("Int64.of_string")')
      return new WireInt(text.trim())
    case 'boolean':
      return text === '1' || text === 'true'
    case 'double':
      return text.trim() === '' ? Number.NaN : Number(text)
    case 'dateTime.iso8601':
      return new WireDateTime(text)
    case 'array':
      return required(typed, 'data').children.map(value)
    case 'struct':
      return new Map(
        typed.children.map((member) => [
          required(member, 'name').text,
          value(required(member, 'value')),
        ]),
      )
    case 'nil':
      return null
    case 'base64':
      throw new MalformedRequest('Invalid_argument("Malformed input")')
    default:
      throw malformed(name)
  }
}
