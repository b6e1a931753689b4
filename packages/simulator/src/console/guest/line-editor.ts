/** Editing of one line on a terminal: echo, cursor keys, history and completion. */
import type { Key } from './keys.ts'

const MAX_LINE = 4096
const MAX_HISTORY = 200
const ESCAPE = '\x1b'
/** Colours in a prompt take no columns. */
const STYLE = new RegExp(`${ESCAPE}\\[[0-9;?]*[a-zA-Z]`, 'g')

export interface LineEditorOptions {
  write(text: string): void
  columns(): number
  /** Words that may stand where the cursor is, for a line up to the cursor. */
  complete?(line: string): readonly string[]
}

export class LineEditor {
  readonly #options: LineEditorOptions
  readonly history: string[] = []
  #prompt = ''
  /** Columns the prompt takes. */
  #promptWidth = 0
  #echo = true
  #characters: string[] = []
  #cursor = 0
  #historyIndex = 0

  constructor(options: LineEditorOptions) {
    this.#options = options
  }

  /** Starts a new line; `echo` off for a password. */
  begin(prompt: string, echo = true): void {
    this.#prompt = prompt
    this.#promptWidth = [...prompt.replace(STYLE, '')].length
    this.#echo = echo
    this.#characters = []
    this.#cursor = 0
    this.#historyIndex = this.history.length
    this.#options.write(prompt)
  }

  remember(line: string): void {
    if (line.trim() === '' || this.history.at(-1) === line) return
    this.history.push(line)
    if (this.history.length > MAX_HISTORY) this.history.shift()
  }

  get line(): string {
    return this.#characters.join('')
  }

  /** Shows prompt and line again, below what was printed meanwhile. */
  redraw(): void {
    this.#options.write(this.#prompt + (this.#echo ? this.line : ''))
    this.#placeCursor(this.#characters.length)
  }

  /** Handles a key; the finished line on Enter, 'interrupt' on Ctrl-C, 'end' on Ctrl-D. */
  key(key: Key): { line: string } | 'interrupt' | 'end' | undefined {
    switch (key.kind) {
      case 'text':
        this.#insert(key.text)
        return undefined
      case 'enter': {
        this.#move(this.#characters.length)
        this.#options.write('\r\n')
        return { line: this.line }
      }
      case 'control':
        return this.#control(key.letter)
      case 'tab':
        this.#complete()
        return undefined
      case 'size':
        return undefined
      default:
        this.#edit(key.kind)
        return undefined
    }
  }

  #control(letter: string): 'interrupt' | 'end' | undefined {
    switch (letter) {
      case 'A':
        this.#move(0)
        break
      case 'E':
        this.#move(this.#characters.length)
        break
      case 'C':
        this.#options.write('^C\r\n')
        return 'interrupt'
      case 'D':
        if (this.#characters.length === 0) return 'end'
        this.#edit('delete')
        break
      case 'K':
        this.#replace(this.#characters.slice(0, this.#cursor), this.#cursor)
        break
      case 'U':
        this.#replace(this.#characters.slice(this.#cursor), 0)
        break
      case 'W': {
        const start = this.#wordStart()
        this.#replace(this.#characters.toSpliced(start, this.#cursor - start), start)
        break
      }
      case 'L':
        this.#options.write('\x1b[H\x1b[2J')
        this.redraw()
    }
    return undefined
  }

  #edit(kind: Exclude<Key['kind'], 'text' | 'control' | 'enter' | 'tab' | 'size'>): void {
    const end = this.#characters.length
    switch (kind) {
      case 'left':
        return this.#move(this.#cursor - 1)
      case 'right':
        return this.#move(this.#cursor + 1)
      case 'home':
        return this.#move(0)
      case 'end':
        return this.#move(end)
      case 'wordLeft':
        return this.#move(this.#wordStart())
      case 'wordRight': {
        const next = this.#characters.findIndex(
          (character, index) => index > this.#cursor && character === ' ',
        )
        return this.#move(next < 0 ? end : next)
      }
      case 'backspace':
        if (this.#cursor > 0)
          this.#replace(this.#characters.toSpliced(this.#cursor - 1, 1), this.#cursor - 1)
        return
      case 'delete':
        if (this.#cursor < end)
          this.#replace(this.#characters.toSpliced(this.#cursor, 1), this.#cursor)
        return
      case 'up':
        return this.#recall(this.#historyIndex - 1)
      case 'down':
        return this.#recall(this.#historyIndex + 1)
    }
  }

  #wordStart(): number {
    let start = this.#cursor
    while (start > 0 && this.#characters[start - 1] === ' ') start--
    while (start > 0 && this.#characters[start - 1] !== ' ') start--
    return start
  }

  #recall(index: number): void {
    if (!this.#echo || index < 0 || index > this.history.length) return
    this.#historyIndex = index
    const line = [...(this.history[index] ?? '')]
    this.#replace(line, line.length)
  }

  #complete(): void {
    if (!this.#echo || this.#options.complete === undefined) return
    const before = this.#characters.slice(0, this.#cursor).join('')
    const word = /[^\s]*$/.exec(before)?.[0] ?? ''
    const tail = word.slice(word.lastIndexOf('/') + 1)
    const words = this.#options.complete(before)
    if (words.length === 0) return
    let common = words[0] ?? ''
    for (const candidate of words)
      while (!candidate.startsWith(common)) common = common.slice(0, -1)
    const missing = common.slice(tail.length)
    const only = words.length === 1
    if (missing !== '' || only) this.#insert(missing + (only && !common.endsWith('/') ? ' ' : ''))
    else {
      this.#options.write(`\r\n${words.join('  ')}\r\n`)
      this.redraw()
    }
  }

  #insert(text: string): void {
    if (this.#characters.length >= MAX_LINE) return
    const added = [...text]
    const atEnd = this.#cursor === this.#characters.length
    const characters = this.#characters.toSpliced(this.#cursor, 0, ...added)
    if (!this.#echo || !atEnd) return this.#replace(characters, this.#cursor + added.length)
    this.#characters = characters
    this.#cursor += added.length
    this.#options.write(text)
    this.#wrap(this.#cursor)
  }

  /** Draws other contents in place of the line. */
  #replace(characters: string[], cursor: number): void {
    if (!this.#echo) {
      this.#characters = characters
      this.#cursor = cursor
      return
    }
    this.#move(0)
    this.#characters = characters
    this.#options.write(`\x1b[J${this.line}`)
    this.#wrap(characters.length)
    this.#cursor = characters.length
    this.#move(cursor)
  }

  #placeCursor(from: number): void {
    const cursor = this.#cursor
    this.#wrap(from)
    this.#cursor = from
    this.#move(cursor)
  }

  /** A full last column leaves the cursor waiting there: bring it to the next line. */
  #wrap(at: number): void {
    if (this.#echo && at > 0 && (this.#promptWidth + at) % this.#options.columns() === 0)
      this.#options.write('\r\n')
  }

  #move(target: number): void {
    const to = Math.max(0, Math.min(target, this.#characters.length))
    if (this.#echo && to !== this.#cursor) {
      const columns = this.#options.columns()
      const from = this.#promptWidth + this.#cursor
      const rows = Math.floor((this.#promptWidth + to) / columns) - Math.floor(from / columns)
      const column = (this.#promptWidth + to) % columns
      const vertical = rows < 0 ? `\x1b[${-rows}A` : rows > 0 ? `\x1b[${rows}B` : ''
      this.#options.write(`${vertical}\r${column > 0 ? `\x1b[${column}C` : ''}`)
    }
    this.#cursor = to
  }
}
