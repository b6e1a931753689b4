/** One viewer of a guest's serial console: bytes both ways, the last 32 KB first. */
import type { Duplex } from 'node:stream'
import type { Tty } from './guest/tty.ts'

/** A viewer with more than this unsent is skipped until it has caught up. */
const MAX_UNSENT = 256 * 1024

export class SerialSession {
  readonly #stream: Duplex
  readonly #tty: Tty
  readonly #unlisten: () => void
  #behind = false
  #closed = false

  constructor(stream: Duplex, tty: Tty, onInput: () => void) {
    this.#stream = stream
    this.#tty = tty
    if (tty.scrollback !== '') stream.write(tty.scrollback)
    this.#unlisten = tty.listen({ output: (text) => this.#output(text) })
    stream.on('data', (chunk: Buffer) => {
      onInput()
      tty.receive(chunk)
    })
    stream.on('drain', () => this.#catchUp())
    stream.on('error', () => this.close())
    stream.on('end', () => this.close())
    stream.on('close', () => this.close())
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#unlisten()
    this.#stream.end()
  }

  #output(text: string): void {
    if (this.#behind || this.#closed) return
    if (this.#stream.writableLength > MAX_UNSENT) this.#behind = true
    else this.#stream.write(text)
  }

  /** What was skipped is gone; the end of it is shown again on an empty screen. */
  #catchUp(): void {
    if (!this.#behind || this.#closed) return
    this.#behind = false
    this.#stream.write(`\x1bc${this.#tty.scrollback}`)
  }
}
