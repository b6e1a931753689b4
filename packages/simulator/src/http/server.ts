/** The HTTP server of one host. */
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { HostServer, Pool } from '../pool.ts'
import type { Dispatcher } from '../rpc/dispatch.ts'
import type { Certificate } from './certificate.ts'
import { Connection } from './connection.ts'
import { forbidden, internalError, notImplemented } from './errors.ts'
import type { Head } from './head.ts'
import { serveRoute } from './route.ts'
import { serveRpc } from './rpc.ts'

/** xapi serves at most so many connections at once (conn_limit_tcp). */
const MAX_CONNECTIONS = 800

export interface ServerOptions {
  readonly pool: Pool
  readonly dispatcher: Dispatcher
  /** Ref of the host. */
  readonly host: string
  readonly bind: string
  /** 0: any free port. */
  readonly port: number
  /** The pool's hosts differ by address and share the port, as real ones do. */
  readonly hasOwnAddress?: boolean
  readonly certificate?: Certificate
}

/** Where clients on this machine reach what listens at `bind`. */
export function reachableAddress(bind: string): string {
  return bind === '0.0.0.0' || bind === '::' ? '127.0.0.1' : bind
}

export class HttpServer implements HostServer {
  readonly host: string
  readonly #options: ServerOptions
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #port: number

  constructor(options: ServerOptions) {
    this.host = options.host
    this.#options = options
    this.#port = options.port
  }

  get port(): number {
    return this.#port
  }

  get ip(): string {
    return reachableAddress(this.#options.bind)
  }

  get address(): string {
    return this.#options.hasOwnAddress ? this.ip : this.#authority
  }

  get url(): string {
    return `${this.#options.certificate ? 'https' : 'http'}://${this.#authority}`
  }

  get certificate(): Certificate | undefined {
    return this.#options.certificate
  }

  get #authority(): string {
    const name = this.ip.includes(':') ? `[${this.ip}]` : this.ip
    return this.#port === (this.#options.certificate ? 443 : 80) ? name : `${name}:${this.#port}`
  }

  /** Listens; after `stop` on the same port as before. Rejects with the error of listening. */
  async start(): Promise<void> {
    if (this.#server) return
    const { certificate, bind } = this.#options
    const serve = (socket: Socket) => void this.#serve(socket)
    // Half-open: a client may end its side and still read the reply.
    const server = certificate
      ? createTlsServer(
          { allowHalfOpen: true, key: certificate.key, cert: certificate.cert },
          serve,
        )
      : createServer({ allowHalfOpen: true, pauseOnConnect: true }, serve)
    server.maxConnections = MAX_CONNECTIONS
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    // Raw sockets: a TLS handshake that never ends must not keep the port.
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, bind, () => {
        server.off('error', reject)
        resolve()
      })
    })
    const address = server.address()
    if (typeof address === 'object' && address) this.#port = address.port
    this.#server = server
  }

  async stop(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = undefined
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  async #serve(socket: Socket): Promise<void> {
    socket.setNoDelay(true)
    const connection = new Connection(socket)
    try {
      await connection.serve((head) => this.#answer(connection, head))
    } catch (error) {
      // Nothing a client sends may end the process; what is left is closed.
      await connection.html(
        undefined,
        internalError(error instanceof Error ? error.message : String(error)),
      )
      socket.destroySoon()
    }
  }

  async #answer(connection: Connection, head: Head): Promise<boolean> {
    const { pool, dispatcher, host } = this.#options
    const route = pool.http.find(head.method, head.path)
    if (route) return serveRoute(pool, connection, head, host, route)
    switch (head.method) {
      case 'POST':
        return serveRpc(pool, dispatcher, connection, head, host)
      case 'OPTIONS':
        await connection.reply(head, '200 OK', { last: preflight(head) }, [], head.keepAlive)
        return head.keepAlive
      case 'GET':
      case 'PUT':
      case 'CONNECT':
        await connection.html(head, forbidden())
        return false
      default:
        await connection.html(head, notImplemented(head.method))
        return false
    }
  }
}

function preflight(head: Head): [string, string][] {
  const asked = head.headers.get('access-control-request-headers')
  return [
    ['Access-Control-Allow-Origin', '*'],
    ['Access-Control-Allow-Headers', `${asked ? `${asked}, ` : ''}X-Requested-With`],
    ['Access-Control-Allow-Methods', 'PUT'],
  ]
}
