import type { NextFunction, Request, RequestHandler, Response } from 'express'
import helmet from 'helmet'
import type { Config } from '../config.ts'

/** Features of the browser that the pages use: the clipboard of a console, and its full screen. */
const permissionsPolicy = [
  'clipboard-read=(self)',
  'clipboard-write=(self)',
  'fullscreen=(self)',
  'keyboard-map=(self)',
  'accelerometer=()',
  'autoplay=()',
  'camera=()',
  'display-capture=()',
  'geolocation=()',
  'gyroscope=()',
  'magnetometer=()',
  'microphone=()',
  'midi=()',
  'payment=()',
  'usb=()',
  'xr-spatial-tracking=()',
].join(', ')

/**
 * Headers of every reply. Scripts come from this server only and never from the page itself; why styles may is in
 * docs/decisions/0003-content-security-policy.md.
 */
export function securityHeaders({ secure }: Pick<Config, 'secure'>): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          fontSrc: ["'self'"],
          // 'self' covers ws: and wss: of the same host (CSP 3, 6.7.2.8).
          connectSrc: ["'self'"],
          manifestSrc: ["'self'"],
          workerSrc: ["'self'"],
          baseUri: ["'self'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
        },
      },
      strictTransportSecurity: secure && { maxAge: 365 * 24 * 3600, includeSubDomains: false },
      referrerPolicy: { policy: 'no-referrer' },
      xFrameOptions: { action: 'deny' },
    }),
    (_request: Request, response: Response, next: NextFunction) => {
      response.setHeader('Permissions-Policy', permissionsPolicy)
      next()
    },
  ]
}
