/** The 8×16 bitmap font of the guest screens (Spleen, see NOTICE). */
import { readFileSync } from 'node:fs'

export const GLYPH_WIDTH = 8
export const GLYPH_HEIGHT = 16

/** 16 rows, top first; bit 7 of a row is its leftmost pixel. */
export type Glyph = Uint8Array

/** A box for what the font does not draw, as a text console shows it. */
const MISSING: Glyph = Uint8Array.of(0, 0, 126, 66, 66, 66, 66, 66, 66, 66, 66, 66, 126, 0, 0, 0)

let glyphs: Map<number, Glyph> | undefined

/** Reads one line a glyph: hexadecimal code point, colon, 32 hexadecimal digits. */
function readFont(): Map<number, Glyph> {
  const text = readFileSync(new URL('./spleen-8x16.hex', import.meta.url), 'latin1')
  const font = new Map<number, Glyph>()
  for (const line of text.split('\n')) {
    const [code, rows] = line.split(':')
    if (code !== undefined && rows !== undefined)
      font.set(Number.parseInt(code, 16), Uint8Array.from(Buffer.from(rows, 'hex')))
  }
  return font
}

/** The glyph of a Unicode code point; a box where the font has none. */
export function glyphOf(codePoint: number): Glyph {
  glyphs ??= readFont()
  return glyphs.get(codePoint) ?? MISSING
}
