/**
 * A true-colour picture in memory that tells its viewers which part of it has changed.
 * Every pixel is 0x00RRGGBB.
 */
import { type Glyph, GLYPH_HEIGHT, GLYPH_WIDTH } from './font.ts'

/** In pixels; `right` and `bottom` are exclusive. */
export interface Rect {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The smallest rectangle that holds both. */
export function union(a: Rect | undefined, b: Rect): Rect {
  if (a === undefined) return b
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  }
}

/** What both hold, or undefined. */
export function intersection(a: Rect, b: Rect): Rect | undefined {
  const left = Math.max(a.left, b.left)
  const top = Math.max(a.top, b.top)
  const right = Math.min(a.right, b.right)
  const bottom = Math.min(a.bottom, b.bottom)
  return left < right && top < bottom ? { left, top, right, bottom } : undefined
}

export interface FramebufferListener {
  /** Pixels inside the rectangle have other values than before. */
  damaged(rect: Rect): void
  /** The picture has another size; all of it counts as changed. */
  resized(): void
}

export class Framebuffer {
  width: number
  height: number
  pixels: Uint32Array
  readonly #listeners = new Set<FramebufferListener>()

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.pixels = new Uint32Array(width * height)
  }

  /** Adds a viewer; the returned function removes it. */
  listen(listener: FramebufferListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Is anybody looking? What only moves the picture (a blinking cursor) may rest when not. */
  get watched(): boolean {
    return this.#listeners.size > 0
  }

  /** The new picture is black. */
  resize(width: number, height: number): void {
    if (width === this.width && height === this.height) return
    this.width = width
    this.height = height
    this.pixels = new Uint32Array(width * height)
    for (const listener of this.#listeners) listener.resized()
  }

  fill(left: number, top: number, width: number, height: number, colour: number): void {
    const rect = this.#clip(left, top, width, height)
    if (rect === undefined) return
    for (let y = rect.top; y < rect.bottom; y++)
      this.pixels.fill(colour, y * this.width + rect.left, y * this.width + rect.right)
    this.#damage(rect)
  }

  /** Draws one character, `scale` times its size; without a background it is transparent. */
  glyph(
    left: number,
    top: number,
    glyph: Glyph,
    colour: number,
    background?: number,
    scale = 1,
  ): void {
    const rect = this.#clip(left, top, GLYPH_WIDTH * scale, GLYPH_HEIGHT * scale)
    if (rect === undefined) return
    for (let y = rect.top; y < rect.bottom; y++) {
      const bits = glyph[Math.floor((y - top) / scale)] ?? 0
      for (let x = rect.left; x < rect.right; x++) {
        const set = (bits >> (7 - Math.floor((x - left) / scale))) & 1
        if (set === 1) this.pixels[y * this.width + x] = colour
        else if (background !== undefined) this.pixels[y * this.width + x] = background
      }
    }
    this.#damage(rect)
  }

  /** Moves the picture up by `lines` pixels and fills what comes in from below. */
  scroll(lines: number, colour: number): void {
    const moved = Math.min(lines, this.height) * this.width
    this.pixels.copyWithin(0, moved)
    this.pixels.fill(colour, this.pixels.length - moved)
    this.#damage({ left: 0, top: 0, right: this.width, bottom: this.height })
  }

  #clip(left: number, top: number, width: number, height: number): Rect | undefined {
    return intersection(
      { left, top, right: left + width, bottom: top + height },
      { left: 0, top: 0, right: this.width, bottom: this.height },
    )
  }

  #damage(rect: Rect): void {
    for (const listener of this.#listeners) listener.damaged(rect)
  }
}
