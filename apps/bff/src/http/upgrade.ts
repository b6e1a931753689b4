import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Server as TlsServer } from 'node:https'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Permission } from '@xendeck/contract'
import type { ActiveSession } from '../access/types.ts'
import type { Context } from '../context.ts'
import { checkOrigin } from './csrf.ts'
import { ApiFailure, errorBody, toApiFailure } from './errors.ts'
import { callerAddress, type TrustProxy } from './request.ts'
import { admit } from './routes.ts'

/** A request to become a WebSocket, whose origin and permission have been checked. Answer it with `ws.handleUpgrade`. */
export interface Upgrade {
  readonly context: Context
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  readonly session: ActiveSession
  /** Values of the `:name` parts of the path. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly requestId: string
  /** Address of the caller. */
  readonly from: string
}
/** An upgrade of which nothing has been checked. */
type Asked = Omit<Upgrade, 'session' | 'params' | 'query'>
/** What it throws before the upgrade is answered over HTTP, like on any route. */
export type UpgradeHandler = (upgrade: Upgrade) => Promise<void> | void

export interface SocketDeclaration {
  readonly path: string
  readonly permission: Permission
}
interface Entry extends SocketDeclaration {
  readonly handler: UpgradeHandler
}

/** All WebSockets of the console: path and permission are declared here, everything else is refused. */
export class UpgradeRouter {
  readonly #entries: Entry[] = []
  #open = 0

  get declared(): readonly SocketDeclaration[] {
    return this.#entries
  }

  /** How many are open now. */
  get open(): number {
    return this.#open
  }

  /** `path` below the base path, such as `/api/v1/console/:ticket`. */
  register(path: string, permission: Permission, handler: UpgradeHandler): void {
    this.#entries.push({ path, permission, handler })
  }

  listen(server: Server | TlsServer, context: Context, trust: TrustProxy): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const requestId = randomUUID()
      // A peer that resets while it is being answered is no error of ours.
      socket.on('error', () => socket.destroy())
      const from = callerAddress(request, trust)
      this.#route({ context, request, socket, head, requestId, from }).catch((thrown: unknown) => {
        const failure = toApiFailure(thrown)
        context.log[failure.status >= 500 ? 'error' : 'info'](
          { requestId, code: failure.code, err: failure.cause },
          'socket refused',
        )
        answer(socket, failure, requestId)
      })
    })
  }

  async #route(asked: Asked): Promise<void> {
    const { context, request, socket } = asked
    if (context.isClosing()) throw new ApiFailure('SHUTTING_DOWN', 'The console restarts.')
    // The host does not matter here and may be anything, so it is left out.
    const raw = `http://localhost${request.url ?? '/'}`
    const url = URL.canParse(raw) ? new URL(raw) : undefined
    for (const entry of this.#entries) {
      const params = url && matchPath(context.config.basePath + entry.path, url.pathname)
      if (!url || !params) continue
      checkOrigin(context.config, request)
      const session = await admit(context, request, entry.permission)
      // It may have gone while the store was asked.
      if (socket.destroyed) return
      this.#open += 1
      socket.once('close', () => (this.#open -= 1))
      await entry.handler({ ...asked, session, params, query: url.searchParams })
      return
    }
    throw new ApiFailure('NOT_FOUND', 'There is no socket at this address.')
  }
}

/** The values of the `:name` parts of `pattern`; undefined where `path` does not match it. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? ''
    if (!part.startsWith(':')) {
      if (part !== value) return undefined
      continue
    }
    try {
      params[part.slice(1)] = decodeURIComponent(value)
    } catch {
      return undefined
    }
    if (value === '') return undefined
  }
  return params
}

/** Writes `failure` as an HTTP reply to a request that will not become a socket. */
function answer(socket: Duplex, failure: ApiFailure, requestId: string): void {
  if (socket.destroyed) return
  const body = JSON.stringify(errorBody(failure, requestId))
  socket.end(
    [
      `HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status] ?? 'Error'}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      '',
      body,
    ].join('\r\n'),
    () => socket.destroy(),
  )
}
