/** HTTP handlers besides the RPC: consoles, RRDs, import and export (PROTOCOL section 9). */
import type { Socket } from 'node:net'
import type { Pool } from '../pool.ts'
import type { Session } from '../session/sessions.ts'
import type { TaskHandle } from '../tasks/handle.ts'

export type Method = 'GET' | 'PUT' | 'POST' | 'CONNECT' | 'OPTIONS'

export interface Request {
  readonly method: string
  /** Path without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case; the last of equal ones wins. */
  readonly headers: ReadonlyMap<string, string>
  readonly version: '1.0' | '1.1'
  /** Raw connection, paused: what followed the request's head is still to be read from it. */
  readonly socket: Socket
  /** The next so many bytes of the body. @throws Error when the connection ends before */
  body(length: number): Promise<Buffer>
}

export interface Response {
  /**
   * A whole reply; content-length and connection headers are added, in xapi's order and case.
   * @param status the number, or number and reason: `503 Connection Limit Exceeded`
   */
  send(
    status: number | string,
    headers?: readonly (readonly [string, string])[],
    body?: string | Buffer,
  ): void
  /** A whole reply of 200, as xapi's older handlers write it: other headers, in another order. */
  sendContent(headers: readonly (readonly [string, string])[], body: string | Buffer): void
  /**
   * Takes the connection out of HTTP's hands: write and read the socket freely, end it when done.
   * For replies without a length, and for consoles.
   */
  takeOver(): Socket
}

export interface Context {
  readonly pool: Pool
  /** Ref of the host that was called. */
  readonly host: string
  /** Of a route without authentication: a session of nobody. */
  readonly session: Session
  /** Task named by `task_id`, else a new one named after the handler, else (no `task`) a dummy. */
  readonly task: TaskHandle
  /** Aborted when the connection ends or the pool closes. */
  readonly gone: AbortSignal
  /** @throws XapiError RBAC_PERMISSION_DENIED; e.g. `http/connect_console/host_console` */
  assertPermission(permission: string): void
}

export type RouteHandler = (
  request: Request,
  response: Response,
  context: Context,
) => void | Promise<void>

export interface RouteOptions {
  /** false: no session needed. */
  readonly authenticate?: boolean
  /** RBAC permission `http/<action>`; found in the data model when left out. */
  readonly action?: string
  /** Realm of the 401 and name of the task; the path without its slash when left out. */
  readonly label?: string
  /** true: runs under a task (`task_id`, or a new one), completed or failed with the handler. */
  readonly task?: boolean
}

export interface Route {
  readonly method: string
  readonly path: string
  readonly handler: RouteHandler
  readonly options: RouteOptions
}

/** xapi routes by the longest prefix per method (http_svr.ml:519-536). */
export class Routes {
  readonly #routes = new Map<string, Route[]>()

  route(method: Method, path: string, handler: RouteHandler, options: RouteOptions = {}): void {
    const routes = this.#routes.get(method) ?? []
    routes.push({ method, path, handler, options })
    routes.sort((a, b) => b.path.length - a.path.length)
    this.#routes.set(method, routes)
  }

  /** Some route has the method: else 501, not 403. */
  knows(method: string): boolean {
    return this.#routes.has(method)
  }

  has(method: string, path: string): boolean {
    return this.#routes.get(method)?.some((route) => route.path === path) ?? false
  }

  find(method: string, path: string): Route | undefined {
    return this.#routes.get(method)?.find((route) => path.startsWith(route.path))
  }
}
