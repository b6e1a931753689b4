/** The pixel formats of RFC 6143 section 7.4, and turning our 0x00RRGGBB into any of them. */

export interface PixelFormat {
  readonly bitsPerPixel: 8 | 16 | 32
  readonly depth: number
  readonly bigEndian: boolean
  readonly redMax: number
  readonly greenMax: number
  readonly blueMax: number
  readonly redShift: number
  readonly greenShift: number
  readonly blueShift: number
}

/** What we offer in ServerInit: 32 bits, little endian, 0x00RRGGBB. */
export const NATIVE_FORMAT: PixelFormat = {
  bitsPerPixel: 32,
  depth: 24,
  bigEndian: false,
  redMax: 255,
  greenMax: 255,
  blueMax: 255,
  redShift: 16,
  greenShift: 8,
  blueShift: 0,
}

/** Three bits red and green, two blue: what we make of a request for a colour map. */
export const MAPPED_FORMAT: PixelFormat = {
  ...NATIVE_FORMAT,
  bitsPerPixel: 8,
  depth: 8,
  redMax: 7,
  greenMax: 7,
  blueMax: 3,
  redShift: 0,
  greenShift: 3,
  blueShift: 6,
}

/** The 16 bytes of a pixel format. */
export function writeFormat(format: PixelFormat): Buffer {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt8(format.bitsPerPixel, 0)
  bytes.writeUInt8(format.depth, 1)
  bytes.writeUInt8(format.bigEndian ? 1 : 0, 2)
  bytes.writeUInt8(1, 3)
  bytes.writeUInt16BE(format.redMax, 4)
  bytes.writeUInt16BE(format.greenMax, 6)
  bytes.writeUInt16BE(format.blueMax, 8)
  bytes.writeUInt8(format.redShift, 10)
  bytes.writeUInt8(format.greenShift, 11)
  bytes.writeUInt8(format.blueShift, 12)
  return bytes
}

/**
 * Reads 16 bytes of a pixel format; undefined for one that cannot be drawn. `mapped` says that the
 * viewer wants a colour map and has to be sent one.
 */
export function readFormat(bytes: Buffer): { format: PixelFormat; mapped: boolean } | undefined {
  const bitsPerPixel = bytes.readUInt8(0)
  if (bitsPerPixel !== 8 && bitsPerPixel !== 16 && bitsPerPixel !== 32) return undefined
  if (bytes.readUInt8(3) === 0)
    return bitsPerPixel === 8 ? { format: MAPPED_FORMAT, mapped: true } : undefined
  const format: PixelFormat = {
    bitsPerPixel,
    depth: bytes.readUInt8(1),
    bigEndian: bytes.readUInt8(2) !== 0,
    redMax: bytes.readUInt16BE(4),
    greenMax: bytes.readUInt16BE(6),
    blueMax: bytes.readUInt16BE(8),
    redShift: bytes.readUInt8(10),
    greenShift: bytes.readUInt8(11),
    blueShift: bytes.readUInt8(12),
  }
  const channels = [
    [format.redMax, format.redShift],
    [format.greenMax, format.greenShift],
    [format.blueMax, format.blueShift],
  ] as const
  for (const [max, shift] of channels) {
    // A maximum is 2^n - 1 and the shifted channel lies inside the pixel.
    if (max === 0 || (max & (max + 1)) !== 0) return undefined
    if (shift + (32 - Math.clz32(max)) > bitsPerPixel) return undefined
  }
  return { format, mapped: false }
}

/** SetColourMapEntries (RFC 6143 section 7.6.2) for `MAPPED_FORMAT`. */
export function colourMapMessage(): Buffer {
  const bytes = Buffer.alloc(6 + 256 * 6)
  bytes.writeUInt8(1, 0)
  bytes.writeUInt16BE(0, 2)
  bytes.writeUInt16BE(256, 4)
  for (let index = 0; index < 256; index++) {
    bytes.writeUInt16BE(Math.round(((index & 7) / 7) * 65535), 6 + index * 6)
    bytes.writeUInt16BE(Math.round((((index >> 3) & 7) / 7) * 65535), 8 + index * 6)
    bytes.writeUInt16BE(Math.round(((index >> 6) / 3) * 65535), 10 + index * 6)
  }
  return bytes
}

/** Converts pixels to one format; made once per SetPixelFormat. */
export class PixelWriter {
  readonly #format: PixelFormat
  readonly #red: Uint32Array
  readonly #green: Uint32Array
  readonly #blue: Uint32Array
  /** Bytes of a pixel. */
  readonly size: number
  /** Bytes of a CPIXEL, the pixel of ZRLE without its unused byte (RFC 6143 section 7.7.6). */
  readonly compactSize: number
  /** Where in the pixel's bytes the CPIXEL starts. */
  readonly #compactOffset: number

  constructor(format: PixelFormat) {
    this.#format = format
    this.#red = channel(format.redMax, format.redShift)
    this.#green = channel(format.greenMax, format.greenShift)
    this.#blue = channel(format.blueMax, format.blueShift)
    this.size = format.bitsPerPixel / 8
    const used = this.value(0xffffff)
    const low = used <= 0xffffff
    const high = (used & 0xff) === 0
    const compact = format.bitsPerPixel === 32 && format.depth <= 24 && (low || high)
    this.compactSize = compact ? 3 : this.size
    // The unused byte comes last when the low bytes are used in little endian, and so on.
    this.#compactOffset = compact && low === format.bigEndian ? 1 : 0
  }

  value(colour: number): number {
    return (
      ((this.#red[(colour >> 16) & 255] ?? 0) |
        (this.#green[(colour >> 8) & 255] ?? 0) |
        (this.#blue[colour & 255] ?? 0)) >>>
      0
    )
  }

  /** Writes a pixel at `offset`; returns the offset after it. */
  write(target: Buffer, offset: number, colour: number): number {
    const value = this.value(colour)
    if (this.size === 1) return target.writeUInt8(value, offset)
    if (this.size === 2)
      return this.#format.bigEndian
        ? target.writeUInt16BE(value, offset)
        : target.writeUInt16LE(value, offset)
    return this.#format.bigEndian
      ? target.writeUInt32BE(value, offset)
      : target.writeUInt32LE(value, offset)
  }

  /** Writes a CPIXEL at `offset`; returns the offset after it. */
  writeCompact(target: Buffer, offset: number, colour: number): number {
    if (this.compactSize !== 3) return this.write(target, offset, colour)
    const value = this.value(colour)
    for (let index = 0; index < 3; index++) {
      const byte = index + this.#compactOffset
      const shift = this.#format.bigEndian ? 24 - 8 * byte : 8 * byte
      target[offset + index] = (value >>> shift) & 255
    }
    return offset + 3
  }
}

function channel(max: number, shift: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, level) => {
    return (Math.round((level * max) / 255) << shift) >>> 0
  })
}
