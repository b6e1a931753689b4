import compression from 'compression'
import express, {
  json,
  type Express,
  type NextFunction,
  type Request,
  type Response,
} from 'express'
import type { Context } from './context.ts'
import { replyToErrors } from './http/errors.ts'
import { probeRoutes } from './http/probes.ts'
import { nameRequests } from './http/request.ts'
import { Routes } from './http/routes.ts'
import { securityHeaders } from './http/security.ts'
import { webRoutes } from './http/web.ts'

/** Everything the BFF answers over HTTP; `api` is what is below `/api/v1`. Needs no port. */
export function createApp(context: Context, api: Routes): Express {
  const { config } = context
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', config.trustProxy)
  app.set('query parser', 'simple')
  app.use(nameRequests, countRequests(context), ...securityHeaders(config))
  app.use(probeRoutes(context))
  if (config.basePath !== '') app.use(config.basePath, probeRoutes(context))
  app.use(
    `${config.basePath}/api`,
    revalidate,
    compression(),
    json({ limit: '1mb', strict: false }),
  )
  app.use(`${config.basePath}/api/v1`, api.build())
  app.use(`${config.basePath}/api`, new Routes(context).build())
  app.use(config.basePath || '/', webRoutes(config))
  if (config.basePath !== '') {
    app.get('/', (_request: Request, response: Response) =>
      response.redirect(`${config.basePath}/`),
    )
  }
  app.use(new Routes(context).build())
  app.use(replyToErrors(context.log))
  return app
}

/** Nothing of the API is shown from a cache without asking; a route may set something stricter. */
function revalidate(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'private, no-cache')
  next()
}

function countRequests({ metrics, log }: Context) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const begin = performance.now()
    response.once('close', () => {
      const status = response.writableFinished ? String(response.statusCode) : 'aborted'
      metrics.count('xendeck_http_requests_total', 'HTTP requests by method and status.', {
        method: known.has(request.method) ? request.method : 'other',
        status,
      })
      log.debug(
        {
          requestId: response.locals['requestId'],
          method: request.method,
          path: request.path,
          status,
          ms: Math.round(performance.now() - begin),
        },
        'request',
      )
    })
    next()
  }
}

const known = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])
