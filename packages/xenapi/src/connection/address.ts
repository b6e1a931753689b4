/** Addresses of hosts, as people type them and as xapi names them. */
import { isIPv6 } from 'node:net'

export interface Endpoint {
  readonly secure: boolean
  /** Name or address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

/**
 * Reads `host`, `host:port`, a bare or bracketed IPv6 address, or an http(s) URL. Scheme and port
 * that an address leaves open come from `like`; HOST_IS_SLAVE gives a bare address (PROTOCOL section 2.1).
 */
export function parseAddress(text: string, like?: Endpoint): Endpoint {
  const trimmed = text.trim()
  const scheme = /^(https?):\/\//i.exec(trimmed)?.[1]?.toLowerCase()
  const secure = scheme ? scheme === 'https' : (like?.secure ?? true)
  const rest = scheme ? trimmed.slice(scheme.length + 3) : trimmed
  const authority = isIPv6(rest) ? `[${rest}]` : rest
  let url: URL
  try {
    // Always read as http, whose default port is never left out by a person who means 443.
    url = new URL(`http://${authority}`)
  } catch {
    throw new TypeError(`not an address of a host: ${trimmed.slice(0, 100)}`)
  }
  const explicit = /:(\d+)$/.exec(authority.replace(/[/?#].*$/, ''))?.[1]
  // A URL says all there is to say: without a port it means its scheme's own.
  const fallback = like && !scheme ? like.port : secure ? 443 : 80
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (host === '') throw new TypeError('the address of the host is empty')
  return { secure, host, port: explicit === undefined ? fallback : Number(explicit) }
}

/** `host:port`, with IPv6 in brackets and the scheme's own port left out. */
export function formatEndpoint(endpoint: Endpoint): string {
  const host = isIPv6(endpoint.host) ? `[${endpoint.host}]` : endpoint.host
  return endpoint.port === (endpoint.secure ? 443 : 80) ? host : `${host}:${endpoint.port}`
}

export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.secure === b.secure && a.host === b.host && a.port === b.port
}
