import { readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { Router, type Request, type Response } from 'express'
import type { Config } from '../config.ts'
import { ApiFailure } from './errors.ts'

/** Vite puts a hash of the content into these names: what is there never changes. */
const hashed = /^\/assets\/.*-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** The built web app: its files, and the page for every address that is one of its routes. */
export function webRoutes({ webDir, basePath }: Pick<Config, 'webDir' | 'basePath'>): Router {
  const router = Router()
  router.get('/{*path}', async (request: Request, response: Response) => {
    const path = fileName(request)
    if (path !== undefined && (await isFile(join(webDir, path)))) {
      return await sendWebFile(request, response, webDir, path)
    }
    // A file that is not there must not become a page: a script would be parsed as HTML.
    if (path === undefined || extname(path) !== '') {
      throw new ApiFailure('NOT_FOUND', 'There is nothing at this address.')
    }
    await sendPage(response, webDir, basePath)
  })
  return router
}

/** The path of a file below the web directory; undefined for what cannot be one. */
function fileName(request: Request): string | undefined {
  let path: string
  try {
    path = decodeURIComponent(request.path)
  } catch {
    return undefined
  }
  const isOutside = path.split(/[/\\]/).some((part) => part.startsWith('.'))
  // The compressed copies are sent in place of their originals only, the page with its base path only.
  if (isOutside || path.includes('\0') || /\.(br|gz)$|^\/index\.html$/.test(path)) return undefined
  return path
}

async function sendWebFile(
  request: Request,
  response: Response,
  webDir: string,
  path: string,
): Promise<void> {
  response.setHeader(
    'Cache-Control',
    hashed.test(path) ? 'public, max-age=31536000, immutable' : 'public, no-cache',
  )
  response.vary('Accept-Encoding')
  // sendFile would take the type from the compressed file's name.
  response.type(extname(path))
  let file = path
  for (const [encoding, suffix] of encodings) {
    if (!request.acceptsEncodings(encoding) || !(await isFile(join(webDir, path + suffix))))
      continue
    response.setHeader('Content-Encoding', encoding)
    file = path + suffix
    break
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const options = { root: webDir, cacheControl: false }
  response.sendFile(file.slice(1), options, (error) => (error ? reject(error) : resolve()))
  await promise.catch((error: unknown) => {
    // Mostly a client that went away; the file itself has just been seen.
    if (!response.headersSent) throw error
  })
}

async function sendPage(response: Response, webDir: string, basePath: string): Promise<void> {
  const page = await readFile(join(webDir, 'index.html'), 'utf8').catch(() => undefined)
  response.type('html').setHeader('Cache-Control', 'no-cache')
  if (page === undefined) return void response.status(503).send(missingBuild)
  response.send(page.replace('<base href="/" />', `<base href="${basePath}/" />`))
}

const missingBuild = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>XenDeck</title>
<h1>The web app has not been built</h1>
<p>Run <code>npm run build</code> in the project, then load this page again. The API works without it.</p>
</html>
`

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
