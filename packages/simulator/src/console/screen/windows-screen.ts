/**
 * The picture of a Windows guest: start-up, lock screen with a clock, log-in, a bare desktop. Any
 * password that is not empty opens it. Ctrl-Alt-Del locks the desktop again.
 */
import type { Guest } from '../guest/guest.ts'
import { Keyboard } from '../guest/keys.ts'
import { Framebuffer } from './framebuffer.ts'
import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphOf } from './font.ts'
import type { Screen } from './screen.ts'

const WIDTH = 1024
const HEIGHT = 768
const WHITE = 0xffffff
const LOCK = 0x1b3a5c
const DESKTOP = 0x1f5f8b
const BAR = 0x101820
const START = { left: 8, top: HEIGHT - 38, width: 72, height: 32 }
const BOOT_SECONDS = 4
const MAX_PASSWORD = 64

type View = 'boot' | 'lock' | 'password' | 'desktop' | 'menu'

export class WindowsScreen implements Screen {
  readonly framebuffer = new Framebuffer(WIDTH, HEIGHT)
  readonly title: string
  readonly #guest: Guest
  readonly #keyboard = new Keyboard()
  readonly #timer: NodeJS.Timeout
  #view: View = 'boot'
  #password = ''
  #wrong = false
  #buttons = 0
  #clock = ''

  constructor(guest: Guest) {
    this.#guest = guest
    this.title = guest.machine.facts().label
    this.#advance()
    this.#draw()
    this.#timer = setInterval(() => this.#tick(), 250)
    this.#timer.unref()
  }

  key(keysym: number, down: boolean): void {
    const input = this.#keyboard.press(keysym, down)
    if (input === undefined || this.#view === 'boot' || !this.#guest.machine.isRunning()) return
    if (input === 'reset') return this.#show('password')
    switch (this.#view) {
      case 'lock':
        return this.#show('password')
      case 'password':
        return this.#type(input)
      case 'menu':
        return this.#show('desktop')
    }
  }

  pointer(x: number, y: number, buttons: number): void {
    const pressed = (buttons & 1) === 1 && (this.#buttons & 1) === 0
    this.#buttons = buttons
    if (!pressed || !this.#guest.machine.isRunning()) return
    if (this.#view === 'lock') return this.#show('password')
    if (this.#view === 'desktop' && inside(x, y, START)) return this.#show('menu')
    if (this.#view !== 'menu') return
    if (inside(x, y, menuItem(0))) this.#show('lock')
    else if (inside(x, y, menuItem(1))) this.#guest.machine.reboot()
    else if (inside(x, y, menuItem(2))) this.#guest.machine.powerOff()
    else this.#show('desktop')
  }

  get view(): View {
    return this.#view
  }

  dispose(): void {
    clearInterval(this.#timer)
  }

  #type(input: string): void {
    if (input === '\x1b') return this.#show('lock')
    if (input === '\r') {
      if (this.#password !== '') return this.#show('desktop')
      this.#wrong = true
    } else if (input === '\x7f') this.#password = [...this.#password].slice(0, -1).join('')
    else if (!/\p{Cc}/u.test(input) && this.#password.length < MAX_PASSWORD) {
      this.#password += input
      this.#wrong = false
    }
    this.#drawPassword()
  }

  #show(view: View): void {
    this.#view = view
    this.#password = ''
    this.#wrong = false
    this.#draw()
  }

  /** Leaves the start-up once it has lasted long enough. */
  #advance(): boolean {
    if (this.#view !== 'boot') return false
    const elapsed = this.#guest.machine.now() - this.#guest.machine.facts().bootedAt
    if (elapsed < BOOT_SECONDS * 1000 * this.#guest.bootScale) return false
    this.#view = 'lock'
    return true
  }

  #tick(): void {
    if (this.#advance()) return this.#draw()
    if (!this.framebuffer.watched) return
    if (this.#view === 'boot') this.#drawSpinner()
    else if (this.#time() !== this.#clock) this.#drawClock()
  }

  #time(): string {
    return new Date(this.#guest.machine.now()).toISOString().slice(11, 16)
  }

  #draw(): void {
    const { system, hostname } = this.#guest.machine.facts()
    switch (this.#view) {
      case 'boot':
        this.framebuffer.fill(0, 0, WIDTH, HEIGHT, 0)
        this.#drawLogo(WIDTH / 2 - 50, 200, 100)
        return this.#drawSpinner()
      case 'lock':
        this.framebuffer.fill(0, 0, WIDTH, HEIGHT, LOCK)
        this.#centre(`${hostname.toUpperCase()} - ${system.name}`, 560, 1, 0xb0c4d8)
        this.#centre('Press Ctrl+Alt+Delete to unlock.', 600, 2, WHITE)
        return this.#drawClock()
      case 'password':
        this.framebuffer.fill(0, 0, WIDTH, HEIGHT, LOCK)
        this.#centre('Administrator', 330, 3, WHITE)
        this.#centre('Enter signs in, Esc goes back', 520, 1, 0xb0c4d8)
        return this.#drawPassword()
      case 'desktop':
      case 'menu':
        return this.#drawDesktop()
    }
  }

  #drawDesktop(): void {
    const { system, hostname, interfaces } = this.#guest.machine.facts()
    this.framebuffer.fill(0, 0, WIDTH, HEIGHT - 44, DESKTOP)
    this.framebuffer.fill(0, HEIGHT - 44, WIDTH, 44, BAR)
    this.framebuffer.fill(START.left, START.top, START.width, START.height, 0x26364a)
    this.#text('Start', START.left + 16, START.top + 8, WHITE)
    const lines = [
      hostname.toUpperCase(),
      system.name,
      ...interfaces.flatMap((each) => [...each.ipv4]),
    ]
    for (const [index, line] of lines.entries())
      this.#text(line, WIDTH - 16 - line.length * GLYPH_WIDTH, 16 + index * 20, WHITE)
    if (this.#view === 'menu')
      for (const [index, label] of ['Lock', 'Restart', 'Shut down'].entries()) {
        const item = menuItem(index)
        this.framebuffer.fill(item.left, item.top, item.width, item.height, 0x26364a)
        this.#text(label, item.left + 16, item.top + 10, WHITE)
      }
    this.#drawClock()
  }

  #drawLogo(left: number, top: number, size: number): void {
    const half = size / 2 - 2
    for (const [x, y] of [
      [0, 0],
      [half + 4, 0],
      [0, half + 4],
      [half + 4, half + 4],
    ] as const)
      this.framebuffer.fill(left + x, top + y, half, half, 0x3aa0e0)
  }

  #drawSpinner(): void {
    const step = Math.floor(this.#guest.machine.now() / 250) % 5
    for (let dot = 0; dot < 5; dot++)
      this.framebuffer.fill(WIDTH / 2 - 60 + dot * 28, 520, 8, 8, dot === step ? WHITE : 0x404040)
  }

  #drawClock(): void {
    this.#clock = this.#time()
    if (this.#view === 'lock') {
      this.framebuffer.fill(0, 150, WIDTH, 16 * 8, LOCK)
      this.#centre(this.#clock, 150, 8, WHITE)
      const date = new Date(this.#guest.machine.now()).toUTCString().slice(0, 16)
      this.framebuffer.fill(0, 300, WIDTH, 32, LOCK)
      this.#centre(date, 300, 2, WHITE)
    } else if (this.#view === 'desktop' || this.#view === 'menu') {
      this.framebuffer.fill(WIDTH - 80, HEIGHT - 44, 80, 44, BAR)
      this.#text(this.#clock, WIDTH - 64, HEIGHT - 30, WHITE)
    }
  }

  #drawPassword(): void {
    this.framebuffer.fill(WIDTH / 2 - 180, 420, 360, 40, WHITE)
    const shown = this.#password === '' ? 'Password' : '•'.repeat([...this.#password].length)
    this.#text(shown.slice(0, 42), WIDTH / 2 - 168, 432, this.#password === '' ? 0x808080 : 0)
    this.framebuffer.fill(0, 476, WIDTH, 20, LOCK)
    if (this.#wrong) this.#centre('Enter a password.', 478, 1, 0xffc0a0)
  }

  #centre(text: string, top: number, scale: number, colour: number): void {
    this.#text(
      text,
      Math.round((WIDTH - [...text].length * GLYPH_WIDTH * scale) / 2),
      top,
      colour,
      scale,
    )
  }

  #text(text: string, left: number, top: number, colour: number, scale = 1): void {
    for (const [index, character] of [...text].entries())
      this.framebuffer.glyph(
        left + index * GLYPH_WIDTH * scale,
        top,
        glyphOf(character.codePointAt(0) ?? GLYPH_HEIGHT),
        colour,
        undefined,
        scale,
      )
  }
}

interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

function menuItem(index: number): Box {
  return { left: 8, top: HEIGHT - 44 - 120 + index * 36, width: 200, height: 34 }
}

function inside(x: number, y: number, box: Box): boolean {
  return x >= box.left && x < box.left + box.width && y >= box.top && y < box.top + box.height
}
