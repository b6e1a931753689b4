/**
 * One viewer of a screen: an RFB 3.8 server on a byte stream (RFC 6143), as QEMU offers it to
 * `CONNECT /console`. Versions 3.3, 3.7 and 3.8, no authentication (the handshake before it has
 * done that), any number of viewers a screen; the shared flag is read and every viewer is shared.
 *
 * What a viewer can cost is bounded: input is parsed as it comes and at most one message is held;
 * of what changes on the screen only *where* is remembered until the viewer asks and its socket
 * drains. Whatever is not RFB ends the connection.
 */
import type { Duplex } from 'node:stream'
import { intersection, type Rect, union } from '../screen/framebuffer.ts'
import type { Screen } from '../screen/screen.ts'
import { cursorRectangle } from './cursor.ts'
import { DirtyRegion } from './dirty-region.ts'
import { ENCODING, encodeRaw, rectangleHeader, ZrleEncoder } from './encodings.ts'
import {
  colourMapMessage,
  NATIVE_FORMAT,
  PixelWriter,
  readFormat,
  writeFormat,
} from './pixel-format.ts'

/** SetEncodings may name 65,535; no viewer knows more than a few dozen. */
const MAX_ENCODINGS = 1024
/** Clipboard text is not kept, only skipped; more than this is no clipboard. */
const MAX_CUT_TEXT = 16 * 1024 * 1024
/** Two updates are at least this far apart (ms), so that a scrolling guest costs no more. */
const FRAME_INTERVAL = 30

type Stage = 'version' | 'security' | 'init' | 'messages' | 'closed'

/** Thrown inside for input that no RFB client sends. */
class ProtocolError extends Error {}

export interface RfbOptions {
  /** A key or pointer message came: the viewer is not idle. */
  onInput?: () => void
}

export class RfbServer {
  readonly #stream: Duplex
  readonly #screen: Screen
  readonly #options: RfbOptions
  readonly #unlisten: () => void
  readonly #dirty = new DirtyRegion()
  #input: Buffer = Buffer.alloc(0)
  /** Bytes of input still to be thrown away (clipboard text). */
  #skip = 0
  #stage: Stage = 'version'
  #minor = 8
  #writer = new PixelWriter(NATIVE_FORMAT)
  #encodings = new Set<number>()
  #zrle: ZrleEncoder | undefined
  /** The size the viewer knows; differs from the screen's until it was told. */
  #width: number
  #height: number
  #requested: Rect | undefined
  #announce = new Set<number>()
  #sending = false
  #sentAt = 0
  #timer: NodeJS.Timeout | undefined

  constructor(stream: Duplex, screen: Screen, options: RfbOptions = {}) {
    this.#stream = stream
    this.#screen = screen
    this.#options = options
    this.#width = screen.framebuffer.width
    this.#height = screen.framebuffer.height
    this.#unlisten = screen.framebuffer.listen({
      damaged: (rect) => {
        this.#dirty.add(rect)
        this.#schedule()
      },
      resized: () => {
        this.#invalidate()
        this.#schedule()
      },
    })
    stream.on('data', (chunk: Buffer) => this.#receive(chunk))
    stream.on('drain', () => this.#schedule())
    stream.on('error', () => this.close())
    stream.on('end', () => this.close())
    stream.on('close', () => this.close())
    stream.write('RFB 003.008\n')
  }

  close(): void {
    if (this.#stage === 'closed') return
    this.#stage = 'closed'
    this.#unlisten()
    clearTimeout(this.#timer)
    this.#zrle?.close()
    this.#input = Buffer.alloc(0)
    this.#stream.destroy()
  }

  #receive(chunk: Buffer): void {
    if (this.#stage === 'closed') return
    this.#input = this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk])
    try {
      while (this.#isOpen() && this.#input.length > 0 && this.#step());
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.close()
    }
  }

  /** Takes `length` bytes, or undefined until they are there. */
  #take(length: number): Buffer | undefined {
    if (this.#input.length < length) return undefined
    const bytes = this.#input.subarray(0, length)
    this.#input = this.#input.subarray(length)
    return bytes
  }

  /** Handles one message; false when it is not complete. */
  #step(): boolean {
    if (this.#skip > 0) {
      const length = Math.min(this.#skip, this.#input.length)
      this.#skip -= length
      this.#input = this.#input.subarray(length)
      return true
    }
    switch (this.#stage) {
      case 'version':
        return this.#readVersion()
      case 'security':
        return this.#readSecurity()
      case 'init':
        return this.#readInit()
      case 'messages':
        return this.#readMessage()
      case 'closed':
        return false
    }
  }

  #readVersion(): boolean {
    const bytes = this.#take(12)
    if (bytes === undefined) return false
    const match = /^RFB (\d{3})\.(\d{3})\n$/.exec(bytes.toString('latin1'))
    if (match === null || Number(match[1]) < 3) throw new ProtocolError('not an RFB client')
    const minor = Number(match[2])
    // Other 3.x versions are to be treated as 3.3 (RFC 6143 section 7.1.1).
    this.#minor = Number(match[1]) > 3 || minor >= 8 ? 8 : minor === 7 ? 7 : 3
    if (this.#minor === 3) {
      this.#stream.write(Uint8Array.of(0, 0, 0, 1))
      this.#stage = 'init'
    } else {
      this.#stream.write(Uint8Array.of(1, 1))
      this.#stage = 'security'
    }
    return true
  }

  #readSecurity(): boolean {
    const bytes = this.#take(1)
    if (bytes === undefined) return false
    if (bytes[0] !== 1) {
      const reason = Buffer.from('Security type is not supported')
      if (this.#minor === 8)
        this.#stream.write(
          Buffer.concat([Uint8Array.of(0, 0, 0, 1, 0, 0, 0, reason.length), reason]),
        )
      throw new ProtocolError('security type')
    }
    if (this.#minor === 8) this.#stream.write(Uint8Array.of(0, 0, 0, 0))
    this.#stage = 'init'
    return true
  }

  #readInit(): boolean {
    if (this.#take(1) === undefined) return false
    // The screen may have changed its size since the connection was made.
    this.#width = this.#screen.framebuffer.width
    this.#height = this.#screen.framebuffer.height
    const name = Buffer.from(this.#screen.title)
    const head = Buffer.alloc(24)
    head.writeUInt16BE(this.#width, 0)
    head.writeUInt16BE(this.#height, 2)
    writeFormat(NATIVE_FORMAT).copy(head, 4)
    head.writeUInt32BE(name.length, 20)
    this.#stream.write(Buffer.concat([head, name]))
    this.#stage = 'messages'
    return true
  }

  #readMessage(): boolean {
    switch (this.#input[0]) {
      case 0:
        return this.#setPixelFormat()
      case 2:
        return this.#setEncodings()
      case 3:
        return this.#updateRequest()
      case 4: {
        const bytes = this.#take(8)
        if (bytes === undefined) return false
        this.#key(bytes.readUInt32BE(4), bytes[1] !== 0)
        return true
      }
      case 5: {
        const bytes = this.#take(6)
        if (bytes === undefined) return false
        this.#options.onInput?.()
        this.#screen.pointer(bytes.readUInt16BE(2), bytes.readUInt16BE(4), bytes.readUInt8(1))
        return true
      }
      case 6: {
        const bytes = this.#take(8)
        if (bytes === undefined) return false
        this.#skip = bytes.readUInt32BE(4)
        if (this.#skip > MAX_CUT_TEXT) throw new ProtocolError('clipboard too large')
        return true
      }
      case 255: {
        if (this.#input.length > 1 && this.#input[1] !== 0) throw new ProtocolError('QEMU message')
        const bytes = this.#take(12)
        if (bytes === undefined) return false
        this.#key(bytes.readUInt32BE(4), bytes.readUInt16BE(2) !== 0)
        return true
      }
      default:
        throw new ProtocolError('unknown message')
    }
  }

  #setPixelFormat(): boolean {
    const bytes = this.#take(20)
    if (bytes === undefined) return false
    const read = readFormat(bytes.subarray(4))
    if (read === undefined) throw new ProtocolError('pixel format')
    this.#writer = new PixelWriter(read.format)
    if (read.mapped) this.#stream.write(colourMapMessage())
    return true
  }

  #setEncodings(): boolean {
    if (this.#input.length < 4) return false
    const count = this.#input.readUInt16BE(2)
    if (count > MAX_ENCODINGS) throw new ProtocolError('too many encodings')
    const bytes = this.#take(4 + 4 * count)
    if (bytes === undefined) return false
    const known = this.#encodings
    this.#encodings = new Set(
      Array.from({ length: count }, (_, index) => bytes.readInt32BE(4 + 4 * index)),
    )
    for (const encoding of [ENCODING.cursor, ENCODING.qemuExtendedKey])
      if (this.#encodings.has(encoding) && !known.has(encoding)) this.#announce.add(encoding)
    this.#schedule()
    return true
  }

  #updateRequest(): boolean {
    const bytes = this.#take(10)
    if (bytes === undefined) return false
    const left = bytes.readUInt16BE(2)
    const top = bytes.readUInt16BE(4)
    const right = left + bytes.readUInt16BE(6)
    const bottom = top + bytes.readUInt16BE(8)
    const area = intersection({ left, top, right, bottom }, this.#whole())
    if (area === undefined) return true
    if (bytes[1] === 0) this.#dirty.add(area)
    this.#requested = union(this.#requested, area)
    this.#schedule()
    return true
  }

  #key(keysym: number, down: boolean): void {
    this.#options.onInput?.()
    this.#screen.key(keysym, down)
  }

  #whole(): Rect {
    return { left: 0, top: 0, right: this.#width, bottom: this.#height }
  }

  #invalidate(): void {
    this.#dirty.clear()
    const { width, height } = this.#screen.framebuffer
    this.#dirty.add({
      left: 0,
      top: 0,
      right: Math.max(width, this.#width),
      bottom: Math.max(height, this.#height),
    })
  }

  /** Sends an update when the viewer has asked for one, something changed and it can take it. */
  #schedule(): void {
    if (this.#stage !== 'messages' || this.#sending || this.#timer !== undefined) return
    if (this.#requested === undefined || this.#stream.writableNeedDrain) return
    if (!this.#hasNews(this.#requested)) return
    const wait = Math.max(0, this.#sentAt + FRAME_INTERVAL - performance.now())
    // Also without waiting: all that the guest draws in this turn goes out together.
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#send()
    }, wait)
  }

  #hasNews(area: Rect): boolean {
    return this.#announce.size > 0 || this.#isResized() || this.#dirty.touches(area)
  }

  #isResized(): boolean {
    const { width, height } = this.#screen.framebuffer
    return (
      this.#encodings.has(ENCODING.desktopSize) &&
      (width !== this.#width || height !== this.#height)
    )
  }

  async #send(): Promise<void> {
    const area = this.#requested
    if (this.#stage !== 'messages' || area === undefined) return
    this.#requested = undefined
    this.#sending = true
    try {
      const rectangles = this.#isResized() ? [this.#resize()] : await this.#rectangles(area)
      if (this.#isOpen()) {
        const header = Buffer.alloc(4)
        header.writeUInt16BE(rectangles.length, 2)
        this.#stream.write(Buffer.concat([header, ...rectangles]))
      }
    } catch {
      // The compressor was closed under us: the viewer is gone.
      this.close()
    }
    this.#sentAt = performance.now()
    this.#sending = false
    this.#schedule()
  }

  #isOpen(): boolean {
    return this.#stage !== 'closed'
  }

  /** DesktopSize comes alone: what is drawn after it is asked for in the new size. */
  #resize(): Buffer {
    this.#width = this.#screen.framebuffer.width
    this.#height = this.#screen.framebuffer.height
    return rectangleHeader(this.#whole(), ENCODING.desktopSize)
  }

  async #rectangles(area: Rect): Promise<Buffer[]> {
    const rectangles: Buffer[] = []
    for (const encoding of this.#announce) rectangles.push(this.#announcement(encoding))
    this.#announce.clear()
    const zrle = this.#encodings.has(ENCODING.zrle)
    // Copied at once: the guest goes on drawing while the copies are compressed.
    const parts = this.#dirty.take(area).map((rect) => ({ rect, pixels: this.#pixels(rect) }))
    const writer = this.#writer
    for (const { rect, pixels } of parts) {
      const header = rectangleHeader(rect, zrle ? ENCODING.zrle : ENCODING.raw)
      rectangles.push(Buffer.concat([header, await this.#encode(rect, pixels, zrle, writer)]))
    }
    return rectangles
  }

  async #encode(
    rect: Rect,
    pixels: Uint32Array,
    zrle: boolean,
    writer: PixelWriter,
  ): Promise<Buffer> {
    if (!zrle) return encodeRaw(pixels, writer)
    this.#zrle ??= new ZrleEncoder()
    return this.#zrle.encode(pixels, rect.right - rect.left, rect.bottom - rect.top, writer)
  }

  #announcement(encoding: number): Buffer {
    if (encoding === ENCODING.cursor) return cursorRectangle(this.#writer)
    return rectangleHeader({ left: 0, top: 0, right: 0, bottom: 0 }, encoding)
  }

  /** A rectangle's pixels; black where the screen has become smaller than the viewer knows. */
  #pixels(rect: Rect): Uint32Array {
    const { width, height, pixels } = this.#screen.framebuffer
    const copy = new Uint32Array((rect.right - rect.left) * (rect.bottom - rect.top))
    for (let y = rect.top; y < Math.min(rect.bottom, height); y++) {
      const row = pixels.subarray(y * width + rect.left, y * width + Math.min(rect.right, width))
      if (rect.left < width) copy.set(row, (y - rect.top) * (rect.right - rect.left))
    }
    return copy
  }
}
