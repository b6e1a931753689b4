/** Keys that a touch screen has no key for: name → [X11 keysym, physical key, what a terminal sends]. */
export const specialKeys = {
  Escape: [0xff1b, 'Escape', '\x1b'],
  Tab: [0xff09, 'Tab', '\t'],
  Enter: [0xff0d, 'Enter', '\r'],
  Backspace: [0xff08, 'Backspace', '\x7f'],
  Left: [0xff51, 'ArrowLeft', '\x1b[D'],
  Up: [0xff52, 'ArrowUp', '\x1b[A'],
  Right: [0xff53, 'ArrowRight', '\x1b[C'],
  Down: [0xff54, 'ArrowDown', '\x1b[B'],
} as const satisfies Record<string, readonly [number, string, string]>
export type SpecialKey = keyof typeof specialKeys

export const controlKey = [0xffe3, 'ControlLeft'] as const
const altKey = [0xffe9, 'AltLeft'] as const
const firstFunctionKey = 0xffbe

/** Key combinations that a browser or the person's own system keeps for itself, as [keysym, physical key] to hold down in order. */
export const combinations: readonly {
  name: string
  keys: readonly (readonly [number, string])[]
}[] = [
  { name: 'Alt + Tab', keys: [altKey, [0xff09, 'Tab']] },
  { name: 'Alt + F4', keys: [altKey, [firstFunctionKey + 3, 'F4']] },
  { name: 'Ctrl + Esc', keys: [controlKey, [0xff1b, 'Escape']] },
  { name: 'Windows', keys: [[0xffeb, 'MetaLeft']] },
  { name: 'Print screen', keys: [[0xff61, 'PrintScreen']] },
  ...[1, 2, 3, 7].map((number) => ({
    name: `Ctrl + Alt + F${number}`,
    keys: [controlKey, altKey, [firstFunctionKey + number - 1, `F${number}`]] as const,
  })),
]

/** A character's X11 keysym: Latin-1 is itself, the rest is Unicode + 0x01000000 (X11 protocol, appendix A). */
export function keysymOf(character: string): number {
  const point = character.codePointAt(0) ?? 0
  if (point === 0x0a || point === 0x0d) return specialKeys.Enter[0]
  if (point === 0x09) return specialKeys.Tab[0]
  return point <= 0xff ? point : 0x01000000 + point
}

/** What a terminal sends for Ctrl with a character: `c` → 0x03. Characters without one are sent as they are. */
export function withControl(character: string): string {
  const point = character.toUpperCase().charCodeAt(0)
  return point >= 0x40 && point <= 0x5f ? String.fromCharCode(point - 0x40) : character
}

interface KeyEventLike {
  readonly type: string
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  getModifierState(key: 'AltGraph'): boolean
}

const modifiers = new Set(['Control', 'Alt', 'Shift'])

/**
 * The way out of a console for people without a pointer: Ctrl, Alt and Shift held together and let go, without any
 * other key. On release rather than on press, so that Ctrl + Alt + Shift + something still reaches the guest; and
 * never with AltGr, which Windows reports as Ctrl + Alt.
 */
export class EscapeChord {
  #armed = false

  /** Feed every keydown and keyup; true means: leave the console now. */
  handle(event: KeyEventLike): boolean {
    const isModifier = modifiers.has(event.key)
    if (event.type === 'keydown') {
      this.#armed =
        isModifier &&
        event.ctrlKey &&
        event.altKey &&
        event.shiftKey &&
        !event.getModifierState('AltGraph')
      return false
    }
    const leave = this.#armed && event.type === 'keyup' && isModifier
    this.#armed = false
    return leave
  }
}
