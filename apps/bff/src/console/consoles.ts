import { closeCodes, consoleTicketInput, type ConsoleTicket } from '@xendeck/contract'
import { XenApiError, type XenConnection } from '@xendeck/xenapi'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Context } from '../context.ts'
import { end, KeepAlive, sendAway } from '../feed/keep-alive.ts'
import { ApiFailure } from '../http/errors.ts'
import type { Routes } from '../http/routes.ts'
import type { Upgrade } from '../http/upgrade.ts'
import { locate } from '../operations/services.ts'
import type { Pools } from '../pools/pools.ts'
import { relay, type Traffic } from './relay.ts'
import { ConsoleEnd, endFromState, endOf, openVmConsole, type OpenedConsole } from './source.ts'
import { Tickets, type Ticket } from './tickets.ts'

const PER_USER = 20
const ALTOGETHER = 500
/** Typed text and pasted text; clients split what is longer. */
const MAX_MESSAGE = 1024 * 1024
/** How long after a console ended its cause may still be on its way with the events, in milliseconds. */
const CAUSE = 1_500

/** Consoles of VMs in the browser: tickets, then a WebSocket that carries the console's bytes. */
export class Consoles {
  readonly #context: Context
  readonly #pools: Pools
  readonly #tickets: Tickets
  readonly #limits: { readonly perUser: number; readonly altogether: number }
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    // Screens are compressed already, and deflate costs memory and time for each socket.
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('binary') ? 'binary' : false),
  })
  /** Open consoles by user id. */
  readonly #open = new Map<string, Set<WebSocket>>()

  constructor(
    context: Context,
    pools: Pools,
    limits = { perUser: PER_USER, altogether: ALTOGETHER },
  ) {
    this.#context = context
    this.#pools = pools
    this.#limits = limits
    this.#tickets = new Tickets(
      () => context.clock.now(),
      (sessionId, listener) => context.access.onSessionEnded(sessionId, listener),
    )
  }

  get count(): number {
    let count = 0
    for (const sockets of this.#open.values()) count += sockets.size
    return count
  }

  register(routes: Routes): void {
    routes.post(
      '/vms/:id/console-tickets',
      'vm.console',
      ({ context, request, response, session }) => {
        const id = String(request.params['id'])
        const vm = context.inventory.find('vm', id, session.subject)
        if (!vm) throw new ApiFailure('NOT_FOUND', 'There is no such VM.', { params: ['vm', id] })
        context.access.authorize(session.subject, 'vm.console', { poolId: vm.poolId })
        const { protocol } = consoleTicketInput.parse(request.body)
        const { ticket, expiresAt } = this.#tickets.issue({
          sessionId: session.id,
          subject: session.subject,
          vmId: vm.id,
          poolId: vm.poolId,
          protocol,
        })
        const reply: ConsoleTicket = { ticket, expiresAt: expiresAt.toISOString() }
        response.status(201).json(reply)
      },
    )
    this.#context.upgrades.register('/api/v1/console/:ticket', 'vm.console', (upgrade) =>
      this.#accept(upgrade),
    )
  }

  /** Tells every client that the BFF goes away. */
  close(): void {
    for (const sockets of this.#open.values()) sendAway(sockets)
    this.#server.close()
  }

  #accept(upgrade: Upgrade): void {
    const { session, params } = upgrade
    const ticket = this.#tickets.redeem(params['ticket'] ?? '', session.id)
    // A browser is not told the status of a refused upgrade: refusals are close codes.
    this.#server.handleUpgrade(upgrade.request, upgrade.socket, upgrade.head, (socket) => {
      socket.on('error', (error) =>
        this.#context.log.debug({ err: error }, 'console socket failed'),
      )
      if (!ticket)
        return end(socket, closeCodes.NOT_FOUND, 'the ticket is unknown, used or expired')
      const { userId } = ticket.subject
      const mine = this.#open.get(userId) ?? new Set()
      if (mine.size >= this.#limits.perUser || this.count >= this.#limits.altogether) {
        return end(socket, closeCodes.LIMIT_REACHED, 'too many consoles are open')
      }
      this.#open.set(userId, mine.add(socket))
      this.#serve(socket, ticket, upgrade)
        .catch((error: unknown) => {
          this.#context.log.error({ err: error, requestId: upgrade.requestId }, 'console failed')
          end(socket, closeCodes.CONSOLE_LOST, 'the console failed')
        })
        .finally(() => {
          mine.delete(socket)
          if (mine.size === 0 && this.#open.get(userId) === mine) this.#open.delete(userId)
        })
    })
  }

  async #serve(socket: WebSocket, ticket: Ticket, upgrade: Upgrade): Promise<void> {
    const { access } = this.#context
    const gone = new AbortController()
    const stops: (() => void)[] = []
    const alive = new KeepAlive(socket)
    const traffic: Traffic = { sent: 0, received: 0 }
    const started = performance.now()
    // Nothing may be lost that the client sends while the console is being opened.
    socket.pause()
    socket.once('close', () => gone.abort())
    stops.push(
      access.onSessionEnded(ticket.sessionId, () =>
        end(socket, closeCodes.SESSION_ENDED, 'signed out'),
      ),
      () => alive.stop(),
    )
    let reason: ConsoleEnd | null = null
    let wasOpened = false
    try {
      // Rights may have changed since the ticket was given out.
      access.authorize(ticket.subject, 'vm.console', { poolId: ticket.poolId })
      const { connection, ref } = locate(this.#pools, 'VM', {
        id: ticket.vmId,
        poolId: ticket.poolId,
      })
      // A paused socket does not notice that its peer has gone: opening is bounded by its own patience.
      const opened = await openVmConsole(connection, ref, ticket.protocol, gone.signal)
      wasOpened = true
      await this.#audit(ticket, upgrade, 'console.open', 'ok')
      stops.push(() => opened.stream.destroy())
      stops.push(
        this.#watch(connection, ref, opened, ticket, (why) => end(socket, why.code, why.message)),
      )
      const relayed = relay(socket, opened.stream, traffic, () => alive.touch())
      socket.resume()
      reason = await relayed
      if (reason?.code === closeCodes.CONSOLE_LOST) {
        reason = await this.#causeOf(reason, connection, ref, opened, ticket, gone.signal)
      }
    } catch (error) {
      reason = gone.signal.aborted ? null : refusalOf(error)
    } finally {
      for (const stop of stops) stop()
    }
    if (socket.isPaused) socket.resume()
    if (reason) end(socket, reason.code, reason.message)
    const seconds = Math.round((performance.now() - started) / 1000)
    const outcome = reason ? `${reason.code} ${reason.message}` : 'ok'
    this.#context.log.info(
      { requestId: upgrade.requestId, vm: ticket.vmId, seconds, ...traffic, outcome },
      'console closed',
    )
    if (wasOpened) {
      const { sent, received } = traffic
      await this.#audit(
        ticket,
        upgrade,
        'console.close',
        `ok: ${seconds} s, ${sent} B out, ${received} B in`,
      )
    } else if (reason) {
      await this.#audit(ticket, upgrade, 'console.open', String(reason.code))
    }
  }

  /** Follows the VM while its console is open: xapi cuts some of these off late, or not at all. */
  #watch(
    connection: XenConnection,
    vmRef: string,
    opened: OpenedConsole,
    ticket: Ticket,
    onEnd: (reason: ConsoleEnd) => void,
  ): () => void {
    const stopStore = connection.store.subscribe((changes) => {
      if (!changes.some(({ class: cls, ref }) => ref === vmRef || cls === 'console')) return
      const reason = endFromState(connection, vmRef, ticket.protocol, opened)
      if (reason) onEnd(reason)
    })
    const stopStatus = connection.onStatus(({ phase }) => {
      // While the events are lost the console may well go on; a connection that was ended has no consoles.
      if (phase === 'closed')
        onEnd(new ConsoleEnd(closeCodes.POOL_UNREACHABLE, 'the pool was disconnected'))
    })
    return () => {
      stopStore()
      stopStatus()
    }
  }

  /** Why the host ended the console: the pool's events say so, perhaps a moment later. */
  async #causeOf(
    lost: ConsoleEnd,
    connection: XenConnection,
    vmRef: string,
    opened: OpenedConsole,
    ticket: Ticket,
    signal: AbortSignal,
  ): Promise<ConsoleEnd> {
    const find = () => {
      const { phase, error } = connection.status
      if (phase === 'ready') return endFromState(connection, vmRef, ticket.protocol, opened)
      return error instanceof XenApiError
        ? endOf(error)
        : new ConsoleEnd(closeCodes.POOL_UNREACHABLE, 'the pool cannot be reached')
    }
    return await new Promise<ConsoleEnd>((resolve) => {
      const check = () => {
        const cause = find()
        if (cause) finish(cause)
      }
      const finish = (cause: ConsoleEnd) => {
        clearTimeout(timer)
        stopStore()
        stopStatus()
        resolve(cause)
      }
      const timer = setTimeout(() => finish(lost), CAUSE)
      const stopStore = connection.store.subscribe(check)
      const stopStatus = connection.onStatus(check)
      signal.addEventListener('abort', () => finish(lost), { once: true })
      check()
    })
  }

  async #audit(ticket: Ticket, upgrade: Upgrade, action: string, result: string): Promise<void> {
    const { subject, vmId, poolId } = ticket
    const name = this.#context.inventory.find('vm', vmId, subject)?.name ?? ''
    await this.#context.audit.append({
      userId: subject.userId,
      userName: subject.name,
      from: upgrade.from,
      action,
      target: { kind: 'vm', id: vmId, name },
      poolId,
      result,
      requestId: upgrade.requestId,
    })
  }
}

function refusalOf(error: unknown): ConsoleEnd {
  if (!(error instanceof ApiFailure)) return endOf(error)
  if (error.code === 'FORBIDDEN') return new ConsoleEnd(closeCodes.FORBIDDEN, 'not permitted')
  if (error.code === 'NOT_FOUND') return new ConsoleEnd(closeCodes.NOT_FOUND, 'the VM is gone')
  return new ConsoleEnd(closeCodes.POOL_UNREACHABLE, 'the pool is not connected')
}
