/** The picture of a text guest: its terminal tty1 drawn as a Linux console draws it. */
import type { Guest } from '../guest/guest.ts'
import { Keyboard } from '../guest/keys.ts'
import { Framebuffer } from './framebuffer.ts'
import type { Screen } from './screen.ts'
import { Terminal } from './terminal.ts'

/** Firmware: 80 × 25 characters. */
const FIRMWARE = { width: 640, height: 400 }
/** The kernel's framebuffer: 128 × 48 characters. */
const KERNEL = { width: 1024, height: 768 }
/** Half a period of the cursor's blinking, ms. */
const BLINK = 500

export class TextScreen implements Screen {
  readonly framebuffer = new Framebuffer(FIRMWARE.width, FIRMWARE.height)
  readonly title: string
  readonly #guest: Guest
  readonly #terminal: Terminal
  readonly #keyboard = new Keyboard()
  readonly #encoder = new TextEncoder()
  readonly #unlisten: () => void
  readonly #blink: NodeJS.Timeout

  constructor(guest: Guest) {
    this.#guest = guest
    this.title = guest.machine.facts().label
    const tty = guest.terminal('tty1', FIRMWARE.width / 8, FIRMWARE.height / 16)
    this.#terminal = new Terminal(this.framebuffer, (answer) =>
      tty.receive(this.#encoder.encode(answer)),
    )
    // Drawn again for a viewer who comes back after the picture was given up.
    if (tty.modeSet) this.#terminal.resize(KERNEL.width, KERNEL.height)
    if (tty.scrollback !== '') this.#terminal.write(this.#encoder.encode(tty.scrollback))
    this.#unlisten = tty.listen({
      output: (text) => this.#terminal.write(this.#encoder.encode(text)),
      modeSet: () => {
        this.#terminal.resize(KERNEL.width, KERNEL.height)
        tty.resize(this.#terminal.columns, this.#terminal.rows)
      },
    })
    this.#blink = setInterval(() => {
      if (this.framebuffer.watched) this.#terminal.drawCursor(!this.#terminal.cursorDrawn)
    }, BLINK)
    this.#blink.unref()
  }

  key(keysym: number, down: boolean): void {
    const input = this.#keyboard.press(keysym, down)
    if (input === undefined || !this.#guest.machine.isRunning()) return
    if (input === 'reset') this.#guest.machine.reboot()
    else this.#guest.terminal('tty1', 80, 25).receive(this.#encoder.encode(input))
  }

  pointer(): void {
    // A text console without gpm has no use for it.
  }

  /** What a person reads on the screen. */
  text(): string {
    return this.#terminal.text()
  }

  dispose(): void {
    clearInterval(this.#blink)
    this.#unlisten()
  }
}
