import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'
import type { Request, Response } from 'express'
import { collections, kinds, type Kind } from '@xendeck/contract'
import { ApiFailure } from '../http/errors.ts'
import type { Exchange, Routes } from '../http/routes.ts'
import { maySee, parseKinds, scopeOf, type Scope } from './scope.ts'
import type { ResourceTable } from './table.ts'

/** `GET /inventory`, `GET /{collection}`, `GET /{collection}/{id}`. */
export function registerInventoryRoutes(routes: Routes, table: ResourceTable): void {
  routes.get('/inventory', 'inventory.read', async ({ request, response, session }) => {
    const asked = request.query['kinds']
    const wanted = parseKinds(typeof asked === 'string' ? asked : null)
    if (wanted === undefined)
      throw new ApiFailure('BAD_REQUEST', 'kinds names something that is no kind.')
    const scope = scopeOf(session.subject, wanted)
    await sendJson(request, response, tag(table, scope), inventoryText(table, scope))
  })
  for (const kind of kinds) {
    const path = `/${collections[kind]}`
    routes.get(path, 'inventory.read', async ({ request, response, session }) => {
      const scope = scopeOf(session.subject, [kind])
      await sendJson(request, response, tag(table, scope), listText(rowsOf(table, scope, kind)))
    })
    routes.get(`${path}/:id`, 'inventory.read', (exchange) => sendOne(exchange, table, kind))
  }
}

function sendOne({ request, response, session }: Exchange, table: ResourceTable, kind: Kind): void {
  const { id } = request.params
  const row = typeof id === 'string' ? table.row(kind, id) : undefined
  if (!row || !maySee(session.subject, row.poolId)) {
    throw new ApiFailure('NOT_FOUND', `There is no such ${kind}.`)
  }
  response.type('application/json').send(row.json)
}

function rowsOf(table: ResourceTable, scope: Scope, kind: Kind): string[] {
  const texts: string[] = []
  for (const row of table.rows(kind).values()) if (scope.sees(row)) texts.push(row.json)
  return texts
}

/** The rows are collected at once, so that what is sent is one moment's state, however slowly it is read. */
function* inventoryText(table: ResourceTable, scope: Scope): Generator<string> {
  const lists = scope.kinds.map((kind) => [kind, rowsOf(table, scope, kind)] as const)
  yield `{"revision":${JSON.stringify(table.revision)},"resources":{`
  for (const [index, [kind, texts]] of lists.entries()) {
    yield `${index > 0 ? ',' : ''}"${kind}":`
    yield* listText(texts)
  }
  yield '}}'
}

const PIECE = 64 * 1024

function* listText(texts: readonly string[]): Generator<string> {
  let piece = '['
  for (const [index, text] of texts.entries()) {
    piece += index > 0 ? `,${text}` : text
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  yield `${piece}]`
}

/** Who sees another selection has another tag, also at the same revision. */
function tag(table: ResourceTable, scope: Scope): string {
  return `W/"${table.revision}|${scope.key}"`.replaceAll(' ', '')
}

/** Compressed for who can take it: at low levels, which cost less time than the network that they save. */
async function sendJson(
  request: Request,
  response: Response,
  etag: string,
  pieces: Iterable<string>,
): Promise<void> {
  response.set({
    ETag: etag,
    'Cache-Control': 'private, no-cache',
    Vary: 'Accept-Encoding, Cookie',
  })
  response.type('application/json')
  if (request.fresh) {
    response.status(304).end()
    return
  }
  const encoding = request.acceptsEncodings('br', 'gzip', 'identity')
  const text = Readable.from(pieces, { objectMode: true, highWaterMark: 4 })
  try {
    if (encoding === 'br') {
      response.set('Content-Encoding', 'br')
      await pipeline(
        text,
        createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }),
        response,
      )
    } else if (encoding === 'gzip') {
      response.set('Content-Encoding', 'gzip')
      await pipeline(text, createGzip({ level: 3 }), response)
    } else {
      await pipeline(text, response)
    }
  } catch (error) {
    // A reader that has gone away is no failure of ours.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'))
      throw error
  }
}
