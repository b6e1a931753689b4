/**
 * What has changed and was not sent yet, in bands of one text line: bounded by the picture's
 * height however long a viewer is slow, and exact for text.
 */
import { intersection, type Rect } from '../screen/framebuffer.ts'

const BAND = 16

interface Extent {
  left: number
  right: number
}

export class DirtyRegion {
  readonly #bands = new Map<number, Extent>()

  add(rect: Rect): void {
    for (let band = Math.floor(rect.top / BAND); band * BAND < rect.bottom; band++) {
      const extent = this.#bands.get(band)
      if (extent === undefined) this.#bands.set(band, { left: rect.left, right: rect.right })
      else {
        extent.left = Math.min(extent.left, rect.left)
        extent.right = Math.max(extent.right, rect.right)
      }
    }
  }

  clear(): void {
    this.#bands.clear()
  }

  touches(area: Rect): boolean {
    return this.#rects().some((rect) => intersection(rect, area) !== undefined)
  }

  /** Takes out what lies in `area`, as few rectangles as its bands allow. */
  take(area: Rect): Rect[] {
    const taken: Rect[] = []
    const rects = this.#rects()
    this.#bands.clear()
    for (const rect of rects) {
      const part = intersection(rect, area)
      if (part === undefined) this.add(rect)
      else {
        taken.push(part)
        if (part.top !== rect.top || part.bottom !== rect.bottom) this.#keepOutside(rect, part)
        else if (part.left !== rect.left || part.right !== rect.right) this.add(rect)
      }
    }
    return taken
  }

  /** A band that `part` covers only in part stays dirty as a whole: sent twice, never lost. */
  #keepOutside(rect: Rect, part: Rect): void {
    if (part.top > rect.top) this.add({ ...rect, bottom: part.top })
    if (part.bottom < rect.bottom) this.add({ ...rect, top: part.bottom })
    if (part.left > rect.left || part.right < rect.right) this.add(rect)
  }

  #rects(): Rect[] {
    const rects: Rect[] = []
    for (const band of [...this.#bands.keys()].toSorted((a, b) => a - b)) {
      const { left, right } = this.#bands.get(band) ?? { left: 0, right: 0 }
      const last = rects.at(-1)
      if (
        last !== undefined &&
        last.bottom === band * BAND &&
        last.left === left &&
        last.right === right
      )
        rects[rects.length - 1] = { ...last, bottom: (band + 1) * BAND }
      else rects.push({ left, right, top: band * BAND, bottom: (band + 1) * BAND })
    }
    return rects
  }
}
