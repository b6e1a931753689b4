/** A picture as a PNG file (RFC 2083): true colour, one filter, no more than a snapshot needs. */
import { crc32, deflateSync } from 'node:zlib'
import type { Framebuffer } from './framebuffer.ts'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const BITS = 8
const TRUE_COLOUR = 2
const NO_FILTER = 0

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}

export function png({ width, height, pixels }: Framebuffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(BITS, 8)
  header.writeUInt8(TRUE_COLOUR, 9)
  const line = 1 + 3 * width
  const data = Buffer.alloc(line * height, NO_FILTER)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.writeUIntBE(pixels[y * width + x] ?? 0, y * line + 1 + 3 * x, 3)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(data, { level: 3 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
