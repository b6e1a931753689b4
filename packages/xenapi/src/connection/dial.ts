/** Opens sockets to hosts, and lets nobody use one before its certificate was checked. */
import { connect as connectTcp, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { CertificateError, TransportError } from '../errors.ts'
import { formatEndpoint } from './address.ts'
import type { Endpoint } from './address.ts'

/** Milliseconds until a socket must be open and, where it is TLS, checked. */
const CONNECT_TIMEOUT = 10_000

export interface DialOptions {
  /** SHA-256 fingerprints that are accepted beside CA-signed certificates. */
  readonly fingerprints: readonly string[]
  readonly signal?: AbortSignal
}

const REFUSED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EHOSTDOWN',
])

/** Any failure below XenAPI as a TransportError; errors of this package stay what they are. */
export function toTransportError(error: unknown, endpoint: Endpoint): Error {
  if (error instanceof TransportError || error instanceof CertificateError) return error
  const { code = '', name = '' } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { name: '' }
  const where = formatEndpoint(endpoint)
  if (name === 'AbortError' || code === 'ABORT_ERR') {
    return new TransportError('aborted', `the call to ${where} was aborted`)
  }
  if (REFUSED.has(code))
    return new TransportError('refused', `${where} cannot be reached (${code})`)
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') {
    return new TransportError('timeout', `${where} does not answer`)
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return new TransportError('tls', `${where} does not speak TLS as expected (${code})`)
  }
  return new TransportError('reset', `the connection to ${where} broke (${code || 'closed'})`)
}

function normalise(fingerprint: string): string {
  return fingerprint.replaceAll(/[^0-9a-fA-F]/g, '').toUpperCase()
}

/** Throws CertificateError unless a CA vouches for the peer or its fingerprint is pinned. */
export function checkPeer(
  socket: TLSSocket,
  endpoint: Endpoint,
  fingerprints: readonly string[],
): void {
  if (socket.authorized) return
  const fingerprint = socket.getPeerCertificate().fingerprint256 ?? ''
  const shown = normalise(fingerprint)
  if (shown !== '' && fingerprints.some((pinned) => normalise(pinned) === shown)) return
  throw new CertificateError({
    address: formatEndpoint(endpoint),
    fingerprint,
    expected: fingerprints[0] ?? null,
    // Node's types say Error; it is the error's code.
    problem: String(socket.authorizationError ?? 'UNKNOWN'),
  })
}

export function openTls(endpoint: Endpoint): TLSSocket {
  return connectTls({
    host: endpoint.host,
    port: endpoint.port,
    // Names only: RFC 6066 forbids addresses in SNI.
    servername: isIP(endpoint.host) === 0 ? endpoint.host : '',
    minVersion: 'TLSv1.2',
    // The certificate is checked in checkPeer, after the handshake and before the first byte:
    // no session is ever resumed, so it is there every time.
    rejectUnauthorized: false,
  })
}

/** A socket that is open and whose certificate, on TLS, is trusted or pinned. */
export function dial(endpoint: Endpoint, options: DialOptions): Promise<Socket> {
  const { signal } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(toTransportError(new DOMException('aborted', 'AbortError'), endpoint))
      return
    }
    const socket = endpoint.secure
      ? openTls(endpoint)
      : connectTcp({ host: endpoint.host, port: endpoint.port })
    const fail = (error: unknown): void => {
      settle()
      socket.destroy()
      reject(toTransportError(error, endpoint))
    }
    const onTimeout = (): void =>
      fail(new TransportError('timeout', `${formatEndpoint(endpoint)} does not answer`))
    const onAbort = (): void => fail(new DOMException('aborted', 'AbortError'))
    const onClose = (): void => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))
    const onReady = (): void => {
      try {
        if (endpoint.secure) checkPeer(socket as TLSSocket, endpoint, options.fingerprints)
      } catch (error) {
        fail(error)
        return
      }
      settle()
      resolve(socket)
    }
    const timer = setTimeout(onTimeout, CONNECT_TIMEOUT)
    const readyEvent = endpoint.secure ? 'secureConnect' : 'connect'
    function settle(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      socket.off('error', fail)
      socket.off('close', onClose)
      socket.off(readyEvent, onReady)
      // A late error of a socket that nobody holds must not end the process.
      socket.on('error', () => {})
    }
    socket.setNoDelay(true)
    socket.once(readyEvent, onReady)
    socket.once('error', fail)
    socket.once('close', onClose)
    signal?.addEventListener('abort', onAbort)
  })
}
