/** Shows a host's certificate to a person, before anything is sent to the host. */
import type { TLSSocket } from 'node:tls'
import { TransportError } from '../errors.ts'
import { formatEndpoint, parseAddress } from './address.ts'
import { openTls, toTransportError } from './dial.ts'

export interface CertificateFacts {
  /** SHA-256, `AA:BB:…`. */
  fingerprint: string
  subject: string
  issuer: string
  /** As OpenSSL writes them, `Nov 22 10:00:00 2026 GMT`. */
  validFrom: string
  validTo: string
  /** A certificate authority that Node trusts vouches for it under this address. */
  trusted: boolean
  /** Why it is not trusted. */
  problem: string | null
}

const TIMEOUT = 10_000

/** Facts about the certificate at an address; null for an address with plain http. */
export async function probeCertificate(address: string): Promise<CertificateFacts | null> {
  const endpoint = parseAddress(address)
  if (!endpoint.secure) return null
  const socket = openTls(endpoint)
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve)
      socket.on('error', reject)
      socket.setTimeout(TIMEOUT, () =>
        reject(new TransportError('timeout', `${formatEndpoint(endpoint)} does not answer`)),
      )
    })
    return factsOf(socket)
  } catch (error) {
    throw toTransportError(error, endpoint)
  } finally {
    socket.destroy()
  }
}

function factsOf(socket: TLSSocket): CertificateFacts {
  const certificate = socket.getPeerCertificate()
  return {
    fingerprint: certificate.fingerprint256,
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validFrom: certificate.valid_from,
    validTo: certificate.valid_to,
    trusted: socket.authorized,
    problem: socket.authorized ? null : String(socket.authorizationError ?? 'UNKNOWN'),
  }
}

/** `CN=host, O=…` of a distinguished name; a part that occurs twice is written twice. */
function nameOf(name: object | undefined): string {
  return Object.entries(name ?? {})
    .flatMap(([key, value]) => [value].flat().map((part) => `${key}=${String(part)}`))
    .join(', ')
}
