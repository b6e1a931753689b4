import { errorCodes, type ErrorCode, type Refusal } from '@xendeck/contract'

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
 * Throw it anywhere; errors.ts makes the reply of it.
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
