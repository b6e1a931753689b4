import type { ErrorRequestHandler } from 'express'
import type { Logger } from 'pino'
import * as z from 'zod'
import { errorCodes, type ApiErrorBody } from '@xendeck/contract'
import { toPoolFailure } from '../operations/xenapi-errors.ts'
import { ApiFailure } from './api-failure.ts'
import { requestIdOf } from './request.ts'

export { ApiFailure }

/** The body of a reply that is not a success (packages/contract/src/errors.ts). */
export function errorBody(failure: ApiFailure, requestId: string): ApiErrorBody {
  return {
    error: {
      code: failure.code,
      message: failure.message,
      params: [...failure.params],
      requestId,
      ...(failure.fields && { fields: { ...failure.fields } }),
      ...(failure.refusal && {
        refusal: { code: failure.refusal.code, params: { ...failure.refusal.params } },
      }),
    },
  }
}

/**
 * What the caller is told of anything thrown. What is not known here becomes INTERNAL, without a word of what it was:
 * that goes to the log with the request's id.
 */
export function toApiFailure(thrown: unknown): ApiFailure {
  if (thrown instanceof ApiFailure) return thrown
  if (thrown instanceof z.core.$ZodError) return invalidInput(thrown)
  if (isHttpError(thrown)) return badRequest(thrown)
  const ofPool = toPoolFailure(thrown)
  if (ofPool instanceof ApiFailure) return ofPool
  return new ApiFailure(
    'INTERNAL',
    'Something went wrong here, not with the request. The log has it under the request id.',
    { cause: thrown },
  )
}

function invalidInput(error: z.core.$ZodError): ApiFailure {
  const fields = new Map<string, string>()
  for (const { path, message } of error.issues) {
    const name = path.join('.')
    if (!fields.has(name)) fields.set(name, message)
  }
  const [first] = fields
  const [name, message] = first ?? ['', 'invalid']
  return new ApiFailure('INVALID_INPUT', name ? `${name}: ${message}.` : `${message}.`, {
    fields: Object.fromEntries(fields),
  })
}

/** What Express and its body parser throw (package http-errors). */
interface HttpError extends Error {
  readonly status: number
  readonly type?: string
}

function isHttpError(thrown: unknown): thrown is HttpError {
  if (!(thrown instanceof Error) || !('status' in thrown)) return false
  return typeof thrown.status === 'number' && thrown.status >= 400 && thrown.status < 500
}

/** Their messages may quote the body, so only the kind of error is told. */
function badRequest(error: HttpError): ApiFailure {
  if (error.status === errorCodes.PAYLOAD_TOO_LARGE) {
    return new ApiFailure('PAYLOAD_TOO_LARGE', 'The request is larger than 1 MiB.')
  }
  if (error.type === 'entity.parse.failed') {
    return new ApiFailure('BAD_REQUEST', 'The body is not JSON.')
  }
  return new ApiFailure('BAD_REQUEST', 'The request cannot be read. Send JSON in UTF-8.', {
    params: error.type === undefined ? [] : [error.type],
  })
}

/** Express's last middleware: writes the reply to whatever was thrown, and the log where it was our fault. */
export function replyToErrors(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const failure = toApiFailure(thrown)
    const requestId = requestIdOf(response)
    if (failure.status >= 500) {
      const { method, path } = request
      log.error(
        { requestId, method, path, code: failure.code, err: failure.cause },
        failure.message,
      )
    }
    // Half a reply cannot be taken back: the client must see that it is not whole.
    if (response.headersSent) return void response.destroy()
    if (failure.allow) response.setHeader('Allow', failure.allow.join(', '))
    if (failure.retryAfter !== undefined) response.setHeader('Retry-After', failure.retryAfter)
    response.setHeader('Cache-Control', 'no-store')
    response.status(failure.status).json(errorBody(failure, requestId))
  }
}
