import { closeCodes, type CloseCode } from '@xendeck/contract'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Context } from '../context.ts'
import { ApiFailure } from '../http/errors.ts'
import type { Upgrade } from '../http/upgrade.ts'
import { messageFrame } from './frame.ts'
import type { FeedHub } from './hub.ts'
import { parseKinds, scopeOf } from './scope.ts'

const PING_INTERVAL = 20_000
const SOCKETS_PER_SESSION = 20

/** `GET /api/v1/feed?revision=R&kinds=vm,host`. The client only listens: any message from it ends the socket. */
export class FeedSockets {
  readonly #hub: FeedHub
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false })
  readonly #perSession = new Map<string, number>()
  readonly #open = new Set<WebSocket>()

  constructor(hub: FeedHub) {
    this.#hub = hub
  }

  register(context: Context): void {
    context.upgrades.register('/api/v1/feed', 'inventory.read', (upgrade) => this.#accept(upgrade))
  }

  /** Tells every client that the BFF goes away. */
  close(): void {
    for (const socket of this.#open) socket.close(closeCodes.GOING_AWAY, 'shutting down')
    this.#server.close()
  }

  #accept(upgrade: Upgrade): void {
    const { context, session, query } = upgrade
    const wanted = parseKinds(query.get('kinds'))
    if (wanted === undefined) throw new ApiFailure('BAD_REQUEST', 'kinds names something that is no kind.')
    const count = this.#perSession.get(session.id) ?? 0
    if (count >= SOCKETS_PER_SESSION) {
      throw new ApiFailure('TOO_MANY_REQUESTS', 'Too many pages of this session are open. Close some.')
    }
    this.#perSession.set(session.id, count + 1)
    const release = () => {
      const left = (this.#perSession.get(session.id) ?? 1) - 1
      if (left > 0) this.#perSession.set(session.id, left)
      else this.#perSession.delete(session.id)
    }
    // Until it is a WebSocket the TCP socket's end is the only sign of a failed handshake.
    let upgraded = false
    upgrade.socket.once('close', () => {
      if (!upgraded) release()
    })
    this.#server.handleUpgrade(upgrade.request, upgrade.socket, upgrade.head, (socket) => {
      upgraded = true
      const scope = scopeOf(session.subject, wanted)
      const leave = this.#hub.join(peerOf(socket), scope, query.get('revision'))
      const stopPings = keepAlive(socket)
      const stopListening = context.access.onSessionEnded(session.id, () => {
        socket.send(messageFrame({ signedOut: true }), { binary: false })
        end(socket, closeCodes.SESSION_ENDED, 'signed out')
      })
      this.#open.add(socket)
      socket.on('message', () => end(socket, closeCodes.PROTOCOL, 'this socket only sends'))
      socket.on('error', (error) => context.log.debug({ err: error }, 'feed socket failed'))
      socket.once('close', () => {
        this.#open.delete(socket)
        leave()
        stopPings()
        stopListening()
        release()
      })
    })
  }
}

function peerOf(socket: WebSocket) {
  return {
    get bufferedAmount() {
      return socket.bufferedAmount
    },
    send: (frame: Buffer, done: () => void) => {
      if (socket.readyState === socket.OPEN) socket.send(frame, { binary: false }, done)
    },
    close: () => end(socket, closeCodes.TIMED_OUT, 'too slow'),
  }
}

/** Closes with a code; a peer that does not answer to it within a few seconds is cut off by ws itself. */
export function end(socket: WebSocket, code: CloseCode, reason: string): void {
  if (socket.readyState === socket.OPEN) socket.close(code, reason)
}

/** Pings; a peer that has not answered by the next ping is gone. Returns what stops it. */
export function keepAlive(socket: WebSocket, interval = PING_INTERVAL): () => void {
  let alive = true
  socket.on('pong', () => (alive = true))
  const timer = setInterval(() => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
  }, interval)
  timer.unref()
  return () => clearInterval(timer)
}
