import { once } from 'node:events'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Express } from 'express'
import type { Logger } from 'pino'
import { createAccess } from './access/access.ts'
import { createFirstAdministrator, type FirstAdministrator } from './access/accounts.ts'
import { defaultCost, type PasswordCost } from './access/passwords.ts'
import { registerSessionRoutes } from './access/routes.ts'
import { createApp } from './app.ts'
import { createAudit } from './audit/audit.ts'
import type { Config } from './config.ts'
import type { Clock, Context } from './context.ts'
import { Metrics } from './http/metrics.ts'
import { trustOf } from './http/request.ts'
import { Routes, type RouteDeclaration } from './http/routes.ts'
import { UpgradeRouter, type SocketDeclaration } from './http/upgrade.ts'
import { createLogger } from './logger.ts'
import { OperationRegistry } from './operations/registry.ts'
import { registerOperationRoutes } from './operations/routes.ts'
import { Estate } from './pools/estate.ts'
import { openStore } from './store/store.ts'

/** What a test may put in place of the real thing. */
export interface Replacements {
  readonly log?: Logger
  readonly clock?: Clock
  readonly passwordCost?: PasswordCost
}

export interface RunningBff {
  /** Where it can be opened from this machine, with a slash at the end. */
  readonly address: string
  readonly port: number
  /** On the first start: who can sign in. */
  readonly firstAdministrator: FirstAdministrator | undefined
  readonly context: Context
  /** Everything that is answered below `/api/v1`, and every socket. */
  readonly declared: {
    readonly routes: readonly RouteDeclaration[]
    readonly sockets: readonly SocketDeclaration[]
  }
  /** Stops accepting, ends sockets and pools' sessions, closes the store: within 5 s. */
  close(): Promise<void>
}

/** The BFF cannot listen. The message is a sentence for the person who starts it. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

/** Milliseconds that open requests and pools get to come to an end. */
const patience = 3500

/** @throws StoreError, ListenError */
export async function startBff(
  config: Config,
  replacements: Replacements = {},
): Promise<RunningBff> {
  const log = replacements.log ?? createLogger(config.logLevel)
  const clock = replacements.clock ?? { now: () => new Date() }
  const cost = replacements.passwordCost ?? defaultCost
  const store = await openStore(config)
  const undo: (() => Promise<void> | void)[] = [() => store.close()]
  try {
    const audit = createAudit(store, clock)
    const access = await createAccess({ config, store, audit, log, clock, cost })
    undo.push(() => access.close())
    const estate = new Estate({ config, log, clock, store })
    undo.push(() => estate.close())
    const metrics = new Metrics()
    undo.push(() => metrics.close())
    let closing: Promise<void> | undefined
    const operations = new OperationRegistry()
    const context: Context = {
      config,
      log,
      clock,
      store,
      access,
      audit,
      operations,
      upgrades: new UpgradeRouter(),
      inventory: estate.inventory,
      metrics,
      isClosing: () => closing !== undefined,
    }
    metrics.gauge('xendeck_sockets', 'Open WebSockets.', () => context.upgrades.open)
    const api = new Routes(context)
    registerSessionRoutes(api, context)
    estate.register(context, api)
    registerOperationRoutes(api, context)
    const app = createApp(context, api)
    const server = createServer(config, app)
    context.upgrades.listen(server, context, trustOf(app))
    const port = await listen(server, config)
    undo.push(() => endConnections(server))
    // Only now: were the port in use, nobody would ever read the password that is made up here.
    const firstAdministrator = await createFirstAdministrator(
      store,
      clock,
      cost,
      config.adminPassword,
    )
    await estate.start()
    log.info({ port, host: config.host, database: store.location }, 'started')
    return {
      address: addressOf(config, port),
      port,
      firstAdministrator,
      context,
      declared: { routes: api.declared, sockets: context.upgrades.declared },
      close() {
        closing ??= (async () => {
          operations.close()
          server.close()
          server.closeIdleConnections()
          const ended = estate.close().catch((error: unknown) => {
            log.error({ err: error }, 'not everything could be ended in order')
          })
          await Promise.race([ended, sleep(patience, undefined, { ref: false })])
          await endConnections(server)
          metrics.close()
          access.close()
          await store.close()
          log.info('stopped')
        })()
        return closing
      },
    }
  } catch (error) {
    for (const step of undo.toReversed()) await step()
    throw error
  }
}

function createServer({ tls }: Config, app: Express): Server {
  const server = tls
    ? createHttpsServer({ cert: tls.certificate, key: tls.key }, app)
    : createHttpServer(app)
  // Against clients that send a byte now and then. A request is at most 1 MiB; replies may take as long as they need.
  server.headersTimeout = 15_000
  server.requestTimeout = 60_000
  server.keepAliveTimeout = 65_000
  server.maxHeadersCount = 100
  return server
}

async function listen(server: Server, { host, port }: Config): Promise<number> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new ListenError(whyNot(error, host, port), { cause: error })
  }
  const address = server.address()
  return typeof address === 'object' && address ? address.port : port
}

function whyNot(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return `Port ${port} of ${host} is in use: stop what listens there, or set PORT to another one.`
  }
  if (code === 'EACCES') {
    return `Port ${port} may not be used by this account: set PORT to one above 1023.`
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `HOST is "${host}": expected an address of this machine, such as 127.0.0.1 or 0.0.0.0.`
  }
  return `Cannot listen on ${host}, port ${port}: ${error instanceof Error ? error.message : String(error)}.`
}

/** Lets open requests end, for a moment, then cuts what is left. */
async function endConnections(server: Server): Promise<void> {
  const closed = server.listening ? once(server, 'close') : Promise.resolve()
  if (server.listening) server.close()
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), 500)
  await closed
  clearTimeout(cut)
  server.closeAllConnections()
}

function addressOf({ host, tls, publicUrl, basePath }: Config, port: number): string {
  if (publicUrl) return `${publicUrl.origin}${basePath}/`
  const isAny = host === '0.0.0.0' || host === '::'
  const name = isAny ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `${tls ? 'https' : 'http'}://${name}:${port}/`
}
