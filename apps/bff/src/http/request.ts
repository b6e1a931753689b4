import { randomUUID } from 'node:crypto'
import type { NextFunction, Request, Response } from 'express'

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

/** The caller's address as far as XENDECK_TRUST_PROXY lets it be known. */
export function callerAddress(request: Request): string {
  return request.ip ?? 'unknown'
}
