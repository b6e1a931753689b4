import { FitAddon } from '@xterm/addon-fit'
import { Terminal, type ITheme } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { EscapeChord, specialKeys, withControl, type SpecialKey } from './keys.ts'
import type { ConsoleScreen } from './screen.ts'

interface Events {
  onSize(size: string): void
  /** The escape chord was pressed. */
  onLeave(): void
  /** Every key goes to it first; with the sticky Ctrl of the touch keys it comes back changed. */
  transform(text: string): string
}

/**
 * A text console (vt100, drawn by xterm.js). The terminal lives as long as the page, so what was printed before a
 * loss stays readable after it.
 */
export class TextScreen implements ConsoleScreen {
  readonly #terminal: Terminal
  readonly #fit = new FitAddon()
  readonly #observer: ResizeObserver
  #send: ((bytes: Uint8Array<ArrayBuffer>) => void) | null = null
  #connections = 0

  constructor(target: HTMLElement, events: Events) {
    this.#terminal = new Terminal({
      fontFamily:
        getComputedStyle(document.documentElement).getPropertyValue('--font-mono').trim() ||
        'monospace',
      fontSize: 14,
      scrollback: 10_000,
      screenReaderMode: true,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      theme: themeOf(target),
    })
    this.#terminal.loadAddon(this.#fit)
    this.#terminal.open(target)
    const encoder = new TextEncoder()
    this.#terminal.onData((text) => this.#send?.(encoder.encode(events.transform(text))))
    // Mouse reports of some programs are bytes, not text.
    this.#terminal.onBinary((text) =>
      this.#send?.(Uint8Array.from(text, (character) => character.charCodeAt(0))),
    )
    this.#takeTextWithoutKeys()
    const chord = new EscapeChord()
    this.#terminal.attachCustomKeyEventHandler((event) => {
      if (chord.handle(event)) {
        events.onLeave()
        return false
      }
      if (event.type !== 'keydown' || !event.ctrlKey || !event.shiftKey) return true
      if (event.code === 'KeyC' && this.#terminal.hasSelection()) {
        event.preventDefault()
        void this.copy()
        return false
      }
      // The browser pastes by itself when the terminal leaves the key alone.
      return event.code !== 'KeyV'
    })
    this.#observer = new ResizeObserver(() => {
      this.#fit.fit()
      events.onSize(this.size)
    })
    this.#observer.observe(target)
  }

  /**
   * Emoji panels, dictation and on-screen keyboards insert text without any key. With its screen reader mode xterm.js
   * leaves that to its own guesses at keys, which then see nothing.
   */
  #takeTextWithoutKeys(): void {
    const field = this.#terminal.textarea
    if (!field) return
    let hasKey = false
    field.addEventListener('keydown', () => {
      hasKey = true
    })
    field.addEventListener('keyup', () => {
      hasKey = false
    })
    field.addEventListener('input', (event) => {
      if (!(event instanceof InputEvent) || hasKey || event.isComposing) return
      if (event.inputType !== 'insertText' || !event.data) return
      this.#terminal.input(event.data)
      field.value = ''
    })
  }

  /** Columns × rows. */
  get size(): string {
    return `${this.#terminal.cols} × ${this.#terminal.rows}`
  }

  attach(socket: WebSocket, events: { ready(): void; refused(): void }): () => void {
    const abort = new AbortController()
    socket.addEventListener(
      'open',
      () => {
        this.#connections += 1
        // A rule between what was before and what comes now; the guest does not repeat itself.
        if (this.#connections > 1)
          this.#terminal.write('\r\n\x1b[0;2m──────── ⟳ ────────\x1b[0m\r\n')
        this.#send = (bytes) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(bytes)
        }
        events.ready()
      },
      { signal: abort.signal },
    )
    socket.addEventListener(
      'message',
      ({ data }: MessageEvent<unknown>) => {
        if (data instanceof ArrayBuffer) this.#terminal.write(new Uint8Array(data))
        else if (typeof data === 'string') this.#terminal.write(data)
      },
      { signal: abort.signal },
    )
    return () => {
      this.#send = null
      abort.abort()
    }
  }

  focus(): void {
    this.#terminal.focus()
  }

  /** A terminal holds no keys. */
  releaseKeys(): void {}

  sendText(text: string, control: boolean): void {
    this.#terminal.input(control ? [...text].map(withControl).join('') : text)
  }

  sendSpecial(key: SpecialKey): void {
    this.#terminal.input(specialKeys[key][2])
  }

  /** A serial line has no signal for a changed window: the shell of the guest has to be told. */
  typeSize(): void {
    this.#terminal.input(`stty rows ${this.#terminal.rows} cols ${this.#terminal.cols}\r`)
  }

  get hasSelection(): boolean {
    return this.#terminal.hasSelection()
  }

  async copy(): Promise<void> {
    await navigator.clipboard.writeText(this.#terminal.getSelection())
  }

  async paste(): Promise<void> {
    this.#terminal.paste(await navigator.clipboard.readText())
  }

  dispose(): void {
    this.#observer.disconnect()
    this.#terminal.dispose()
  }
}

/** The console's colours come from the page's tokens; both themes show it dark, as screens of servers are. */
function themeOf(element: HTMLElement): ITheme {
  const style = getComputedStyle(element)
  return {
    // xterm.js understands no light-dark(); computed colours are plain.
    background: style.backgroundColor,
    foreground: style.color,
    cursor: style.color,
    selectionBackground: '#3d5a99',
    black: '#23272e',
    red: '#ff7b78',
    green: '#45c486',
    yellow: '#e6a23c',
    blue: '#7aa0ff',
    magenta: '#d28cf0',
    cyan: '#4fc3d9',
    white: '#d5d9e0',
    brightBlack: '#8c94a2',
    brightRed: '#ff9e9b',
    brightGreen: '#74dba7',
    brightYellow: '#f2c077',
    brightBlue: '#a3bfff',
    brightMagenta: '#e3b3f7',
    brightCyan: '#86dcea',
    brightWhite: '#ffffff',
  }
}
