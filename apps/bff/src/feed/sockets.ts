import { closeCodes, type FeedMessage } from '@xendeck/contract'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Context } from '../context.ts'
import { ApiFailure } from '../http/errors.ts'
import type { Upgrade } from '../http/upgrade.ts'
import { end, KeepAlive, sendAway } from './keep-alive.ts'
import type { FeedHub, FeedPeer } from './hub.ts'
import { parseKinds, scopeOf } from './scope.ts'

const SOCKETS_PER_SESSION = 20

/** `GET /api/v1/feed?revision=R&kinds=vm,host`. The client only listens: any message from it ends the socket. */
export class FeedSockets {
  readonly #hub: FeedHub
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: 1024,
    perMessageDeflate: false,
  })
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
    sendAway(this.#open)
    this.#server.close()
  }

  #accept(upgrade: Upgrade): void {
    const { context, session, query } = upgrade
    const wanted = parseKinds(query.get('kinds'))
    if (wanted === undefined)
      throw new ApiFailure('BAD_REQUEST', 'kinds names something that is no kind.')
    const count = this.#perSession.get(session.id) ?? 0
    if (count >= SOCKETS_PER_SESSION) {
      throw new ApiFailure(
        'TOO_MANY_REQUESTS',
        'Too many pages of this session are open. Close some.',
      )
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
      const alive = new KeepAlive(socket)
      const leave = this.#hub.join(peerOf(socket, alive), scope, query.get('revision'))
      const stopListening = context.access.onSessionEnded(session.id, () => {
        const last: FeedMessage = { signedOut: true }
        socket.send(JSON.stringify(last))
        end(socket, closeCodes.SESSION_ENDED, 'signed out')
      })
      this.#open.add(socket)
      socket.on('message', () => end(socket, closeCodes.PROTOCOL, 'this socket only sends'))
      socket.on('error', (error) => context.log.debug({ err: error }, 'feed socket failed'))
      socket.once('close', () => {
        this.#open.delete(socket)
        leave()
        alive.stop()
        stopListening()
        release()
      })
    })
  }
}

function peerOf(socket: WebSocket, alive: KeepAlive): FeedPeer {
  return {
    get bufferedAmount() {
      return socket.bufferedAmount
    },
    send: (frame, done) => {
      if (socket.readyState !== socket.OPEN) return
      socket.send(frame, { binary: false }, () => {
        alive.touch()
        done()
      })
    },
    close: () => end(socket, closeCodes.TIMED_OUT, 'too slow'),
  }
}
