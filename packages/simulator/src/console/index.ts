/** `/console`, by CONNECT and as a WebSocket: the consoles of VMs and hosts (PROTOCOL section 9.6). */
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Context, Request, Response } from '../http/routes.ts'
import type { Pool } from '../pool.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Behaviour } from '../rpc/registry.ts'
import { flag, int, list, text } from '../vm/row.ts'
import { Guests } from './guests.ts'
import { ConsoleRefusal, internalError, OK, plain, refuse } from './replies.ts'
import { png } from './screen/png.ts'
import { RfbServer } from './rfb/rfb-server.ts'
import { SerialSession } from './serial-session.ts'
import { proxyVnc, type VncServer } from './vnc-proxy.ts'
import { switchingProtocols, WebSocketStream } from './websocket.ts'

export { placeConsoles } from './place.ts'
export { parseVncUrl } from './vnc-proxy.ts'
export type { VncServer } from './vnc-proxy.ts'

export interface ConsoleOptions {
  /** VMs, by uuid, whose graphical console is that of a real VNC server. */
  readonly consoles?: ReadonlyMap<string, VncServer>
  readonly log?: (line: string) => void
}

interface Connection {
  readonly console: string
  readonly vm: string
  readonly host: string
  lastInput: number
  close(): void
}

/** How often idle connections are looked for, seconds. */
const IDLE_CHECK = 5
const WATCHED = new Set(['VM', 'console', 'VM_metrics'])

export function consoleBehaviour(options: ConsoleOptions = {}): Behaviour {
  const services = new Map<Pool, ConsoleService>()
  return {
    start(pool) {
      const service = new ConsoleService(pool, options)
      services.set(pool, service)
      pool.http.route('CONNECT', '/console', (...args) => service.connect(...args), {
        label: 'connect_console',
        action: 'connect_console',
      })
      pool.http.route('GET', '/console', (...args) => service.connectWebSocket(...args), {
        label: 'connect_console_ws',
        action: 'connect_console_ws',
      })
      pool.http.route('GET', '/vncsnapshot', (...args) => service.snapshot(...args), {
        label: 'get_vncsnapshot',
        action: 'get_vncsnapshot',
      })
    },
    stop(pool) {
      services.get(pool)?.stop()
      services.delete(pool)
    },
  }
}

class ConsoleService {
  readonly #pool: Pool
  readonly #options: ConsoleOptions
  readonly #guests: Guests
  readonly #connections = new Set<Connection>()
  readonly #unlisten: () => void
  #sweeping = false

  constructor(pool: Pool, options: ConsoleOptions) {
    this.#pool = pool
    this.#options = options
    this.#guests = new Guests(pool, (line) => options.log?.(line))
    this.#unlisten = pool.db.listen((cls) => {
      if (WATCHED.has(cls)) this.#scheduleSweep()
    })
    pool.every(IDLE_CHECK, () => this.#closeIdle())
  }

  stop(): void {
    this.#unlisten()
    for (const connection of this.#connections) connection.close()
    this.#connections.clear()
    this.#guests.stop()
  }

  connect(request: Request, response: Response, context: Context): void {
    this.#serve(request, response, context, (socket) => {
      socket.write(OK)
      return socket
    })
  }

  connectWebSocket(request: Request, response: Response, context: Context): void {
    const { headers } = request
    const key = headers.get('sec-websocket-key')
    const isUpgrade = headers.get('upgrade')?.toLowerCase() === 'websocket' && key !== undefined
    const isLimited = flag(this.#pool.db.must('pool', this.#pool.ref), 'limit_console_sessions')
    if (isLimited) plain(response.takeOver(), 'HTTP/1.1 503 Service Unavailable')
    else if (!isUpgrade) plain(response.takeOver(), 'HTTP/1.0 501 Method Not Implemented')
    else
      this.#serve(request, response, context, (socket) => {
        socket.write(switchingProtocols(key))
        return new WebSocketStream(socket)
      })
  }

  /** The guest's screen as it is now. */
  snapshot(request: Request, response: Response, context: Context): void {
    try {
      const found = this.#find(request.query)
      this.#check(found, context)
      const { db } = this.#pool
      if (db.must('console', found.console)['protocol'] !== 'rfb')
        throw internalError('Console.Failure')
      if (this.#options.consoles?.has(text(db.must('VM', found.vm), 'uuid')))
        throw new XapiError('NOT_IMPLEMENTED', 'GET /vncsnapshot of a VNC server')
      const picture = png(this.#guests.screen(found.vm).framebuffer)
      response.sendContent([['content-type', 'image/png']], picture)
    } catch (error) {
      if (!(error instanceof ConsoleRefusal)) throw error
      refuse(response.takeOver(), error)
    }
  }

  #serve(
    request: Request,
    response: Response,
    context: Context,
    accept: (socket: Socket) => Duplex,
  ): void {
    try {
      const found = this.#find(request.query)
      this.#check(found, context)
      const socket = response.takeOver()
      socket.setNoDelay(true)
      this.#open(accept(socket), found)
    } catch (error) {
      if (!(error instanceof ConsoleRefusal)) throw error
      refuse(response.takeOver(), error)
    }
  }

  /** The console that `uuid` or `ref` names; a VM's ref means its graphical one. */
  #find(query: URLSearchParams): { console: string; vm: string } {
    const { db } = this.#pool
    const uuid = query.get('uuid')
    let console = uuid === null ? (query.get('ref') ?? '') : db.byUuid('console', uuid)
    if (console === undefined)
      throw internalError(`Db_exn.Read_missing_uuid("console", "", "${uuid ?? ''}")`)
    const vm = db.get('VM', console)
    if (vm !== undefined)
      console = list(vm, 'consoles').find((ref) => db.get('console', ref)?.['protocol'] === 'rfb')
    const row = console === undefined ? undefined : db.get('console', console)
    if (console === undefined || row === undefined) throw internalError('Console.Failure')
    return { console, vm: text(row, 'VM') }
  }

  #check({ vm }: { vm: string }, context: Context): void {
    const { db } = this.#pool
    const row = db.get('VM', vm)
    if (row === undefined) throw internalError('Console.Failure')
    if (flag(row, 'is_control_domain'))
      context.assertPermission('http/connect_console/host_console')
    if (row['power_state'] !== 'Running' || row['resident_on'] !== context.host)
      throw internalError('Console.Failure')
    const isLimited = flag(db.must('pool', this.#pool.ref), 'limit_console_sessions')
    if (isLimited && [...this.#connections].some((each) => each.vm === vm))
      throw new ConsoleRefusal(
        '503 Connection Limit Exceeded',
        '<html><body><h1>Connection Limit Exceeded</h1>Somebody is connected to this console already.</body></html>',
      )
  }

  #open(socket: Duplex, { console, vm }: { console: string; vm: string }): void {
    const { db } = this.#pool
    const row = db.must('VM', vm)
    const connection: Connection = {
      console,
      vm,
      host: text(row, 'resident_on'),
      lastInput: this.#pool.clock.now(),
      close: () => socket.destroy(),
    }
    const onInput = (): void => {
      connection.lastInput = this.#pool.clock.now()
    }
    this.#connections.add(connection)
    socket.once('close', () => this.#connections.delete(connection))
    const server = this.#options.consoles?.get(text(row, 'uuid'))
    if (db.must('console', console)['protocol'] === 'vt100') {
      const family = this.#guests.guest(vm).machine.facts().system.family
      const name = row['domain_type'] === 'hvm' && family !== 'dom0' ? 'ttyS0' : 'hvc0'
      const session = new SerialSession(
        socket,
        this.#guests.guest(vm).terminal(name, 80, 24),
        onInput,
      )
      connection.close = () => session.close()
    } else if (server !== undefined) {
      socket.on('data', onInput)
      const proxy = proxyVnc(socket, server, (line) => this.#options.log?.(line))
      connection.close = () => proxy.close()
    } else {
      const rfb = new RfbServer(socket, this.#guests.screen(vm), { onInput })
      connection.close = () => rfb.close()
    }
    socket.resume()
  }

  /** Once for all writes of a turn. */
  #scheduleSweep(): void {
    if (this.#sweeping) return
    this.#sweeping = true
    setImmediate(() => {
      this.#sweeping = false
      this.#sweep()
    })
  }

  /** A domain that has gone or moved takes its consoles with it. */
  #sweep(): void {
    for (const connection of this.#connections) {
      const vm = this.#pool.db.get('VM', connection.vm)
      const isThere =
        vm !== undefined &&
        vm['resident_on'] === connection.host &&
        this.#pool.db.get('console', connection.console) !== undefined
      if (isThere) continue
      this.#connections.delete(connection)
      connection.close()
    }
    this.#guests.sweep()
  }

  /** pool.vm_console_idle_timeout and host.console_idle_timeout, in seconds; 0: none. */
  #closeIdle(): void {
    const { db, clock } = this.#pool
    const poolRow = db.get('pool', this.#pool.ref)
    for (const connection of this.#connections) {
      const vm = db.get('VM', connection.vm)
      const host = db.get('host', connection.host)
      if (vm === undefined || host === undefined || poolRow === undefined) continue
      const seconds = flag(vm, 'is_control_domain')
        ? int(host, 'console_idle_timeout')
        : int(poolRow, 'vm_console_idle_timeout')
      if (seconds > 0 && clock.now() - connection.lastInput > seconds * 1000) connection.close()
    }
  }
}
