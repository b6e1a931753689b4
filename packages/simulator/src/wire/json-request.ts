/** Reads JSON-RPC 1.0 and 2.0 calls (PROTOCOL 1.4). */
import type { WireCall, WireValue } from './values.ts'
import { MalformedRequest, WireInt } from './values.ts'

export interface JsonCall extends WireCall {
  readonly version: 1 | 2
  /** JSON text of the id, to be echoed. */
  readonly id: string
}

const INVALID = (field: string) =>
  new MalformedRequest(
    `Jsonrpc.Malformed_method_request("Invalid field '${field}' in request body")`,
  )

/** @throws MalformedRequest */
export function parseJsonCall(body: Buffer): JsonCall {
  const request = read(body)
  if (!(request instanceof Map)) {
    throw new MalformedRequest('Jsonrpc.Malformed_method_request("Invalid request body")')
  }
  const method = request.get('method')
  const id = request.get('id')
  const version = request.get('jsonrpc')
  const params = request.get('params')
  if (version !== undefined && version !== '2.0') throw INVALID('jsonrpc')
  if (typeof id !== 'string' && !(id instanceof WireInt)) throw INVALID('id')
  if (typeof method !== 'string') throw INVALID('method')
  return {
    version: version === undefined ? 1 : 2,
    id: typeof id === 'string' ? JSON.stringify(id) : id.text,
    method,
    params: positional(params, version !== undefined),
  }
}

function positional(params: WireValue | undefined, second: boolean): readonly WireValue[] {
  if (Array.isArray(params)) return params
  if (second && (params === undefined || params === null)) return []
  if (second && params instanceof Map) return [params]
  throw INVALID('params')
}

interface Source {
  readonly source?: string
}

function read(body: Buffer): WireValue {
  if (body.length === 0) throw new MalformedRequest('Yojson__Common.Json_error("Blank input data")')
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    // The source text tells 5 from 5.0 and keeps 64-bit integers whole.
    return JSON.parse(text, (_key: string, value: unknown, context?: Source): WireValue => {
      if (typeof value === 'number') {
        const source = context?.source ?? String(value)
        return /^-?\d+$/.test(source) ? new WireInt(source) : value
      }
      if (
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        !(value instanceof WireInt)
      ) {
        return value instanceof Map ? value : new Map(Object.entries(value))
      }
      return value as WireValue
    })
  } catch (error) {
    throw new MalformedRequest(
      `Yojson__Common.Json_error("${error instanceof Error ? error.message : ''}")`,
    )
  }
}
