import type { ErrorRequestHandler } from 'express'
import type { Logger } from 'pino'
import * as z from 'zod'
import { errorCodes, type ApiErrorBody, type ErrorCode, type Refusal } from '@xendeck/contract'
import { requestIdOf } from './request.ts'

/** What may be said of a failure beside its code and message. */
export interface FailureDetails {
  readonly params?: readonly string[]
  /** Which input was wrong: path → what is wrong with it. */
  readonly fields?: Readonly<Record<string, string>>
  /** Of OPERATION_REFUSED: why. */
  readonly refusal?: Refusal
  /** Seconds after which it makes sense to try again (`Retry-After`). */
  readonly retryAfter?: number
  /** Methods that would be answered (`Allow`). */
  readonly allow?: readonly string[]
  /** What it came from: for the log only, never sent. */
  readonly cause?: unknown
}

/**
 * A failure that the caller is told of as it is: everything in it goes into the reply, so nothing secret may be in it.
 * Throw it anywhere; {@link toApiFailure} and {@link errorBody} below make the reply of it.
 */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  /** One of ours, or a XenAPI error code. */
  readonly code: string
  readonly status: number
  readonly params: readonly string[]
  readonly fields: Readonly<Record<string, string>> | undefined
  readonly refusal: Refusal | undefined
  readonly retryAfter: number | undefined
  readonly allow: readonly string[] | undefined

  /** `message`: one English sentence that says what to do next. `status` is the code's own where it is left out. */
  constructor(code: ErrorCode, message: string, details?: FailureDetails)
  constructor(code: string, message: string, details: FailureDetails & { status: number })
  constructor(code: string, message: string, details: FailureDetails & { status?: number } = {}) {
    super(message, { cause: details.cause })
    this.code = code
    this.status = details.status ?? statusOf(code) ?? errorCodes.INTERNAL
    this.params = details.params ?? []
    this.fields = details.fields
    this.refusal = details.refusal
    this.retryAfter = details.retryAfter
    this.allow = details.allow
  }
}

function statusOf(code: string): number | undefined {
  const known: Record<string, number> = errorCodes
  return Object.hasOwn(known, code) ? known[code] : undefined
}

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
