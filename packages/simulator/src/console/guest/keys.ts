/**
 * Keyboard input on its way to a guest: X11 keysyms to the bytes a terminal sends, and those bytes
 * back to keys.
 */

export type Key =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'control'; readonly letter: string }
  | {
      readonly kind: 'enter' | 'backspace' | 'delete' | 'tab' | 'up' | 'down' | 'left' | 'right'
    }
  | { readonly kind: 'home' | 'end' | 'wordLeft' | 'wordRight' }
  /** The terminal answered a question about its size or its cursor. */
  | { readonly kind: 'size'; readonly rows: number; readonly columns: number }

/** Keysyms of keys without a character (X11 keysymdef). */
const SPECIAL: Readonly<Record<number, string>> = {
  0xff08: '\x7f',
  0xff09: '\t',
  0xff0a: '\r',
  0xff0d: '\r',
  0xff1b: '\x1b',
  0xff50: '\x1b[1~',
  0xff51: '\x1b[D',
  0xff52: '\x1b[A',
  0xff53: '\x1b[C',
  0xff54: '\x1b[B',
  0xff55: '\x1b[5~',
  0xff56: '\x1b[6~',
  0xff57: '\x1b[4~',
  0xff8d: '\r',
  0xff95: '\x1b[1~',
  0xff96: '\x1b[D',
  0xff97: '\x1b[A',
  0xff98: '\x1b[C',
  0xff99: '\x1b[B',
  0xff9c: '\x1b[4~',
  0xff9f: '\x1b[3~',
  0xffff: '\x1b[3~',
}

/** The character of a keysym, or undefined for keys that have none. */
function characterOf(keysym: number): string | undefined {
  if ((keysym >= 0x20 && keysym <= 0x7e) || (keysym >= 0xa0 && keysym <= 0xff))
    return String.fromCodePoint(keysym)
  // Unicode keysyms; surrogates are no characters.
  if (keysym >= 0x1000100 && keysym <= 0x110ffff) {
    const code = keysym - 0x1000000
    return code >= 0xd800 && code <= 0xdfff ? undefined : String.fromCodePoint(code)
  }
  if (keysym === 0x20ac) return '€'
  // The numeric keypad: operators, digits and the decimal point.
  if (keysym >= 0xffaa && keysym <= 0xffb9) return String.fromCodePoint(keysym - 0xff80)
  return undefined
}

/** Knows which modifiers are held and turns key presses into terminal input. */
export class Keyboard {
  readonly #held = new Set<number>()

  get control(): boolean {
    return this.#held.has(0xffe3) || this.#held.has(0xffe4)
  }

  get alt(): boolean {
    return this.#held.has(0xffe9) || this.#held.has(0xffea) || this.#held.has(0xffe7)
  }

  /** What the key sends to a terminal, or 'reset' for Ctrl-Alt-Del; undefined for nothing. */
  press(keysym: number, down: boolean): string | 'reset' | undefined {
    if (keysym >= 0xffe1 && keysym <= 0xffee) {
      if (down) this.#held.add(keysym)
      else this.#held.delete(keysym)
      return undefined
    }
    if (!down) return undefined
    if (this.control && this.alt && (keysym === 0xffff || keysym === 0xff9f)) return 'reset'
    const special = SPECIAL[keysym]
    if (special !== undefined) return special
    const character = characterOf(keysym)
    if (character === undefined) return undefined
    if (this.control) {
      const code = character.toUpperCase().codePointAt(0) ?? 0
      return code >= 0x40 && code <= 0x5f ? String.fromCodePoint(code - 0x40) : undefined
    }
    return this.alt ? `\x1b${character}` : character
  }
}

/** Longer escape sequences from a terminal are dropped. */
const MAX_SEQUENCE = 32

/** Turns a terminal's bytes into keys; a sequence cut by the network is put together again. */
export class KeyParser {
  readonly #decoder = new TextDecoder('utf-8')
  /** undefined: not in a sequence; '' after ESC. */
  #sequence: string | undefined

  parse(bytes: Uint8Array): Key[] {
    const keys: Key[] = []
    for (const character of this.#decoder.decode(bytes, { stream: true })) {
      const key = this.#sequence === undefined ? this.#plain(character) : this.#continued(character)
      if (key !== undefined) keys.push(key)
    }
    return keys
  }

  #plain(character: string): Key | undefined {
    const code = character.codePointAt(0) ?? 0
    if (code === 0x1b) {
      this.#sequence = ''
      return undefined
    }
    if (code === 0x0d || code === 0x0a) return { kind: 'enter' }
    if (code === 0x7f || code === 0x08) return { kind: 'backspace' }
    if (code === 0x09) return { kind: 'tab' }
    if (code === 0) return undefined
    if (code < 0x20) return { kind: 'control', letter: String.fromCodePoint(code + 0x40) }
    return code >= 0x80 && code < 0xa0 ? undefined : { kind: 'text', text: character }
  }

  #continued(character: string): Key | undefined {
    const before = this.#sequence ?? ''
    this.#sequence = undefined
    if (before === '') {
      if (character === '[' || character === 'O') this.#sequence = character
      else if (character === 'b') return { kind: 'wordLeft' }
      else if (character === 'f') return { kind: 'wordRight' }
      else return this.#plain(character)
      return undefined
    }
    if (before.startsWith('[') && /[0-9;?]/.test(character)) {
      if (before.length < MAX_SEQUENCE) this.#sequence = before + character
      return undefined
    }
    return sequenceKey(before.slice(1), character)
  }
}

function sequenceKey(parameters: string, final: string): Key | undefined {
  const modified = parameters.endsWith(';5')
  switch (final) {
    case 'A':
      return { kind: 'up' }
    case 'B':
      return { kind: 'down' }
    case 'C':
      return { kind: modified ? 'wordRight' : 'right' }
    case 'D':
      return { kind: modified ? 'wordLeft' : 'left' }
    case 'H':
      return { kind: 'home' }
    case 'F':
      return { kind: 'end' }
    case '~':
      if (parameters === '1' || parameters === '7') return { kind: 'home' }
      if (parameters === '4' || parameters === '8') return { kind: 'end' }
      return parameters === '3' ? { kind: 'delete' } : undefined
    case 'R':
    case 't': {
      const numbers = parameters.split(';').map(Number)
      const [rows, columns] = final === 't' ? numbers.slice(1) : numbers
      if (rows === undefined || columns === undefined) return undefined
      return { kind: 'size', rows, columns }
    }
    default:
      return undefined
  }
}
