/** Who asks for an HTTP handler (PROTOCOL 9.1). */
import { NULL_REF } from '../db/database.ts'
import { model } from '../model/model.ts'
import type { Pool } from '../pool.ts'
import { assertRole } from '../rpc/rbac.ts'
import type { Session } from '../session/sessions.ts'
import type { Head } from './head.ts'
import type { Route } from './routes.ts'

/** Simulated seconds a wrong password costs. */
const PAM_DELAY = 2

export interface Authenticated {
  readonly session: Session
  /** Ends a log-in that was made for this request only. */
  done(): void
}

/** Cookie, then query, then Basic. */
export async function authenticate(
  pool: Pool,
  head: Head,
  host: string,
): Promise<Authenticated | undefined> {
  const ref = cookie(head, 'session_id') ?? head.query.get('session_id')
  if (ref !== null && ref !== undefined) {
    try {
      return { session: pool.sessions.must(ref), done: () => {} }
    } catch {
      return undefined
    }
  }
  const basic = /^Basic\s+(\S+)$/i.exec(head.headers.get('authorization') ?? '')
  if (!basic) return undefined
  const [name = '', password = ''] = split(Buffer.from(basic[1]!, 'base64').toString())
  const account = pool.sessions.authenticate(name, password)
  if (!account) {
    await pool.sleep(PAM_DELAY).catch(() => {})
    return undefined
  }
  const session = pool.sessions.create(account, host, '', NULL_REF)
  return { session, done: () => pool.sessions.destroy(session.ref) }
}

function split(credentials: string): [string, string] {
  const colon = credentials.indexOf(':')
  return colon < 0 ? [credentials, ''] : [credentials.slice(0, colon), credentials.slice(colon + 1)]
}

function cookie(head: Head, name: string): string | undefined {
  for (const part of (head.headers.get('cookie') ?? '').split(/[;,&]/)) {
    const [key, ...value] = part.split('=')
    if (key?.trim() === name) return decodeURIComponent(value.join('=').trim())
  }
  return undefined
}

/** @throws XapiError RBAC_PERMISSION_DENIED */
export function assertAction(session: Session, route: Route): void {
  const action = model.data.http_actions.find(
    ({ name, method, uri }) =>
      name === route.options.action ||
      (!route.options.action && method.toUpperCase() === route.method && uri === route.path),
  )
  if (action) assertRole(session, `http/${action.name}`, action.min_role)
}

/** @throws XapiError RBAC_PERMISSION_DENIED; sub-permissions of handlers are pool-admin's */
export function assertHttpPermission(session: Session, permission: string): void {
  const name = permission.replace(/^http\//, '')
  const action = model.data.http_actions.find((each) => each.name === name)
  assertRole(session, permission, action ? action.min_role : 'pool-admin')
}
