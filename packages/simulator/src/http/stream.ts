/** Long replies in pieces: at the client's pace, and without holding up everybody else. */
import type { Socket } from 'node:net'
import { once } from 'node:events'

/** Characters that are written at a time. */
const CHUNK = 64 * 1024
/** How long making pieces may hold the event loop, ms. */
const TURN = 8

/** Writes all pieces and ends the connection; gives up when the client has gone. */
export async function stream(socket: Socket, pieces: Iterable<string>): Promise<void> {
  let buffered = ''
  let started = performance.now()
  for (const piece of pieces) {
    buffered += piece
    if (buffered.length >= CHUNK) {
      if (!socket.write(buffered))
        await Promise.race([once(socket, 'drain'), once(socket, 'close')])
      buffered = ''
    }
    if (performance.now() - started > TURN) {
      await new Promise((resolve) => setImmediate(resolve))
      started = performance.now()
    }
    if (socket.destroyed) return
  }
  socket.end(buffered)
}
