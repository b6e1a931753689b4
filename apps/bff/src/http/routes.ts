import { Router, type NextFunction, type Request, type Response } from 'express'
import type { Permission } from '@xendeck/contract'
import type { ActiveSession } from '../access/types.ts'
import type { Context } from '../context.ts'
import { checkCsrf, checkOrigin } from './csrf.ts'
import { ApiFailure } from './errors.ts'
import { callerAddress, requestIdOf, trustOf } from './request.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** One HTTP request of a caller whose permission has been checked. */
export interface Exchange {
  readonly context: Context
  readonly request: Request
  readonly response: Response
  readonly session: ActiveSession
  readonly requestId: string
  /** Address of the caller. */
  readonly from: string
}
export type Handler = (exchange: Exchange) => Promise<void> | void
export type PublicExchange = Omit<Exchange, 'session'>
export type PublicHandler = (exchange: PublicExchange) => Promise<void> | void

export interface RouteDeclaration {
  readonly method: Method
  readonly path: string
  readonly permission: Permission | 'public'
}

/**
 * The only way to put a route into the API: each names the permission that it takes, or says in so many words that it
 * is public. What a handler does to one object of a pool it checks again with that pool as the scope.
 */
export class Routes {
  readonly declared: RouteDeclaration[] = []
  readonly #context: Context
  readonly #router = Router({ caseSensitive: true })

  constructor(context: Context) {
    this.#context = context
  }

  get(path: string, permission: Permission, handler: Handler): void {
    this.#guarded('GET', path, permission, handler)
  }

  post(path: string, permission: Permission, handler: Handler): void {
    this.#guarded('POST', path, permission, handler)
  }

  put(path: string, permission: Permission, handler: Handler): void {
    this.#guarded('PUT', path, permission, handler)
  }

  delete(path: string, permission: Permission, handler: Handler): void {
    this.#guarded('DELETE', path, permission, handler)
  }

  /** For signing in and for probes that carry no data: nobody is asked who they are. */
  public(method: Method, path: string, handler: PublicHandler): void {
    this.#add({ method, path, permission: 'public' }, async (request, response) => {
      if (method !== 'GET') checkOrigin(this.#context.config, request)
      await handler(this.#exchange(request, response))
    })
  }

  /** The routes, then METHOD_NOT_ALLOWED for known paths and NOT_FOUND for the rest. */
  build(): Router {
    const methods = new Map<string, Set<string>>()
    for (const { method, path } of this.declared) {
      const known = methods.get(path) ?? new Set()
      known.add(method)
      // Express answers HEAD with the GET route.
      if (method === 'GET') known.add('HEAD')
      methods.set(path, known)
    }
    for (const [path, known] of methods) {
      this.#router.all(path, (_request: Request, response: Response, next: NextFunction) => {
        const allowed: Set<string> = response.locals['allowed'] ?? new Set()
        for (const method of known) allowed.add(method)
        response.locals['allowed'] = allowed
        next()
      })
    }
    this.#router.use((request: Request, response: Response) => {
      const allowed: Set<string> | undefined = response.locals['allowed']
      if (!allowed) throw new ApiFailure('NOT_FOUND', 'There is nothing at this address.')
      const allow = [...allowed].toSorted()
      throw new ApiFailure('METHOD_NOT_ALLOWED', `This address answers ${allow.join(', ')} only.`, {
        params: [request.method],
        allow,
      })
    })
    return this.#router
  }

  #guarded(method: Method, path: string, permission: Permission, handler: Handler): void {
    this.#add({ method, path, permission }, async (request, response) => {
      const session = await admit(this.#context, request, permission)
      if (method !== 'GET') {
        checkOrigin(this.#context.config, request)
        checkCsrf(request, session)
      }
      await handler({ ...this.#exchange(request, response), session })
    })
  }

  #add(
    declaration: RouteDeclaration,
    handle: (request: Request, response: Response) => Promise<void>,
  ): void {
    this.declared.push(declaration)
    const method = declaration.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'
    this.#router[method](declaration.path, handle)
  }

  #exchange(request: Request, response: Response): PublicExchange {
    const requestId = requestIdOf(response)
    return {
      context: this.#context,
      request,
      response,
      requestId,
      from: callerAddress(request, trustOf(request.app)),
    }
  }
}

/**
 * Who is behind `request`, if they may do what takes `permission`: the one check that every route and socket passes.
 * @throws ApiFailure SIGN_IN_REQUIRED, PASSWORD_CHANGE_REQUIRED, FORBIDDEN
 */
export async function admit(
  context: Context,
  request: Pick<Request, 'headers'>,
  permission: Permission,
): Promise<ActiveSession> {
  const session = await context.access.authenticate(request)
  if (!session) throw new ApiFailure('SIGN_IN_REQUIRED', 'Sign in first.')
  if (session.mustChangePassword && permission !== 'account.self') {
    throw new ApiFailure('PASSWORD_CHANGE_REQUIRED', 'Change the one-time password first.')
  }
  context.access.authorize(session.subject, permission)
  return session
}
