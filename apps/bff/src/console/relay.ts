import type { Duplex } from 'node:stream'
import { closeCodes } from '@xendeck/contract'
import type { RawData, WebSocket } from 'ws'
import { ConsoleEnd } from './source.ts'

/** Waiting bytes above which the pool's socket is not read any more, and below which it is again. */
const HIGH_WATER = 256 * 1024
const LOW_WATER = 64 * 1024

export interface Traffic {
  /** Bytes to and from the browser. */
  sent: number
  received: number
}

/**
 * Bytes both ways until one side ends. Neither is read while the other is full, so that a slow reader costs a window's
 * worth of memory. Resolves with why the console's side ended, or null where the browser closed.
 */
export function relay(
  socket: WebSocket,
  console: Duplex,
  traffic: Traffic,
  onProgress: () => void,
): Promise<ConsoleEnd | null> {
  return new Promise((resolve) => {
    let settled = false
    const finish = (end: ConsoleEnd | null) => {
      if (settled) return
      settled = true
      resolve(end)
    }

    console.on('data', (chunk: Buffer) => {
      if (socket.readyState !== socket.OPEN) return
      traffic.sent += chunk.length
      socket.send(chunk, { binary: true }, () => {
        onProgress()
        if (socket.bufferedAmount <= LOW_WATER && console.isPaused()) console.resume()
      })
      if (socket.bufferedAmount > HIGH_WATER) console.pause()
    })
    // The host has said its last word; what it has sent is in the WebSocket's queue before its close.
    console.once('end', () =>
      finish(new ConsoleEnd(closeCodes.CONSOLE_LOST, 'the host closed the console')),
    )
    console.once('error', () =>
      finish(new ConsoleEnd(closeCodes.CONSOLE_LOST, 'the console broke off')),
    )
    console.once('close', () =>
      finish(new ConsoleEnd(closeCodes.CONSOLE_LOST, 'the console broke off')),
    )

    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (socket.readyState !== socket.OPEN) return
      if (!isBinary) return finish(new ConsoleEnd(closeCodes.PROTOCOL, 'only binary messages'))
      const bytes = bytesOf(data)
      traffic.received += bytes.length
      if (console.writable && !console.write(bytes)) socket.pause()
    })
    console.on('drain', () => socket.resume())
    socket.once('close', () => {
      // Half-close: what was typed last still goes out.
      console.end()
      finish(null)
    })
  })
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
