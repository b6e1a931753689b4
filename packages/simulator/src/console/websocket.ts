/**
 * `GET /console` as a WebSocket (RFC 6455), as xapi's wsproxy speaks it: the protocol is always
 * "binary", offered or not, every frame binary (recording 340), a ping unanswered. Server side, no
 * extensions: some framing on a stream that is already open, where a library wants Node's own HTTP
 * server and offers no protocol that the client has not.
 */
import { createHash } from 'node:crypto'
import { Duplex } from 'node:stream'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const CONTINUATION = 0x0
const TEXT = 0x1
const BINARY = 0x2
const CLOSE = 0x8
const FIN = 0x80
const MASKED = 0x80
/** Keys and pointer events are some bytes, a paste some thousands. */
const MAX_FRAME = 1024 * 1024
const POLICY = 1002
const TOO_BIG = 1009

/** The reply to an upgrade, in xapi's order and case. */
export function switchingProtocols(key: string): string {
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64')
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: binary\r\n\r\n`
}

/** The bytes within the frames of `socket`; ends with it, and it with them. */
export class WebSocketStream extends Duplex {
  readonly #socket: Duplex
  #kept: Buffer = Buffer.alloc(0)

  constructor(socket: Duplex) {
    super({ allowHalfOpen: false })
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('end', () => this.push(null))
    socket.on('error', () => this.destroy())
    socket.on('close', () => this.destroy())
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#send(BINARY, chunk, done)
  }

  override _final(done: () => void): void {
    this.#send(CLOSE, Buffer.from([0x03, 0xe8]), done)
    this.#socket.end()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }

  #send(opcode: number, payload: Buffer, done: () => void = () => undefined): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return done()
    this.#socket.write(header(opcode, payload.length))
    if (this.#socket.write(payload)) done()
    else {
      const drained = (): void => {
        this.#socket.off('drain', drained)
        this.#socket.off('close', drained)
        done()
      }
      this.#socket.on('drain', drained)
      this.#socket.on('close', drained)
    }
  }

  #fail(code: number): void {
    this.#send(CLOSE, Buffer.from([code >> 8, code & 0xff]))
    this.#socket.end()
    this.push(null)
  }

  #receive(chunk: Buffer): void {
    this.#kept = this.#kept.length > 0 ? Buffer.concat([this.#kept, chunk]) : chunk
    for (;;) {
      const frame = readFrame(this.#kept)
      if (frame === undefined) return
      if (typeof frame === 'number') return this.#fail(frame)
      this.#kept = this.#kept.subarray(frame.length)
      if (!this.#take(frame)) return
    }
  }

  /** @returns whether frames after this one are read */
  #take({ opcode, payload }: Frame): boolean {
    if (opcode === CLOSE) {
      this.#send(CLOSE, payload.subarray(0, 2))
      this.#socket.end()
      this.push(null)
      return false
    }
    // What came in pieces is bytes all the same.
    if (opcode === BINARY || opcode === TEXT || opcode === CONTINUATION) {
      if (payload.length > 0 && !this.push(payload)) this.#socket.pause()
    }
    return true
  }
}

interface Frame {
  readonly opcode: number
  readonly payload: Buffer
  /** With its header. */
  readonly length: number
}

/** undefined: not all of it is there; a number: the close code for what breaks the rules. */
function readFrame(bytes: Buffer): Frame | number | undefined {
  if (bytes.length < 2) return undefined
  const second = bytes.readUInt8(1)
  // Clients must mask (RFC 6455, section 5.1).
  if ((second & MASKED) === 0) return POLICY
  const short = second & 0x7f
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0
  if (bytes.length < 2 + extended) return undefined
  const size =
    extended === 0
      ? short
      : extended === 2
        ? bytes.readUInt16BE(2)
        : Number(bytes.readBigUInt64BE(2))
  if (size > MAX_FRAME) return TOO_BIG
  const start = 2 + extended + 4
  if (bytes.length < start + size) return undefined
  const mask = bytes.subarray(start - 4, start)
  const payload = Buffer.from(bytes.subarray(start, start + size))
  for (let index = 0; index < payload.length; index++)
    payload[index] = payload.readUInt8(index) ^ mask.readUInt8(index % 4)
  return { opcode: bytes.readUInt8(0) & 0x0f, payload, length: start + size }
}

function header(opcode: number, length: number): Buffer {
  if (length < 126) return Buffer.from([FIN | opcode, length])
  if (length < 65_536) {
    const head = Buffer.from([FIN | opcode, 126, 0, 0])
    head.writeUInt16BE(length, 2)
    return head
  }
  const head = Buffer.alloc(10)
  head.writeUInt8(FIN | opcode, 0)
  head.writeUInt8(127, 1)
  head.writeBigUInt64BE(BigInt(length), 2)
  return head
}
