import { Router, type Request, type Response } from 'express'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { ApiFailure } from './errors.ts'
import { admit } from './routes.ts'

/** For load balancers and Prometheus: outside the API, at the root and below the base path alike. */
export function probeRoutes(context: Context): Router {
  const router = Router({ caseSensitive: true })
  router.get('/healthz', (_request: Request, response: Response) => {
    plain(response).send('ok\n')
  })
  router.get('/readyz', async (_request: Request, response: Response) => {
    if (context.isClosing()) throw new ApiFailure('SHUTTING_DOWN', 'The console is shutting down.')
    await sql`select 1`.execute(context.store.db)
    plain(response).send('ok\n')
  })
  router.get('/metrics', async (request: Request, response: Response) => {
    if (!isLocal(context, request)) await admit(context, request, 'connection.manage')
    plain(response).type('text/plain; version=0.0.4').send(context.metrics.render())
  })
  return router
}

function plain(response: Response): Response {
  return response.type('text/plain').setHeader('Cache-Control', 'no-store')
}

/**
 * Whether the request comes from this machine and through no proxy: behind one on the same machine everybody comes
 * from loopback.
 */
function isLocal({ config }: Context, request: Request): boolean {
  const isProxied =
    config.trustProxy !== false ||
    config.publicUrl !== undefined ||
    ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via'].some(
      (name) => name in request.headers,
    )
  const address = request.socket.remoteAddress ?? ''
  return !isProxied && /^(127\.|::1$|::ffff:127\.)/.test(address)
}
