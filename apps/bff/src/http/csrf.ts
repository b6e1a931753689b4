import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { ActiveSession } from '../access/types.ts'
import type { Config } from '../config.ts'
import { ApiFailure } from './errors.ts'

/**
 * Refuses what a page of another origin has sent. Browsers name the sender in Origin (always on sockets and on what is
 * not GET) and Sec-Fetch-Site; what has neither is no browser and carries no one's cookie by accident.
 * @throws ApiFailure ORIGIN_REFUSED
 */
export function checkOrigin(config: Config, request: Pick<IncomingMessage, 'headers'>): void {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  const refused = () =>
    new ApiFailure('ORIGIN_REFUSED', 'Requests from pages of another origin are refused.', {
      params: [origin ?? String(site)],
    })
  if (origin !== undefined) {
    if (origin === config.publicUrl?.origin) return
    if (!URL.canParse(origin) || host === undefined) throw refused()
    // Behind a proxy that ends TLS the scheme differs, so the host is what is compared.
    if (new URL(origin).host !== host.toLowerCase()) throw refused()
    return
  }
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refused()
}

/** @throws ApiFailure CSRF_REFUSED */
export function checkCsrf(
  request: Pick<IncomingMessage, 'headers'>,
  session: Pick<ActiveSession, 'csrfToken'>,
): void {
  const given = request.headers['x-csrf-token']
  const expected = Buffer.from(session.csrfToken)
  const actual = Buffer.from(typeof given === 'string' ? given : '')
  if (actual.length === expected.length && timingSafeEqual(actual, expected)) return
  throw new ApiFailure(
    'CSRF_REFUSED',
    'Send the csrfToken of GET /api/v1/session as the header X-CSRF-Token.',
  )
}
