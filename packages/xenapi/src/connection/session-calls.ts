/** Calls within a session: one shared re-login, careful retries, no secrets in errors. */
import { TransportError, XenApiError } from '../errors.ts'
import type { CallOptions } from './transport.ts'
import type { Session } from './login.ts'

/** Milliseconds without a byte. xapi is silent while a synchronous call runs. */
const READ_TIMEOUT = 60_000
const WRITE_TIMEOUT = 600_000

/** Messages that only read: `VM.get_record`, `host.get_servertime`, `system.listMethods`. */
export function isRead(method: string): boolean {
  return /^\w+\.get_/.test(method)
}

export interface SessionSource {
  /** The session of now; throws where there is none. */
  current(): Session
  /** A session other than the one that was refused. */
  renew(refused: Session): Promise<Session>
}

/**
 * Calls, and calls once more where that is safe: after a refusal of the session the call did not
 * run, and a read may run twice. A write whose connection broke is reported, never repeated.
 */
export async function callWithSession(
  source: SessionSource,
  method: string,
  params: readonly unknown[],
  options: Partial<CallOptions> = {},
): Promise<unknown> {
  const call: CallOptions = {
    timeout: options.timeout ?? (isRead(method) ? READ_TIMEOUT : WRITE_TIMEOUT),
    signal: options.signal,
  }
  const session = source.current()
  try {
    return await callOnce(session, method, params, call)
  } catch (error) {
    if (isRefusal(error)) {
      return await callOnce(await source.renew(session), method, params, call)
    }
    if (error instanceof TransportError && error.reason === 'reset' && isRead(method)) {
      return await callOnce(source.current(), method, params, call)
    }
    throw error
  }
}

/** xapi did not run the call: the session has ended, or the host is no coordinator any more. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof XenApiError &&
    (error.code === 'SESSION_INVALID' || error.code === 'HOST_IS_SLAVE')
  )
}

async function callOnce(
  session: Session,
  method: string,
  params: readonly unknown[],
  options: CallOptions,
): Promise<unknown> {
  try {
    return await session.transport.call(method, session.ref, params, options)
  } catch (error) {
    // SESSION_INVALID names the session, and so may others.
    if (!(error instanceof XenApiError) || !error.params.some((text) => text.includes(session.ref)))
      throw error
    throw new XenApiError(
      error.code,
      error.params.map((text) => text.replaceAll(session.ref, '***')),
    )
  }
}
