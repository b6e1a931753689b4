import { passwordChangeInput, rolePermissions, signInInput, type Session } from '@xendeck/contract'
import type { Response } from 'express'
import * as z from 'zod'
import type { Context } from '../context.ts'
import type { Routes } from '../http/routes.ts'
import { version } from '../version.ts'
import { sessionCookie } from './cookie.ts'
import type { ActiveSession } from './types.ts'

/** `/session`: sign in, who am I and what may I do, sign out, change the password. */
export function registerSessionRoutes(routes: Routes, { access, config }: Context): void {
  routes.public('POST', '/session', async ({ request, response, from, requestId }) => {
    const input = z.parse(signInInput, request.body)
    const attempt = { from, requestId }
    const { session, token } = await access.signIn(input, attempt)
    // Whoever was signed in with this browser no longer is.
    const previous = await access.authenticate(request)
    if (previous) await access.signOut(previous, attempt)
    response.setHeader('Set-Cookie', sessionCookie(config, token))
    answer(response, session)
  })

  routes.get('/session', 'account.self', ({ response, session }) => {
    answer(response, session)
  })

  routes.delete('/session', 'account.self', async ({ response, session, from, requestId }) => {
    await access.signOut(session, { from, requestId })
    response.setHeader('Set-Cookie', sessionCookie(config, undefined))
    response.status(204).end()
  })

  routes.post('/session/password', 'account.self', async (exchange) => {
    const { request, response, from, requestId } = exchange
    const input = z.parse(passwordChangeInput, request.body)
    const changed = await access.changePassword(exchange.session, input, { from, requestId })
    response.setHeader('Set-Cookie', sessionCookie(config, changed.token))
    answer(response, changed.session)
  })
}

/** With the CSRF token in it: not to be kept anywhere. */
function answer(response: Response, session: ActiveSession): void {
  response.setHeader('Cache-Control', 'no-store')
  response.json(describeSession(session))
}

function describeSession(session: ActiveSession): Session {
  const { userId, name, role } = session.subject
  return {
    user: { id: userId, name, role },
    permissions: [...rolePermissions[role]],
    mustChangePassword: session.mustChangePassword,
    csrfToken: session.csrfToken,
    expiresAt: session.expiresAt.toISOString(),
    version,
  }
}
