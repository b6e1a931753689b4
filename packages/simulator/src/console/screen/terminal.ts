/**
 * A text screen as a Linux console draws it: a grid of cells fed with bytes in the ECMA-48 subset
 * that guests use (cursor movement, erasing, scrolling, 16 colours), kept drawn in a framebuffer.
 * Any byte is safe; what is not understood is skipped.
 */
import { glyphOf, GLYPH_HEIGHT, GLYPH_WIDTH } from './font.ts'
import type { Framebuffer } from './framebuffer.ts'

/** The 16 colours of the Linux console, 0x00RRGGBB. */
const PALETTE = [
  0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa, 0x555555,
  0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
]

const BLANK = 0x20
/** Longer control sequences are dropped whole. */
const MAX_SEQUENCE = 64

interface Cell {
  code: number
  foreground: number
  background: number
}

type State = 'text' | 'escape' | 'sequence' | 'string'

export class Terminal {
  columns: number
  rows: number
  readonly #framebuffer: Framebuffer
  #cells: Cell[]
  #column = 0
  #row = 0
  #saved = { column: 0, row: 0 }
  #foreground = 7
  #background = 0
  #bold = false
  #inverse = false
  #state: State = 'text'
  #sequence = ''
  #cursorShown = true
  #cursorDrawn = false
  readonly #decoder = new TextDecoder('utf-8')
  /** Answers to queries (cursor position, device attributes) go back to the guest here. */
  readonly #answer: (text: string) => void

  constructor(framebuffer: Framebuffer, answer: (text: string) => void = () => undefined) {
    this.#framebuffer = framebuffer
    this.#answer = answer
    this.columns = Math.floor(framebuffer.width / GLYPH_WIDTH)
    this.rows = Math.floor(framebuffer.height / GLYPH_HEIGHT)
    this.#cells = this.#blankCells(this.columns * this.rows)
  }

  /** Another picture size: an empty screen, the cursor at the top left. */
  resize(width: number, height: number): void {
    this.#framebuffer.resize(width, height)
    this.columns = Math.floor(width / GLYPH_WIDTH)
    this.rows = Math.floor(height / GLYPH_HEIGHT)
    this.#cells = this.#blankCells(this.columns * this.rows)
    this.#column = 0
    this.#row = 0
    this.#cursorDrawn = false
    this.#framebuffer.fill(0, 0, width, height, 0)
  }

  write(bytes: Uint8Array): void {
    this.drawCursor(false)
    for (const character of this.#decoder.decode(bytes, { stream: true }))
      this.#accept(character.codePointAt(0) ?? BLANK)
    this.drawCursor(true)
  }

  /** The blink of the cursor: shown or not, unless the guest has hidden it. */
  drawCursor(on: boolean): void {
    const shown = on && this.#cursorShown
    if (shown === this.#cursorDrawn) return
    this.#cursorDrawn = shown
    const column = Math.min(this.#column, this.columns - 1)
    if (!shown) return this.#draw(column, this.#row)
    this.#framebuffer.fill(
      column * GLYPH_WIDTH,
      this.#row * GLYPH_HEIGHT + GLYPH_HEIGHT - 3,
      GLYPH_WIDTH,
      2,
      PALETTE[7] ?? 0,
    )
  }

  get cursorDrawn(): boolean {
    return this.#cursorDrawn
  }

  /** What a person reads, line by line, without trailing blanks. */
  text(): string {
    const lines: string[] = []
    for (let row = 0; row < this.rows; row++) {
      const cells = this.#cells.slice(row * this.columns, (row + 1) * this.columns)
      lines.push(String.fromCodePoint(...cells.map((cell) => cell.code)).trimEnd())
    }
    return lines.join('\n').trimEnd()
  }

  #blankCells(count: number): Cell[] {
    return Array.from({ length: count }, () => ({ code: BLANK, foreground: 7, background: 0 }))
  }

  #accept(code: number): void {
    switch (this.#state) {
      case 'text':
        return this.#acceptText(code)
      case 'escape':
        return this.#acceptEscape(code)
      case 'sequence':
        return this.#acceptSequence(code)
      case 'string':
        // An OSC or DCS string ends with BEL, or with ESC \ of which the \ is then ignored.
        if (code === 0x07) this.#state = 'text'
        else if (code === 0x1b) this.#state = 'escape'
    }
  }

  #acceptText(code: number): void {
    if (code === 0x1b) this.#state = 'escape'
    else if (code === 0x0d) this.#column = 0
    else if (code >= 0x0a && code <= 0x0c) this.#lineFeed()
    else if (code === 0x08) this.#column = Math.max(0, Math.min(this.#column, this.columns) - 1)
    else if (code === 0x09) this.#column = Math.min(this.columns - 1, (this.#column | 7) + 1)
    else if (code >= BLANK && code !== 0x7f) this.#put(code)
  }

  #put(code: number): void {
    // As on a VT100 the line wraps only when a character comes after the last column.
    if (this.#column >= this.columns) {
      this.#column = 0
      this.#lineFeed()
    }
    const cell = this.#cells[this.#row * this.columns + this.#column]
    if (cell === undefined) return
    const foreground = this.#foreground + (this.#bold && this.#foreground < 8 ? 8 : 0)
    cell.code = code
    cell.foreground = this.#inverse ? this.#background : foreground
    cell.background = this.#inverse ? foreground : this.#background
    this.#draw(this.#column, this.#row)
    this.#column++
  }

  #lineFeed(): void {
    if (this.#row < this.rows - 1) {
      this.#row++
      return
    }
    this.#cells.splice(0, this.columns)
    this.#cells.push(...this.#blankCells(this.columns))
    this.#framebuffer.scroll(GLYPH_HEIGHT, 0)
    // The picture may be higher than whole rows: what scrolled below the last one is no text.
    const used = this.rows * GLYPH_HEIGHT
    this.#framebuffer.fill(
      0,
      used - GLYPH_HEIGHT,
      this.#framebuffer.width,
      this.#framebuffer.height - used + GLYPH_HEIGHT,
      0,
    )
  }

  #acceptEscape(code: number): void {
    this.#state = 'text'
    switch (String.fromCodePoint(code)) {
      case '[':
        this.#state = 'sequence'
        this.#sequence = ''
        break
      case ']':
      case 'P':
      case '_':
      case '^':
        this.#state = 'string'
        break
      case '7':
        this.#saved = { column: this.#column, row: this.#row }
        break
      case '8':
        this.#moveTo(this.#saved.row, this.#saved.column)
        break
      case 'c':
        this.resize(this.#framebuffer.width, this.#framebuffer.height)
        this.#style([0])
        break
      case 'D':
        this.#lineFeed()
        break
      case 'E':
        this.#column = 0
        this.#lineFeed()
        break
      case 'M':
        this.#row = Math.max(0, this.#row - 1)
    }
  }

  #acceptSequence(code: number): void {
    if (code === 0x1b) this.#state = 'escape'
    else if (code < 0x40 && code >= BLANK) {
      this.#sequence += String.fromCodePoint(code)
      if (this.#sequence.length > MAX_SEQUENCE) this.#state = 'text'
    } else {
      this.#state = 'text'
      if (code >= 0x40 && code < 0x7f) this.#control(String.fromCodePoint(code), this.#sequence)
    }
  }

  #control(final: string, text: string): void {
    const hidden = text.startsWith('?')
    const parameters = text
      .replace(/^\?/, '')
      .split(';')
      .map((part) => Math.min(Number.parseInt(part, 10) || 0, 9999))
    const first = parameters[0] ?? 0
    const count = Math.max(1, first)
    if (hidden) {
      if ((final === 'h' || final === 'l') && parameters.includes(25))
        this.#cursorShown = final === 'h'
      return
    }
    switch (final) {
      case 'A':
        return this.#moveTo(this.#row - count, this.#column)
      case 'B':
        return this.#moveTo(this.#row + count, this.#column)
      case 'C':
        return this.#moveTo(this.#row, this.#column + count)
      case 'D':
        return this.#moveTo(this.#row, Math.min(this.#column, this.columns - 1) - count)
      case 'G':
        return this.#moveTo(this.#row, count - 1)
      case 'd':
        return this.#moveTo(count - 1, this.#column)
      case 'H':
      case 'f':
        return this.#moveTo(count - 1, Math.max(1, parameters[1] ?? 1) - 1)
      case 'J':
        return this.#eraseScreen(first)
      case 'K':
        return this.#eraseLine(first)
      case 'm':
        return this.#style(parameters)
      case 'n':
        if (first === 6) this.#answer(`\x1b[${this.#row + 1};${this.#column + 1}R`)
        return
      case 'c':
        return this.#answer('\x1b[?6c')
      case 't':
        if (first === 18) this.#answer(`\x1b[8;${this.rows};${this.columns}t`)
    }
  }

  #moveTo(row: number, column: number): void {
    this.#row = Math.max(0, Math.min(row, this.rows - 1))
    this.#column = Math.max(0, Math.min(column, this.columns - 1))
  }

  #eraseScreen(mode: number): void {
    const here = this.#row * this.columns + this.#column
    if (mode === 0) this.#erase(here, this.#cells.length)
    else if (mode === 1) this.#erase(0, here + 1)
    else this.#erase(0, this.#cells.length)
  }

  #eraseLine(mode: number): void {
    const start = this.#row * this.columns
    if (mode === 0) this.#erase(start + this.#column, start + this.columns)
    else if (mode === 1) this.#erase(start, start + this.#column + 1)
    else this.#erase(start, start + this.columns)
  }

  #erase(from: number, to: number): void {
    for (let index = from; index < Math.min(to, this.#cells.length); index++) {
      const cell = this.#cells[index]
      if (cell === undefined) continue
      const blank = cell.code === BLANK && cell.background === this.#background
      cell.code = BLANK
      cell.foreground = 7
      cell.background = this.#background
      if (!blank) this.#draw(index % this.columns, Math.floor(index / this.columns))
    }
  }

  #style(parameters: readonly number[]): void {
    for (const value of parameters) {
      if (value === 0) {
        this.#foreground = 7
        this.#background = 0
        this.#bold = false
        this.#inverse = false
      } else if (value === 1) this.#bold = true
      else if (value === 22) this.#bold = false
      else if (value === 7) this.#inverse = true
      else if (value === 27) this.#inverse = false
      else if (value >= 30 && value <= 37) this.#foreground = value - 30
      else if (value === 39) this.#foreground = 7
      else if (value >= 40 && value <= 47) this.#background = value - 40
      else if (value === 49) this.#background = 0
      else if (value >= 90 && value <= 97) this.#foreground = value - 82
      else if (value >= 100 && value <= 107) this.#background = value - 92
    }
  }

  #draw(column: number, row: number): void {
    const cell = this.#cells[row * this.columns + column]
    if (cell === undefined) return
    this.#framebuffer.glyph(
      column * GLYPH_WIDTH,
      row * GLYPH_HEIGHT,
      glyphOf(cell.code),
      PALETTE[cell.foreground] ?? 0,
      PALETTE[cell.background] ?? 0,
    )
  }
}
