/** What calls and connections fail with. None of them ever holds a password or a session. */
import type { ErrorCode } from './generated/errors.ts'

/** xapi answered with a failure: `ErrorDescription` is `[code, ...params]`. */
export class XenApiError extends Error {
  override readonly name = 'XenApiError'
  /** One of the generated codes, or one that this data model does not know yet. */
  readonly code: ErrorCode | (string & {})
  readonly params: string[]

  constructor(code: string, params: readonly string[] = []) {
    super(params.length > 0 ? `${code}: ${params.join(', ')}` : code)
    this.code = code
    this.params = [...params]
  }
}

export type TransportReason =
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'tls'
  | 'http'
  | 'aborted'
  | 'tooLarge'

/** The call got no XenAPI answer. After `reset` or `timeout` it may or may not have run. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  readonly reason: TransportReason
  /** HTTP status, with reason `http`. */
  readonly status?: number

  constructor(reason: TransportReason, message: string, options: { status?: number } = {}) {
    super(message)
    this.reason = reason
    if (options.status !== undefined) this.status = options.status
  }
}

/** The server's certificate is neither trusted nor pinned; nothing was sent to it. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError'
  /** SHA-256 of the certificate that was shown, `AA:BB:…`. */
  readonly fingerprint: string
  /** The first pinned fingerprint, or null where none was pinned. */
  readonly expected: string | null
  /** Why a certificate authority does not vouch for it, e.g. `DEPTH_ZERO_SELF_SIGNED_CERT`. */
  readonly problem: string
  /** `host:port` that showed the certificate. */
  readonly address: string

  constructor(details: {
    address: string
    fingerprint: string
    expected: string | null
    problem: string
  }) {
    super(
      `the certificate of ${details.address} is not trusted (${details.problem}); ` +
        `its SHA-256 fingerprint is ${details.fingerprint}`,
    )
    this.address = details.address
    this.fingerprint = details.fingerprint
    this.expected = details.expected
    this.problem = details.problem
  }
}

export type DecodeReason =
  | 'syntax'
  | 'structure'
  | 'entity'
  | 'truncated'
  | 'type'
  | 'depth'
  | 'bytes'
  | 'values'
  | 'members'
  | 'string'
  | 'name'

/** The reply is not what XenAPI sends, or is larger than the limits. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly reason: DecodeReason
  /** Bytes of the reply before the place where decoding stopped. */
  readonly offset: number

  constructor(reason: DecodeReason, offset: number, detail: string) {
    super(`cannot decode the reply at byte ${offset}: ${detail}`)
    this.reason = reason
    this.offset = offset
  }
}

/** The host refused a console stream (PROTOCOL section 9.6). */
export class ConsoleRefusedError extends Error {
  override readonly name = 'ConsoleRefusedError'
  /** HTTP status: 401 and 403 rights, 404 no console port, 500 not running here, 503 limit. */
  readonly status: number
  /** Beginning of the answer's body as plain text. */
  readonly body: string

  constructor(status: number, body: string) {
    super(`the host refused the console with status ${status}${body === '' ? '' : `: ${body}`}`)
    this.status = status
    this.body = body
  }
}
