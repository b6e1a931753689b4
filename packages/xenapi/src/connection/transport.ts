/** One host's XML-RPC endpoint: `POST /` over kept-alive connections (PROTOCOL section 1.2). */
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { DecodeError, TransportError, XenApiError } from '../errors.ts'
import { decodeReplyOf } from '../wire/decode.ts'
import { encodeCall } from '../wire/encode.ts'
import { DEFAULT_LIMITS } from '../wire/limits.ts'
import type { DecodeLimits } from '../wire/limits.ts'
import { formatEndpoint } from './address.ts'
import type { Endpoint } from './address.ts'
import { dial, toTransportError } from './dial.ts'

/** xapi closes the connection on a larger body, often before the client can read why. */
const BODY_LIMIT = 307_200
const CONCURRENCY = 20
/** An idle connection is closed before xapi would do it under the feet of a call. */
const IDLE_TIMEOUT = 30_000

/**
 * A reply that has begun must come at this rate, bytes a second, once it has lasted so many seconds: a trickle would
 * hold its call for ever without ever being silent.
 */
const SLOWEST = 1024
const SLOW_AFTER = 20

export interface TransportOptions {
  readonly fingerprints: readonly string[]
  readonly limits?: DecodeLimits | undefined
  /** Seconds after which the rate of a reply is looked at. */
  readonly slowAfter?: number
}

export interface CallOptions {
  /** Milliseconds without a byte from the server after which the call is given up. */
  readonly timeout: number
  readonly signal?: AbortSignal
}

/** An agent whose sockets are checked before a request can be written to them. */
class CheckedAgent extends HttpAgent {
  readonly #endpoint: Endpoint
  readonly #fingerprints: readonly string[]

  constructor(endpoint: Endpoint, fingerprints: readonly string[], maxSockets: number) {
    super({ keepAlive: true, maxSockets, timeout: IDLE_TIMEOUT })
    this.#endpoint = endpoint
    this.#fingerprints = fingerprints
  }

  override createConnection(
    _options: unknown,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const answer = (error: Error | null, socket?: Duplex): void => {
      // On an error the agent looks at nothing else.
      callback?.(error, socket as Duplex)
    }
    dial(this.#endpoint, { fingerprints: this.#fingerprints }).then(
      (socket) => answer(null, socket),
      (error: Error) => answer(error),
    )
  }
}

export class Transport {
  readonly endpoint: Endpoint
  readonly #agent: CheckedAgent
  /** The long poll has a connection of its own and never waits for calls. */
  readonly #pollAgent: CheckedAgent
  readonly #limits: DecodeLimits
  readonly #slowAfter: number

  constructor(endpoint: Endpoint, options: TransportOptions) {
    this.endpoint = endpoint
    this.#agent = new CheckedAgent(endpoint, options.fingerprints, CONCURRENCY)
    this.#pollAgent = new CheckedAgent(endpoint, options.fingerprints, 1)
    this.#limits = options.limits ?? DEFAULT_LIMITS
    this.#slowAfter = options.slowAfter ?? SLOW_AFTER
  }

  /** Calls a method. The session goes where the method's signature wants it. */
  async call(
    method: string,
    session: string | null,
    params: readonly unknown[],
    options: CallOptions,
  ): Promise<unknown> {
    const body = encodeCall(method, session, params)
    if (body.length > BODY_LIMIT) {
      throw new TransportError(
        'tooLarge',
        `the call ${method} has ${body.length} bytes, xapi takes ${BODY_LIMIT}`,
      )
    }
    const agent = method === 'event.from' ? this.#pollAgent : this.#agent
    try {
      const response = await this.#post(body, agent, options)
      return await decodeReplyOf(method, this.#bodyOf(response, method), this.#limits)
    } catch (error) {
      if (error instanceof XenApiError || error instanceof DecodeError) throw error
      throw toTransportError(error, this.endpoint)
    }
  }

  close(): void {
    this.#agent.destroy()
    this.#pollAgent.destroy()
  }

  #post(body: Buffer, agent: CheckedAgent, options: CallOptions): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = httpRequest({
        agent,
        method: 'POST',
        path: '/',
        // Few and short: xapi refuses a request head of more than 1,006 bytes with 431.
        headers: {
          Host: formatEndpoint(this.endpoint),
          'Content-Type': 'text/xml',
          'Content-Length': body.length,
          'User-Agent': 'XenDeck',
        },
        signal: options.signal,
      })
      request.setTimeout(options.timeout, () =>
        request.destroy(
          new TransportError('timeout', `${formatEndpoint(this.endpoint)} does not answer`),
        ),
      )
      request.once('error', reject)
      request.once('response', (response) => {
        request.off('error', reject)
        // From here on the reader of the response sees the error.
        request.on('error', (error) => response.destroy(error))
        resolve(response)
      })
      request.end(body)
    })
  }

  /** The chunks of a reply, after its head was found to be one of XML-RPC. */
  async *#bodyOf(response: IncomingMessage, method: string): AsyncGenerator<Buffer> {
    const { statusCode = 0 } = response
    const length = Number(response.headers['content-length'] ?? 0)
    if (statusCode !== 200 || length > this.#limits.bytes) {
      response.destroy()
      if (statusCode === 200) {
        throw new DecodeError('bytes', 0, `it is longer than ${this.#limits.bytes} bytes`)
      }
      // The page is left out: xapi quotes parts of the request in some of them.
      throw new TransportError('http', `${method} was answered with HTTP status ${statusCode}`, {
        status: statusCode,
      })
    }
    const begun = performance.now()
    let received = 0
    for await (const chunk of response as AsyncIterable<Buffer>) {
      received += chunk.length
      const seconds = (performance.now() - begun) / 1000
      if (seconds > this.#slowAfter && received < seconds * SLOWEST) {
        response.destroy()
        throw new TransportError(
          'timeout',
          `${formatEndpoint(this.endpoint)} answers too slowly to ever end`,
        )
      }
      yield chunk
    }
    if (!response.complete) {
      throw Object.assign(new Error('cut short'), { code: 'ECONNRESET' })
    }
  }
}
