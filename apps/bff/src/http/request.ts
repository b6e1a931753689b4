import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Application, NextFunction, Request, Response } from 'express'

/** Gives every request an id, for the log, the audit and the reply. Ids from outside are not taken over. */
export function nameRequests(_request: Request, response: Response, next: NextFunction): void {
  const requestId = randomUUID()
  response.locals['requestId'] = requestId
  response.setHeader('X-Request-Id', requestId)
  next()
}

export function requestIdOf(response: Response): string {
  const requestId: unknown = response.locals['requestId']
  return typeof requestId === 'string' ? requestId : '-'
}

/** Whether the n-th address, counted from this server, is a proxy whose word counts: Express's `trust proxy fn`. */
export type TrustProxy = (address: string, hop: number) => boolean

/** The caller's address as far as XENDECK_TRUST_PROXY lets it be known. */
export function callerAddress(request: IncomingMessage, trust: TrustProxy): string {
  const forwarded = request.headers['x-forwarded-for']
  const claimed = (typeof forwarded === 'string' ? forwarded.split(',') : []).map((part) =>
    part.trim(),
  )
  let address = request.socket.remoteAddress ?? 'unknown'
  for (const [hop, before] of claimed.toReversed().entries()) {
    if (before === '' || !trust(address, hop)) break
    address = before
  }
  return address
}

export function trustOf(app: Application): TrustProxy {
  return app.get('trust proxy fn') as TrustProxy
}
