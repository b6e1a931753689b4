import type { IncomingMessage } from 'node:http'
import { parseCookie, stringifySetCookie } from 'cookie'
import type { Config } from '../config.ts'

type Where = Pick<Config, 'secure' | 'basePath'>

/**
 * `__Host-` makes the browser refuse the cookie unless it came over https from exactly this host, so that no
 * neighbouring host can plant one (RFC 6265bis 4.1.3.2). It demands Path=/, which a sub-path mount does not have.
 */
export function cookieName({ secure, basePath }: Where): string {
  return secure && basePath === '' ? '__Host-xendeck_session' : 'xendeck_session'
}

export function readCookie(
  where: Where,
  request: Pick<IncomingMessage, 'headers'>,
): string | undefined {
  return parseCookie(request.headers.cookie ?? '')[cookieName(where)] || undefined
}

/** The `Set-Cookie` header; no token: the one that makes the browser forget it. */
export function sessionCookie(where: Where, token: string | undefined): string {
  return stringifySetCookie({
    name: cookieName(where),
    value: token ?? '',
    httpOnly: true,
    sameSite: 'lax',
    secure: where.secure,
    path: where.basePath || '/',
    // Without an age it lives as long as the browser; the store decides when it is over.
    ...(token === undefined && { maxAge: 0 }),
  })
}
