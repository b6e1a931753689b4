/** Decodes whole replies: a stream of chunks, or a text that is at hand. */
import { setImmediate } from 'node:timers/promises'
import { XenApiError, DecodeError } from '../errors.ts'
import { ReplyDecoder } from './decoder.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import type { DecodeLimits } from './limits.ts'
import { anyType, envelopeType, methodSchema } from './schema.ts'
import type { WireType } from './schema.ts'

/** Bytes decoded before the clock is looked at. */
const SLICE_BYTES = 64 * 1024
/** Milliseconds of decoding after which others get their turn on the event loop. */
const SLICE_TIME = 4

/** Feeds a decoder without holding the event loop; the source waits meanwhile. */
async function feed(
  decoder: ReplyDecoder,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<void> {
  let spent = 0
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
      const start = performance.now()
      decoder.write(chunk.subarray(at, at + SLICE_BYTES))
      spent += performance.now() - start
      if (spent > SLICE_TIME) {
        await setImmediate()
        spent = 0
      }
    }
  }
}

/**
 * Decodes the reply of a method whose result has the type. Throws XenApiError for a failure that
 * xapi sent, DecodeError for anything that is not a reply, and whatever the source throws.
 */
export async function decodeReply(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  result: WireType,
  limits: DecodeLimits = DEFAULT_LIMITS,
): Promise<unknown> {
  const decoder = new ReplyDecoder(envelopeType(result), limits)
  await feed(decoder, chunks)
  return openEnvelope(decoder.end())
}

/** Decodes the reply of a method; one that the data model does not know keeps its wire types. */
export function decodeReplyOf(
  method: string,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  limits: DecodeLimits = DEFAULT_LIMITS,
): Promise<unknown> {
  return decodeReply(chunks, methodSchema(method)?.result ?? anyType, limits)
}

/** Decodes a reply without `Status` and `Value` around it, such as that of system.listMethods. */
export async function decodeBareReply(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  type: WireType = anyType,
  limits: DecodeLimits = DEFAULT_LIMITS,
): Promise<unknown> {
  const decoder = new ReplyDecoder(type, limits)
  await feed(decoder, chunks)
  return decoder.end()
}

/** Decodes one `<value>…</value>`, such as the result of a task (PROTOCOL section 4). */
export function decodeFragment(
  text: string,
  type: WireType = anyType,
  limits: DecodeLimits = DEFAULT_LIMITS,
): unknown {
  const decoder = new ReplyDecoder(type, limits, { fragment: true })
  decoder.write(Buffer.from(text))
  return decoder.end()
}

function openEnvelope(reply: unknown): unknown {
  const envelope = reply as {
    Status?: string
    Value?: unknown
    ErrorDescription?: readonly string[]
  }
  if (envelope.Status === 'Success') return envelope.Value
  if (envelope.Status === 'Failure') {
    const [code, ...params] = envelope.ErrorDescription ?? []
    if (code !== undefined) throw new XenApiError(code, params)
  }
  throw new DecodeError('structure', 0, 'it has no Status that XenAPI knows')
}
