/** POST of XML-RPC and JSON-RPC (PROTOCOL 1.1 to 1.4). */
import type { Pool } from '../pool.ts'
import type { Dispatcher, Origin } from '../rpc/dispatch.ts'
import { toXapiError } from '../rpc/errors.ts'
import { parseJsonCall } from '../wire/json-request.ts'
import { Rendered, warm } from '../wire/marshal.ts'
import { jsonFailure, jsonSuccess, xmlBare, xmlFailure, xmlSuccess } from '../wire/reply.ts'
import { MalformedRequest } from '../wire/values.ts'
import { parseXmlCall } from '../wire/xml-request.ts'
import type { Connection } from './connection.ts'
import { internalError } from './errors.ts'
import type { Head } from './head.ts'

/** Bytes (xapi-consts/constants.ml:421-423). */
const MAX_BODY = 307_200

const CORS = [
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Allow-Headers', 'X-Requested-With'],
] as const

interface Reply {
  readonly method: string
  readonly body: Buffer[]
}

/** @returns whether the connection stays open */
export async function serveRpc(
  pool: Pool,
  dispatcher: Dispatcher,
  connection: Connection,
  head: Head,
  host: string,
): Promise<boolean> {
  const refuse = async (text: string) => {
    await connection.html(head, internalError(text))
    return false
  }
  const length = Number(head.headers.get('content-length') ?? Number.NaN)
  if (!Number.isInteger(length) || length < 0)
    return refuse('Failure("We require a content-length: HTTP header")')
  if (length > MAX_BODY) return refuse('Http_svr.Client_requested_size_over_limit')
  const body = await connection.reader.bytes(length)
  if (!body) return false
  const origin: Origin = {
    host,
    gone: connection.gone,
    cut: () => connection.socket.destroy(),
    otherConfig: otherConfig(head),
    task: head.headers.get('task-id'),
    subtaskOf: head.headers.get('subtask-of'),
  }
  const asJson = head.path.startsWith('/jsonrpc')
  try {
    const reply = asJson
      ? await answerJson(dispatcher, body, origin)
      : await answerXml(dispatcher, body, origin)
    const broken = pool.faults.take('malformed', reply.method)
    const parts = broken ? [Buffer.concat(reply.body).subarray(0, -40)] : reply.body
    const type = ['content-type', asJson ? 'application/json' : 'text/xml'] as const
    await connection.reply(head, '200 OK', { last: [type, ...CORS] }, parts, head.keepAlive)
    return head.keepAlive
  } catch (error) {
    if (error instanceof MalformedRequest) return refuse(error.message)
    throw error
  }
}

async function answerXml(dispatcher: Dispatcher, body: Buffer, origin: Origin): Promise<Reply> {
  const call = parseXmlCall(body)
  const { method } = call
  try {
    const outcome = await dispatcher.call(call, origin)
    if (outcome.value instanceof Rendered) await warm(outcome.value, 'xml')
    return { method, body: outcome.bare ? xmlBare(outcome) : xmlSuccess(outcome) }
  } catch (error) {
    return { method, body: xmlFailure(toXapiError(error)) }
  }
}

async function answerJson(dispatcher: Dispatcher, body: Buffer, origin: Origin): Promise<Reply> {
  const call = parseJsonCall(body)
  const { method } = call
  try {
    const outcome = await dispatcher.call(call, origin)
    if (outcome.value instanceof Rendered) await warm(outcome.value, 'json')
    return { method, body: jsonSuccess(call, outcome) }
  } catch (error) {
    return { method, body: jsonFailure(call, toXapiError(error)) }
  }
}

function otherConfig(head: Head): Record<string, string> {
  const prefix = 'x-http-other-config-'
  const found: Record<string, string> = {}
  for (const [name, value] of head.headers) {
    if (name.startsWith(prefix)) found[`http:${name.slice(prefix.length)}`] = value
  }
  return found
}
