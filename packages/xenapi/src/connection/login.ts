/** Finds the pool's coordinator and logs in there (PROTOCOL section 2.1). */
import { CertificateError, TransportError, XenApiError } from '../errors.ts'
import { formatEndpoint, parseAddress, sameEndpoint } from './address.ts'
import type { Endpoint } from './address.ts'
import type { DecodeLimits } from '../wire/limits.ts'
import { Transport } from './transport.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
  readonly originator: string
}

export interface Session {
  readonly transport: Transport
  /** Reference of the session: a secret like the password. */
  readonly ref: string
}

/** Shown to xapi as the version of the client's API; it does not check it. */
const API_VERSION = '2.21'
/** A wrong password is answered after 5 s, an Active Directory that starts after 120 s. */
const LOGIN_TIMEOUT = 130_000
/** How often a host may send us on to another. */
const MAX_REDIRECTS = 3

const CALL = { timeout: LOGIN_TIMEOUT }

export interface LoginOptions {
  readonly credentials: Credentials
  readonly fingerprints: readonly string[]
  readonly limits?: DecodeLimits
  readonly signal: AbortSignal
}

/** Errors that trying again does not mend; a person has to change something. */
export function isFinal(error: unknown): boolean {
  if (error instanceof CertificateError) return true
  return (
    error instanceof XenApiError &&
    (error.code === 'SESSION_AUTHENTICATION_FAILED' ||
      error.code === 'SESSION_AUTHORIZATION_FAILED' ||
      error.code === 'RBAC_PERMISSION_DENIED')
  )
}

/** Logs in at an endpoint, or where it says that the coordinator is. */
async function loginAt(start: Endpoint, options: LoginOptions): Promise<Session> {
  let endpoint = start
  for (let redirects = 0; ; redirects++) {
    const transport = new Transport(endpoint, options)
    try {
      return { transport, ref: await callLogin(transport, options) }
    } catch (error) {
      transport.close()
      if (redirects > 0 && error instanceof CertificateError) {
        // Not the host that a person has given: they can look at this one's certificate at its own address.
        throw new XenApiError('HOST_IS_SLAVE', [error.address])
      }
      const next = redirectOf(error, endpoint)
      if (!next) throw withoutSecrets(error, options.credentials)
      if (redirects >= MAX_REDIRECTS || sameEndpoint(next, endpoint)) {
        throw new TransportError('refused', 'no host says that it is the coordinator')
      }
      endpoint = next
    }
  }
}

async function callLogin(transport: Transport, options: LoginOptions): Promise<string> {
  const { username, password, originator } = options.credentials
  const call = { ...CALL, signal: options.signal }
  const method = 'session.login_with_password'
  try {
    const params = [username, password, API_VERSION, originator]
    return String(await transport.call(method, null, params, call))
  } catch (error) {
    // Before XenServer 6.2 there was no originator.
    if (!isCode(error, 'MESSAGE_PARAMETER_COUNT_MISMATCH')) throw error
    return String(await transport.call(method, null, [username, password, API_VERSION], call))
  }
}

function isCode(error: unknown, code: string): error is XenApiError {
  return error instanceof XenApiError && error.code === code
}

function redirectOf(error: unknown, from: Endpoint): Endpoint | undefined {
  const address = isCode(error, 'HOST_IS_SLAVE') ? error.params[0] : undefined
  if (!address) return undefined
  try {
    return parseAddress(address, from)
  } catch {
    return undefined
  }
}

/** xapi repeats parameters in some errors; the password must not travel on in one. */
function withoutSecrets(error: unknown, { password }: Credentials): unknown {
  if (!(error instanceof XenApiError) || password === '') return error
  return new XenApiError(
    error.code,
    error.params.map((param) => param.replaceAll(password, '***')),
  )
}

/**
 * Logs in at the first endpoint; where that cannot be reached, asks all others at once and takes
 * the first that logs in or leads to a coordinator.
 */
export async function login(
  candidates: readonly Endpoint[],
  options: LoginOptions,
): Promise<Session> {
  const [first, ...others] = candidates
  if (!first) throw new TransportError('refused', 'no address is known')
  try {
    return await loginAt(first, options)
  } catch (error) {
    if (others.length === 0 || isFinal(error) || options.signal.aborted) throw error
    return await loginAtAny(others, options, error)
  }
}

async function loginAtAny(
  endpoints: readonly Endpoint[],
  options: LoginOptions,
  firstError: unknown,
): Promise<Session> {
  const race = new AbortController()
  const signal = AbortSignal.any([options.signal, race.signal])
  const attempts = endpoints.map((endpoint) => loginAt(endpoint, { ...options, signal }))
  try {
    const winner = await Promise.any(attempts)
    race.abort()
    for (const attempt of attempts) {
      attempt.then(
        (session) => (session === winner ? undefined : logout(session)),
        () => undefined,
      )
    }
    return winner
  } catch (error) {
    const errors: unknown[] = error instanceof AggregateError ? error.errors : [error]
    // That a member shows an unknown certificate says nothing about the host that is away.
    const final = errors.find((each) => isFinal(each) && !(each instanceof CertificateError))
    throw final ?? firstError
  }
}

/** Ends a session; a host that cannot be asked will end it by itself. */
export async function logout(session: Session): Promise<void> {
  try {
    await session.transport.call('session.logout', session.ref, [], { timeout: 3000 })
  } catch {
    // xapi drops idle sessions after 24 h.
  } finally {
    session.transport.close()
  }
}

/** Candidates for a login, the likeliest first, each once. */
export function candidatesOf(addresses: readonly string[], like: Endpoint): Endpoint[] {
  const seen = new Map<string, Endpoint>()
  for (const address of addresses) {
    try {
      const endpoint = parseAddress(address, like)
      const key = `${endpoint.secure}|${formatEndpoint(endpoint)}`
      if (!seen.has(key)) seen.set(key, endpoint)
    } catch {
      // A host without an address yet has an empty one.
    }
  }
  return [...seen.values()]
}
