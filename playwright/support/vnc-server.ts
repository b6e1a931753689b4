import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { freePorts } from './processes.ts'

const program = '/usr/bin/Xtigervnc'
export const hasVncServer = existsSync(program)

/**
 * A real VNC server (TigerVNC) with one X11 window on it, whose left half is coloured and which draws a bar for every
 * key that it hears of: what reaches the guest can be read off its picture.
 */
export class VncServer {
  readonly port: number
  /** X11 keycodes that were pressed, in order. */
  readonly keys: readonly number[]
  readonly #close: () => Promise<void>

  private constructor(port: number, keys: readonly number[], close: () => Promise<void>) {
    this.port = port
    this.keys = keys
    this.#close = close
  }

  static async start(geometry: { width: number; height: number }): Promise<VncServer> {
    const port = await freePorts(1)
    const server = spawn(
      program,
      [
        '-displayfd',
        '1',
        '-geometry',
        `${geometry.width}x${geometry.height}`,
        '-depth',
        '24',
        '-SecurityTypes',
        'None',
        '-rfbport',
        String(port),
        '-localhost',
        '-ac',
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    const leave = () => server.kill('SIGKILL')
    process.once('exit', leave)
    const ended = new Promise<void>((resolve) => server.once('close', () => resolve()))
    const display = await new Promise<string>((resolve, reject) => {
      createInterface({ input: server.stdout }).once('line', resolve)
      void ended.then(() => reject(new Error('Xtigervnc ended before it was ready')))
    })
    const keys: number[] = []
    const client = await openWindow(`/tmp/.X11-unix/X${display.trim()}`, geometry, keys)
    return new VncServer(port, keys, async () => {
      client.destroy()
      server.kill('SIGTERM')
      await ended
      process.off('exit', leave)
    })
  }

  async close(): Promise<void> {
    await this.#close()
  }
}

const keyPress = 2
/** Opcodes and masks of the X11 protocol, version 11. */
const opcode = {
  createWindow: 1,
  mapWindow: 8,
  setInputFocus: 42,
  createGc: 55,
  changeGc: 56,
  fill: 70,
}
const mask = { backPixel: 2, overrideRedirect: 0x200, eventMask: 0x800, gcForeground: 4 }

/** A request of 32-bit units: opcode, a byte, then little-endian words. */
function requestOf(code: number, byte: number, words: readonly number[]): Buffer {
  const request = Buffer.alloc(4 + words.length * 4)
  request.writeUInt8(code, 0)
  request.writeUInt8(byte, 1)
  request.writeUInt16LE(words.length + 1, 2)
  words.forEach((word, index) => request.writeUInt32LE(word >>> 0, 4 + index * 4))
  return request
}

/** Two 16-bit values as one word. */
const pair = (low: number, high: number) => (low & 0xffff) | (high << 16)

async function openWindow(
  path: string,
  { width, height }: { width: number; height: number },
  keys: number[],
): Promise<Socket> {
  const socket = connect(path)
  let received: Buffer = Buffer.alloc(0)
  let isReady = false
  const ready = new Promise<{ idBase: number; root: number }>((resolve, reject) => {
    socket.once('error', reject)
    socket.on('data', (data: Buffer) => {
      received = Buffer.concat([received, data])
      if (!isReady) {
        const length = received.length >= 8 ? 8 + received.readUInt16LE(6) * 4 : Infinity
        if (received.length < length) return
        isReady = true
        const vendor = received.readUInt16LE(24)
        const formats = received.readUInt8(29)
        const screen = 40 + Math.ceil(vendor / 4) * 4 + formats * 8
        resolve({ idBase: received.readUInt32LE(12), root: received.readUInt32LE(screen) })
        received = received.subarray(length)
      }
      // Events and errors are 32 bytes; nothing that is sent here has a reply.
      for (; received.length >= 32; received = received.subarray(32)) {
        if ((received.readUInt8(0) & 0x7f) === keyPress) onKey(received.readUInt8(1))
      }
    })
  })
  // Little-endian, protocol 11.0, no authorisation.
  socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
  const { idBase, root } = await ready
  const [window, gc] = [idBase + 1, idBase + 2]
  const fill = (colour: number, x: number, y: number, w: number, h: number) => {
    socket.write(requestOf(opcode.changeGc, 0, [gc, mask.gcForeground, colour]))
    socket.write(requestOf(opcode.fill, 0, [window, gc, pair(x, y), pair(w, h)]))
  }
  function onKey(code: number): void {
    fill(0xe0a030, width / 2 + 10, 20 + keys.length * 24, 200, 12)
    keys.push(code)
  }
  const frame = [pair(0, 0), pair(width, height), pair(0, 1), 0]
  const attributes = mask.backPixel | mask.overrideRedirect | mask.eventMask
  // The background, "no window manager", and key presses.
  const values = [0x203040, 1, 1]
  socket.write(requestOf(opcode.createWindow, 0, [window, root, ...frame, attributes, ...values]))
  socket.write(requestOf(opcode.createGc, 0, [gc, window, 0]))
  socket.write(requestOf(opcode.mapWindow, 0, [window]))
  socket.write(requestOf(opcode.setInputFocus, 0, [window, 0]))
  fill(0x3060c0, 0, 0, width / 2, height)
  return socket
}
