import { closeCodes, type CloseCode } from '@xendeck/contract'
import type { WebSocket } from 'ws'

const INTERVAL = 20_000

/** Closes with a code; ws itself cuts off a peer that does not answer to that within half a minute. */
export function end(socket: WebSocket, code: CloseCode, reason: string): void {
  if (socket.readyState !== socket.OPEN) return
  // The peer's answer to the close has to be read.
  socket.resume()
  socket.close(code, reason)
}

/** How long peers have to answer the last close, in milliseconds. */
const GRACE = 1_000

/** The BFF goes away: says so, and does not wait for those who do not answer. */
export function sendAway(sockets: Iterable<WebSocket>): void {
  const told = [...sockets]
  for (const socket of told) end(socket, closeCodes.GOING_AWAY, 'shutting down')
  setTimeout(() => {
    for (const socket of told) socket.terminate()
  }, GRACE).unref()
}

/** Pings a peer; one that neither answers nor takes bytes until the next ping is gone, and its socket is cut off. */
export class KeepAlive {
  readonly #timer: NodeJS.Timeout
  #isAlive = true

  constructor(socket: WebSocket, interval = INTERVAL) {
    socket.on('pong', () => this.touch())
    socket.on('message', () => this.touch())
    this.#timer = setInterval(() => {
      // While we do not read we cannot hear it answer.
      if (!this.#isAlive && !socket.isPaused) return socket.terminate()
      this.#isAlive = false
      if (socket.readyState === socket.OPEN) socket.ping()
    }, interval)
    this.#timer.unref()
  }

  /** Bytes have left for it: on a slow line the answer to a ping waits behind them. */
  touch(): void {
    this.#isAlive = true
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
