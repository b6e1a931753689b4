/** Rectangles as viewers take them: Raw and ZRLE (RFC 6143 sections 7.7.1 and 7.7.6). */
import { constants, createDeflate, type Deflate } from 'node:zlib'
import type { Rect } from '../screen/framebuffer.ts'
import type { PixelWriter } from './pixel-format.ts'

export const ENCODING = {
  raw: 0,
  zrle: 16,
  cursor: -239,
  desktopSize: -223,
  qemuExtendedKey: -258,
} as const

const TILE = 64

/** The 12 bytes in front of a rectangle's data. */
export function rectangleHeader(rect: Rect, encoding: number): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt16BE(rect.left, 0)
  header.writeUInt16BE(rect.top, 2)
  header.writeUInt16BE(rect.right - rect.left, 4)
  header.writeUInt16BE(rect.bottom - rect.top, 6)
  header.writeInt32BE(encoding, 8)
  return header
}

/** `pixels` holds the rectangle's pixels, row by row. */
export function encodeRaw(pixels: Uint32Array, writer: PixelWriter): Buffer {
  const bytes = Buffer.allocUnsafe(pixels.length * writer.size)
  let offset = 0
  for (const pixel of pixels) offset = writer.write(bytes, offset, pixel)
  return bytes
}

/** One tile: a solid colour, a palette of up to 16 colours, or its pixels. */
function encodeTile(tile: Uint32Array, width: number, writer: PixelWriter): Buffer {
  const palette = new Map<number, number>()
  for (const pixel of tile) {
    if (!palette.has(pixel)) palette.set(pixel, palette.size)
    if (palette.size > 16) break
  }
  const compact = writer.compactSize
  if (palette.size > 16) {
    const bytes = Buffer.allocUnsafe(1 + tile.length * compact)
    let offset = bytes.writeUInt8(0, 0)
    for (const pixel of tile) offset = writer.writeCompact(bytes, offset, pixel)
    return bytes
  }
  const bits = palette.size === 1 ? 0 : palette.size === 2 ? 1 : palette.size <= 4 ? 2 : 4
  const rows = tile.length / width
  const bytes = Buffer.alloc(1 + palette.size * compact + rows * Math.ceil((width * bits) / 8))
  let offset = bytes.writeUInt8(palette.size, 0)
  for (const colour of palette.keys()) offset = writer.writeCompact(bytes, offset, colour)
  if (bits === 0) return bytes
  for (let row = 0; row < rows; row++) {
    // Indices are packed from the high bits on; every row starts with a new byte.
    let filled = 0
    for (let column = 0; column < width; column++) {
      const index = palette.get(tile[row * width + column] ?? 0) ?? 0
      bytes[offset] = (bytes[offset] ?? 0) | (index << (8 - bits - filled))
      filled += bits
      if (filled === 8) {
        offset++
        filled = 0
      }
    }
    if (filled > 0) offset++
  }
  return bytes
}

/** The ZRLE stream of one viewer: its zlib dictionary lives as long as the connection. */
export class ZrleEncoder {
  readonly #deflate: Deflate
  #chunks: Buffer[] = []

  constructor() {
    this.#deflate = createDeflate({ level: 3 })
    this.#deflate.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
  }

  /** Length and data of a rectangle of `width` × `height` pixels. One call at a time. */
  async encode(
    pixels: Uint32Array,
    width: number,
    height: number,
    writer: PixelWriter,
  ): Promise<Buffer> {
    const tiles: Buffer[] = []
    for (let top = 0; top < height; top += TILE)
      for (let left = 0; left < width; left += TILE) {
        const tileWidth = Math.min(TILE, width - left)
        const tileHeight = Math.min(TILE, height - top)
        const tile = new Uint32Array(tileWidth * tileHeight)
        for (let row = 0; row < tileHeight; row++) {
          const start = (top + row) * width + left
          tile.set(pixels.subarray(start, start + tileWidth), row * tileWidth)
        }
        tiles.push(encodeTile(tile, tileWidth, writer))
      }
    await new Promise<void>((resolve, reject) => {
      this.#deflate.once('error', reject)
      this.#deflate.write(Buffer.concat(tiles))
      this.#deflate.flush(constants.Z_SYNC_FLUSH, () => {
        this.#deflate.off('error', reject)
        resolve()
      })
    })
    const data = Buffer.concat(this.#chunks)
    this.#chunks = []
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    return Buffer.concat([length, data])
  }

  close(): void {
    this.#deflate.destroy()
  }
}
