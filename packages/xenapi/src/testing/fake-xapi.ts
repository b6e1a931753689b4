/** A hand-made XML-RPC server for tests: each method is a function from parameters to a value. */
import { createServer as createHttp } from 'node:http'
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { XenApiError } from '../errors.ts'

export type Value =
  | string
  | number
  | boolean
  | readonly Value[]
  | { readonly [name: string]: Value }

/** Parameters as texts, the session first; arrays are left out. */
export type Method = (params: readonly string[]) => Value | Promise<Value>

export interface FakeOptions {
  readonly tls?: { readonly key: string; readonly cert: string }
  readonly methods: Record<string, Method>
  /** Answers instead of the methods where it returns true. */
  readonly intercept?: (method: string, request: IncomingMessage, socket: Socket) => boolean
  readonly onConnect?: (url: string, socket: Duplex) => void
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

export function xmlValue(value: Value): string {
  if (typeof value === 'boolean') return `<value><boolean>${value ? 1 : 0}</boolean></value>`
  if (typeof value === 'object' && !Array.isArray(value)) {
    const members = Object.entries(value).map(
      ([name, member]) => `<member><name>${name}</name>${xmlValue(member)}</member>`,
    )
    return `<value><struct>${members.join('')}</struct></value>`
  }
  if (typeof value === 'object') {
    return `<value><array><data>${value.map((item: Value) => xmlValue(item)).join('')}</data></array></value>`
  }
  return `<value>${escape(String(value))}</value>`
}

function replyOf(envelope: Value): string {
  return `<?xml version="1.0"?><methodResponse><params><param>${xmlValue(envelope)}</param></params></methodResponse>`
}

export class FakeXapi {
  readonly calls: { method: string; params: string[]; body: string }[] = []
  readonly methods: Record<string, Method>
  readonly sockets = new Set<Socket>()
  /** Bytes of requests that arrived, after TLS. */
  received = 0
  readonly #server: Server
  readonly #secure: boolean

  constructor(options: FakeOptions) {
    this.methods = options.methods
    this.#secure = options.tls !== undefined
    const listener: RequestListener = (request, response) => {
      void (async () => {
        const chunks: Buffer[] = []
        for await (const chunk of request) chunks.push(chunk as Buffer)
        const body = Buffer.concat(chunks).toString()
        this.received += body.length
        const method = /<methodName>(.*?)<\/methodName>/.exec(body)?.[1] ?? ''
        const params = [...body.matchAll(/<param><value><([\w.]+)(?:\/>|>([^<]*)<\/\1>)/g)].map(
          (match) => match[2] ?? '',
        )
        this.calls.push({ method, params, body })
        if (options.intercept?.(method, request, request.socket)) return
        const text = await this.#answer(method, params)
        response.writeHead(200, {
          'content-type': 'text/xml',
          'content-length': Buffer.byteLength(text),
        })
        response.end(text)
      })()
    }
    this.#server = options.tls ? createHttps(options.tls, listener) : createHttp(listener)
    this.#server.on('connect', (request, socket) => options.onConnect?.(request.url ?? '', socket))
    this.#server.on(this.#secure ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => this.sockets.delete(socket))
    })
  }

  async #answer(method: string, params: readonly string[]): Promise<string> {
    try {
      const implementation = this.methods[method]
      if (!implementation) throw new XenApiError('MESSAGE_METHOD_UNKNOWN', [method])
      return replyOf({ Status: 'Success', Value: await implementation(params) })
    } catch (error) {
      if (!(error instanceof XenApiError)) throw error
      return replyOf({ Status: 'Failure', ErrorDescription: [error.code, ...error.params] })
    }
  }

  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => {
      this.#server.listen(port, '127.0.0.1', resolve)
    })
    return this
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get address(): string {
    return `${this.#secure ? 'https' : 'http'}://127.0.0.1:${this.port}`
  }

  count(method: string): number {
    return this.calls.filter((call) => call.method === method).length
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
