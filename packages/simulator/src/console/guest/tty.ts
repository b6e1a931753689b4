/**
 * A terminal of a guest: the boot log, the log-in prompt and the user's shell on it. Output goes to
 * listeners as text; input are a terminal's bytes.
 */
import { BOOT_SECONDS, bootLines, firmwareLines, FIRMWARE_SECONDS } from './boot-log.ts'
import type { Guest } from './guest.ts'
import { type Key, KeyParser } from './keys.ts'
import { LineEditor } from './line-editor.ts'
import { Shell } from './shell.ts'

/** What a new viewer of a serial console gets to see of the past, in UTF-16 units. */
const SCROLLBACK = 32 * 1024
const MAX_COLUMNS = 500
const MAX_ROWS = 200

export interface TtyListener {
  /** `size` is set by what only asks the terminal something and is not shown again to others. */
  output(text: string, query?: boolean): void
  /** The kernel takes over from the firmware: a graphical screen changes its mode. */
  modeSet?(): void
}

type Mode = 'off' | 'boot' | 'user' | 'password' | 'shell' | 'program' | 'stopping'

/** A program that has the terminal, such as top. */
export interface Program {
  /** Called every `interval` ms and on every key. */
  draw(): string
  readonly interval: number
  /** false ends the program. */
  key(key: Key): boolean
}

export class Tty {
  readonly name: string
  readonly guest: Guest
  columns: number
  rows: number
  user = ''
  #mode: Mode = 'off'
  #modeSet = false
  #scrollback = ''
  readonly #listeners = new Set<TtyListener>()
  readonly #parser = new KeyParser()
  readonly #editor: LineEditor
  readonly #timers = new Set<NodeJS.Timeout>()
  #shell: Shell | undefined
  #program: Program | undefined
  #programTimer: NodeJS.Timeout | undefined

  constructor(guest: Guest, name: string, columns: number, rows: number) {
    this.guest = guest
    this.name = name
    this.columns = columns
    this.rows = rows
    this.#editor = new LineEditor({
      write: (text) => this.write(text),
      columns: () => this.columns,
      complete: (line) => this.#shell?.complete(line) ?? [],
    })
  }

  /** The last part of what was written. */
  get scrollback(): string {
    return this.#scrollback
  }

  /** The kernel has taken over from the firmware. */
  get modeSet(): boolean {
    return this.#modeSet
  }

  get history(): readonly string[] {
    return this.#editor.history
  }

  /** Adds a viewer; the returned function removes it. The first one sees the boot from where it is. */
  listen(listener: TtyListener): () => void {
    this.#listeners.add(listener)
    if (this.#mode === 'off') this.#boot()
    else if (this.#mode === 'program') this.#draw()
    return () => {
      this.#listeners.delete(listener)
      // Nobody looks: nothing needs to be drawn.
      if (this.#listeners.size === 0) this.#rest()
    }
  }

  write(text: string): void {
    this.#scrollback = (this.#scrollback + text).slice(-SCROLLBACK)
    for (const listener of this.#listeners) listener.output(text)
  }

  resize(columns: number, rows: number): void {
    this.columns = Math.max(20, Math.min(columns, MAX_COLUMNS))
    this.rows = Math.max(5, Math.min(rows, MAX_ROWS))
  }

  receive(bytes: Uint8Array): void {
    if (!this.guest.machine.isRunning()) return
    for (const key of this.#parser.parse(bytes)) this.#key(key)
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#rest()
    this.#mode = 'stopping'
  }

  /** Text now and then, `lines` apart; then `done`. Nothing else is accepted meanwhile. */
  shutDown(text: string, done: () => void): void {
    this.#mode = 'stopping'
    this.write(text)
    this.#later(Math.min(400, 400 * this.guest.bootScale), done)
  }

  /** Gives the terminal to a program. */
  run(program: Program): void {
    this.#program = program
    this.#mode = 'program'
    this.write('\x1b[?25l\x1b[H\x1b[2J')
    this.#draw()
  }

  /** The terminal is asked how large it is; the answer comes as input. */
  askSize(): void {
    for (const listener of this.#listeners) listener.output('\x1b7\x1b[999;999H\x1b[6n\x1b8', true)
  }

  /** Back to the log-in prompt. */
  logOut(): void {
    this.#shell = undefined
    this.user = ''
    this.#login(true)
  }

  #boot(): void {
    const facts = this.guest.machine.facts()
    if (facts.system.family === 'windows') {
      // Windows leaves its serial port alone unless Emergency Management Services are set up.
      this.#mode = 'stopping'
      return this.write('This guest does not use its serial port.\r\n')
    }
    const scale = this.guest.bootScale * 1000
    const elapsed = scale <= 0 ? BOOT_SECONDS : (this.guest.machine.now() - facts.bootedAt) / scale
    this.#mode = 'boot'
    for (const line of firmwareLines(facts))
      this.#at(line.at - elapsed, () => this.write(line.text))
    this.#at(FIRMWARE_SECONDS - elapsed, () => {
      this.#modeSet = true
      for (const listener of this.#listeners) listener.modeSet?.()
      // The new mode starts empty, also for who sees it again later; a serial line has no modes.
      if (this.name === 'tty1') this.write('\x1b[H\x1b[2J')
    })
    for (const line of bootLines(facts)) this.#at(line.at - elapsed, () => this.write(line.text))
    this.#at(BOOT_SECONDS - elapsed, () => this.#login(false))
  }

  /** Runs `action` in so many boot seconds, at once if they have passed. */
  #at(seconds: number, action: () => void): void {
    if (seconds <= 0) action()
    else this.#later(seconds * this.guest.bootScale * 1000, action)
  }

  #later(milliseconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      action()
    }, milliseconds)
    timer.unref()
    this.#timers.add(timer)
  }

  #login(again: boolean): void {
    const facts = this.guest.machine.facts()
    this.#mode = 'user'
    if (again) this.write('\x1b[H\x1b[2J')
    this.write(`\r\n${facts.system.name} ${facts.hostname} ${this.name}\r\n\r\n`)
    this.#editor.begin(`${facts.hostname} login: `)
  }

  #key(key: Key): void {
    if (key.kind === 'size') {
      this.resize(key.columns, key.rows)
      return
    }
    if (this.#mode === 'program') this.#programKey(key)
    else if (this.#mode === 'user' || this.#mode === 'password' || this.#mode === 'shell')
      this.#editKey(key)
  }

  #editKey(key: Key): void {
    const result = this.#editor.key(key)
    if (result === undefined) return
    if (result === 'interrupt') return this.#mode === 'shell' ? this.#prompt() : this.#login(false)
    if (result === 'end') {
      if (this.#mode !== 'shell') return
      this.write('logout\r\n')
      return this.logOut()
    }
    this.#line(result.line)
  }

  #line(line: string): void {
    if (this.#mode === 'user') {
      const user = line.trim().slice(0, 32)
      if (user === '') return this.#login(false)
      this.user = user
      this.#mode = 'password'
      return this.#editor.begin('Password: ', false)
    }
    if (this.#mode === 'password') return this.#greet()
    this.#editor.remember(line)
    const shell = this.#shell
    if (shell === undefined) return this.#login(false)
    const output = shell.execute(line)
    if (output !== '') this.write(output.replaceAll('\n', '\r\n'))
    if (this.#mode === 'shell') this.#prompt()
  }

  #greet(): void {
    const { system, hostname } = this.guest.machine.facts()
    this.#mode = 'shell'
    this.#shell = new Shell(this)
    this.write(
      `Linux ${hostname} ${system.kernel} x86_64\r\n\r\nThis guest is simulated; type \x1b[1mhelp\x1b[0m for the commands it knows.\r\n`,
    )
    if (this.name !== 'tty1') this.askSize()
    this.#prompt()
  }

  #prompt(): void {
    this.#editor.begin(this.#shell?.prompt() ?? '$ ')
  }

  #programKey(key: Key): void {
    const stop = key.kind === 'control' && (key.letter === 'C' || key.letter === 'D')
    if (stop || this.#program?.key(key) === false) {
      this.#rest()
      this.#program = undefined
      this.#mode = 'shell'
      this.write('\x1b[?25h\r\n')
      this.#prompt()
    } else this.#draw()
  }

  #draw(): void {
    const program = this.#program
    this.#rest()
    if (program === undefined || this.#listeners.size === 0) return
    // A drawing replaces the one before: only the last belongs into the scrollback.
    const text = program.draw()
    for (const listener of this.#listeners) listener.output(text)
    this.#programTimer = setTimeout(() => this.#draw(), program.interval)
    this.#programTimer.unref()
  }

  #rest(): void {
    clearTimeout(this.#programTimer)
    this.#programTimer = undefined
  }
}
