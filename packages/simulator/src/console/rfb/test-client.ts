/** A small RFB client for tests: version 3.8, any pixel format as 32 bit, Raw and ZRLE. */
import type { Duplex } from 'node:stream'
import { constants, inflateSync } from 'node:zlib'

export interface Update {
  readonly rectangles: readonly {
    x: number
    y: number
    width: number
    height: number
    encoding: number
  }[]
}

export class RfbTestClient {
  readonly stream: Duplex
  width = 0
  height = 0
  name = ''
  pixels = new Uint32Array(0)
  closed = false
  #input: Buffer = Buffer.alloc(0)
  #zlib: Buffer = Buffer.alloc(0)
  #inflated = 0
  #wake: () => void = () => undefined

  constructor(stream: Duplex) {
    this.stream = stream
    stream.on('data', (chunk: Buffer) => {
      this.#input = Buffer.concat([this.#input, chunk])
      this.#wake()
    })
    stream.on('close', () => {
      this.closed = true
      this.#wake()
    })
    stream.on('end', () => {
      this.closed = true
      this.#wake()
    })
    stream.on('error', () => undefined)
  }

  async read(length: number): Promise<Buffer> {
    while (this.#input.length < length) {
      if (this.closed) throw new Error('the connection ended')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const bytes = this.#input.subarray(0, length)
    this.#input = this.#input.subarray(length)
    return bytes
  }

  async handshake(): Promise<void> {
    const version = await this.read(12)
    if (version.toString() !== 'RFB 003.008\n') throw new Error(`version ${version.toString()}`)
    this.stream.write('RFB 003.008\n')
    const count = (await this.read(1)).readUInt8()
    await this.read(count)
    this.stream.write(Uint8Array.of(1))
    if ((await this.read(4)).readUInt32BE() !== 0) throw new Error('refused')
    this.stream.write(Uint8Array.of(1))
    const init = await this.read(24)
    this.width = init.readUInt16BE(0)
    this.height = init.readUInt16BE(2)
    this.name = (await this.read(init.readUInt32BE(20))).toString()
    this.pixels = new Uint32Array(this.width * this.height)
  }

  setEncodings(...encodings: readonly number[]): void {
    const bytes = Buffer.alloc(4 + 4 * encodings.length)
    bytes.writeUInt8(2, 0)
    bytes.writeUInt16BE(encodings.length, 2)
    for (const [index, encoding] of encodings.entries()) bytes.writeInt32BE(encoding, 4 + 4 * index)
    this.stream.write(bytes)
  }

  request(incremental: boolean): void {
    const bytes = Buffer.alloc(10)
    bytes.writeUInt8(3, 0)
    bytes.writeUInt8(incremental ? 1 : 0, 1)
    bytes.writeUInt16BE(this.width, 6)
    bytes.writeUInt16BE(this.height, 8)
    this.stream.write(bytes)
  }

  key(keysym: number): void {
    for (const down of [1, 0]) {
      const bytes = Buffer.alloc(8)
      bytes.writeUInt8(4, 0)
      bytes.writeUInt8(down, 1)
      bytes.writeUInt32BE(keysym, 4)
      this.stream.write(bytes)
    }
  }

  /** Reads one FramebufferUpdate into `pixels`. */
  async update(): Promise<Update> {
    const head = await this.read(4)
    if (head[0] !== 0) throw new Error(`message ${String(head[0])}`)
    const rectangles: Update['rectangles'][number][] = []
    for (let count = head.readUInt16BE(2); count > 0; count--) {
      const bytes = await this.read(12)
      const rectangle = {
        x: bytes.readUInt16BE(0),
        y: bytes.readUInt16BE(2),
        width: bytes.readUInt16BE(4),
        height: bytes.readUInt16BE(6),
        encoding: bytes.readInt32BE(8),
      }
      rectangles.push(rectangle)
      const { x, y, width, height, encoding } = rectangle
      if (encoding === 0) {
        const data = await this.read(width * height * 4)
        this.#fill(x, y, width, height, (index) => data.readUInt32LE(index * 4))
      } else if (encoding === 16) await this.#zrle(x, y, width, height)
      else if (encoding === -223) {
        this.width = width
        this.height = height
        this.pixels = new Uint32Array(width * height)
      } else if (encoding === -239)
        await this.read(width * height * 4 + Math.ceil(width / 8) * height)
      else if (encoding !== -258) throw new Error(`encoding ${encoding}`)
    }
    return { rectangles }
  }

  #fill(x: number, y: number, width: number, height: number, at: (index: number) => number): void {
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        this.pixels[(y + row) * this.width + x + column] = at(row * width + column)
  }

  async #zrle(x: number, y: number, width: number, height: number): Promise<void> {
    const length = (await this.read(4)).readUInt32BE()
    // The stream is one for the connection: inflated again as a whole, which tests can afford.
    this.#zlib = Buffer.concat([this.#zlib, await this.read(length)])
    const all = inflateSync(this.#zlib, { finishFlush: constants.Z_SYNC_FLUSH })
    let offset = this.#inflated
    this.#inflated = all.length
    const pixel = (): number => {
      offset += 3
      return all.readUIntLE(offset - 3, 3)
    }
    for (let top = 0; top < height; top += 64)
      for (let left = 0; left < width; left += 64) {
        const tileWidth = Math.min(64, width - left)
        const tileHeight = Math.min(64, height - top)
        const kind = all.readUInt8(offset++)
        const palette = Array.from({ length: kind }, pixel)
        const bits = kind <= 1 ? 0 : kind === 2 ? 1 : kind <= 4 ? 2 : 4
        const tile: number[] = []
        for (let row = 0; row < tileHeight; row++) {
          for (let column = 0; column < tileWidth; column++) {
            if (kind === 0) tile.push(pixel())
            else {
              const bit = column * bits
              const byte = all[offset + (bit >> 3)] ?? 0
              const index = bits === 0 ? 0 : (byte >> (8 - bits - (bit & 7))) & ((1 << bits) - 1)
              tile.push(palette[index] ?? 0)
            }
          }
          if (bits > 0) offset += Math.ceil((tileWidth * bits) / 8)
        }
        this.#fill(x + left, y + top, tileWidth, tileHeight, (index) => tile[index] ?? 0)
      }
  }
}
