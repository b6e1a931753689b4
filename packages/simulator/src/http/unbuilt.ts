/**
 * HTTP handlers that a real host has and the simulator has not: they ask for a session as xapi's do
 * and then say so, instead of 403, which would mean a lack of permission.
 */
import { model } from '../model/model.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Behaviour } from '../rpc/registry.ts'
import type { Method } from './routes.ts'

const METHODS: Readonly<Record<string, Method>> = {
  GET: 'GET',
  PUT: 'PUT',
  POST: 'POST',
  CONNECT: 'CONNECT',
}
/** The RPC itself, and the web site of a host. */
const RPC = new Set(['/', '/RPC2', '/json', '/jsonrpc'])
/** Realms that are not the action's name (recording 358). */
const LABELS: Readonly<Record<string, string>> = { '/blob': 'Blob handler' }
/** xapi asks nobody who they are there; /cli does so inside its own protocol. */
const OPEN = new Set(['/cli', '/update/'])

/** Put it last: it fills what the others have left. */
export const unbuiltHandlers: Behaviour = {
  start(pool) {
    for (const { name, method, uri } of model.data.http_actions) {
      const verb = METHODS[method.toUpperCase()]
      if (verb === undefined || RPC.has(uri) || pool.http.has(verb, uri)) continue
      pool.http.route(
        verb,
        uri,
        () => {
          throw new XapiError('NOT_IMPLEMENTED', `${verb} ${uri}`)
        },
        { authenticate: !OPEN.has(uri), action: name, label: LABELS[uri] ?? name },
      )
    }
  },
}
