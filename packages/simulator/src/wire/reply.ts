/** Envelopes of replies: XML-RPC with Status, JSON-RPC 1.0 and 2.0. */
import type { Value } from '../db/values.ts'
import type { Type } from '../model/types.ts'
import type { XapiError } from '../rpc/errors.ts'
import type { JsonCall } from './json-request.ts'
import { Rendered, escape, json, xmlContent } from './marshal.ts'

export interface Result {
  /** null: void. */
  readonly type: Type | null
  readonly value: Value | Rendered
}

const XML = '<?xml version="1.0"?><methodResponse><params><param>'
const XML_END = '</param></params></methodResponse>'
const STATUS = `${XML}<value><struct><member><name>Status</name><value>`

export function xmlSuccess({ type, value }: Result): Buffer[] {
  const head = `${STATUS}Success</value></member><member><name>Value</name><value>`
  const tail = `</value></member></struct></value>${XML_END}`
  if (value instanceof Rendered) return [Buffer.from(head), ...value.xml(), Buffer.from(tail)]
  return [Buffer.from(head + (type ? xmlContent(type, value) : '') + tail)]
}

export function xmlFailure(error: XapiError): Buffer[] {
  const words = error.description.map((word) => `<value>${escape(word)}</value>`).join('')
  return [
    Buffer.from(
      `${STATUS}Failure</value></member><member><name>ErrorDescription</name><value><array><data>${words}` +
        `</data></array></value></member></struct></value>${XML_END}`,
    ),
  ]
}

/** system.listMethods: no Status, no Value (PROTOCOL 1.3). */
export function xmlBare({ type, value }: Result): Buffer[] {
  if (value instanceof Rendered || !type) return xmlSuccess({ type, value })
  return [Buffer.from(`${XML}<value>${xmlContent(type, value)}</value>${XML_END}`)]
}

export function jsonSuccess(call: JsonCall, { type, value }: Result): Buffer[] {
  const body =
    value instanceof Rendered ? value.json() : [Buffer.from(type ? json(type, value) : '""')]
  const head = call.version === 2 ? '{"jsonrpc":"2.0","result":' : '{"result":'
  const tail = call.version === 2 ? `,"id":${call.id}}` : `,"error":null,"id":${call.id}}`
  return [Buffer.from(head), ...body, Buffer.from(tail)]
}

export function jsonFailure(call: JsonCall, error: XapiError): Buffer[] {
  const { version, id } = call
  const text =
    version === 2
      ? `{"jsonrpc":"2.0","error":{"code":1,"message":${JSON.stringify(error.code)},"data":${JSON.stringify(error.params)}},"id":${id}}`
      : `{"result":null,"error":${JSON.stringify(error.description)},"id":${id}}`
  return [Buffer.from(text)]
}
