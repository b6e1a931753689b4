/** The arrow that viewers draw themselves (Cursor pseudo-encoding, RFC 6143 section 7.8.1). */
import { ENCODING, rectangleHeader } from './encodings.ts'
import type { PixelWriter } from './pixel-format.ts'

/** `#` black, `.` white, blank transparent. */
const ARROW = [
  '#         ',
  '##        ',
  '#.#       ',
  '#..#      ',
  '#...#     ',
  '#....#    ',
  '#.....#   ',
  '#......#  ',
  '#.......# ',
  '#.....####',
  '#..#..#   ',
  '#.# #..#  ',
  '##  #..#  ',
  '#    ##   ',
]

/** Header, pixels and mask of the arrow in a viewer's pixel format; its tip is the hot spot. */
export function cursorRectangle(writer: PixelWriter): Buffer {
  const width = ARROW[0]?.length ?? 0
  const pixels = Buffer.alloc(width * ARROW.length * writer.size)
  const rowBytes = Math.ceil(width / 8)
  const mask = Buffer.alloc(rowBytes * ARROW.length)
  let offset = 0
  for (const [y, row] of ARROW.entries())
    for (const [x, point] of [...row].entries()) {
      offset = writer.write(pixels, offset, point === '.' ? 0xffffff : 0)
      const index = y * rowBytes + (x >> 3)
      if (point !== ' ') mask[index] = (mask[index] ?? 0) | (0x80 >> (x & 7))
    }
  const header = rectangleHeader(
    { left: 0, top: 0, right: width, bottom: ARROW.length },
    ENCODING.cursor,
  )
  return Buffer.concat([header, pixels, mask])
}
