/** Reads a paused socket piece by piece; what is not asked for stays in the socket. */
import type { Socket } from 'node:net'

const HEAD_END = Buffer.from('\r\n\r\n')

export class SocketReader {
  readonly #socket: Socket
  #kept: Buffer = Buffer.alloc(0)
  #ended = false
  #wake: (() => void) | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    const wake = () => {
      if (this.#wake) this.#wake()
      // The end is only told to who reads; a waiting event.from must learn that its client left.
      else if (socket.readableLength === 0) socket.read()
    }
    const end = () => {
      this.#ended = true
      this.#wake?.()
    }
    socket.on('readable', wake)
    socket.on('end', end)
    socket.on('close', end)
  }

  /**
   * Up to and with the empty line.
   * @param limit bytes
   * @returns undefined at the end of the connection, 'too large' past the limit
   */
  async head(limit: number): Promise<Buffer | 'too large' | undefined> {
    for (;;) {
      const end = this.#kept.indexOf(HEAD_END)
      if (end >= 0 && end + 4 <= limit) return this.#cut(end + 4)
      if (end >= 0 || this.#kept.length > limit) return 'too large'
      if (!(await this.#more())) return undefined
    }
  }

  /** Exactly so many bytes; undefined when the connection ends before. */
  async bytes(count: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [this.#kept]
    let length = this.#kept.length
    while (length < count) {
      this.#kept = Buffer.alloc(0)
      if (!(await this.#more())) return undefined
      parts.push(this.#kept)
      length += this.#kept.length
    }
    this.#kept = Buffer.concat(parts)
    return this.#cut(count)
  }

  /** Bytes have arrived that nobody has read yet. */
  get pending(): boolean {
    return this.#kept.length > 0
  }

  /** Gives the socket back, with what was read too much. */
  release(): void {
    this.#socket.removeAllListeners('readable')
    if (this.#kept.length > 0) this.#socket.unshift(this.#kept)
    this.#kept = Buffer.alloc(0)
  }

  #cut(count: number): Buffer {
    const cut = this.#kept.subarray(0, count)
    this.#kept = this.#kept.subarray(count)
    return cut
  }

  async #more(): Promise<boolean> {
    for (;;) {
      const chunk: Buffer | null = this.#socket.read()
      if (chunk) {
        this.#kept = this.#kept.length > 0 ? Buffer.concat([this.#kept, chunk]) : chunk
        return true
      }
      if (this.#ended || this.#socket.destroyed) return false
      await new Promise<void>((resolve) => (this.#wake = resolve))
      this.#wake = undefined
    }
  }
}
