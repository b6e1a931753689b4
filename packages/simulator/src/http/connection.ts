/** One client's connection: requests one after another, as xapi's own HTTP server reads them. */
import type { Socket } from 'node:net'
import { headTooLarge, timedOut } from './errors.ts'
import type { HtmlReply } from './errors.ts'
import { parseHead } from './head.ts'
import type { Head } from './head.ts'
import { SocketReader } from './reader.ts'

/** Measured: 1006 bytes are taken, 1007 refused (FACTS "HTTP"). */
const MAX_HEAD = 1006
/** xapi gives a head 10 s from its first byte (header_read_timeout_tcp), ms. */
const HEAD_TIMEOUT = 10_000

/** Bytes handed to the socket at a time. */
const BATCH = 256 * 1024
/** How long writing may hold the event loop, ms. */
const TURN = 8

type Headers = readonly (readonly [string, string])[]

export class Connection {
  readonly socket: Socket
  readonly reader: SocketReader
  readonly #gone = new AbortController()
  #taken = false

  constructor(socket: Socket) {
    this.socket = socket
    // A reset shows as 'close' too; without a listener it would be thrown.
    socket.on('error', () => socket.destroy())
    socket.on('end', () => this.#gone.abort())
    socket.on('close', () => this.#gone.abort())
    this.reader = new SocketReader(socket)
  }

  /** Aborted when the client ends the connection. */
  get gone(): AbortSignal {
    return this.#gone.signal
  }

  /** @param handle answers one request; the connection stays open when it resolves to true */
  async serve(handle: (head: Head) => Promise<boolean>): Promise<void> {
    for (;;) {
      const head = await this.#head()
      if (!head || !(await handle(head)) || this.#taken) break
    }
    if (!this.#taken) this.#close()
  }

  /** Whole reply in xapi's order of headers: `first` before connection, `last` behind. */
  async reply(
    head: Head | undefined,
    status: string,
    { first = [], last = [] }: { first?: Headers; last?: Headers },
    body: readonly Buffer[],
    keepAlive: boolean,
  ): Promise<void> {
    const length = body.reduce((sum, part) => sum + part.length, 0)
    const headers: Headers = [
      ['content-length', String(length)],
      ...first,
      ['connection', keepAlive ? 'keep-alive' : 'close'],
      ['cache-control', 'no-cache, no-store'],
      ...last,
    ]
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const line = `HTTP/${head?.version ?? '1.1'} ${status}\r\n`
    await this.write([Buffer.from(`${line}${lines}\r\n`), ...body])
  }

  /** A whole reply of 200 as xapi's `http_200_ok_with_content` begins it (recordings 344 to 352). */
  async content(headers: Headers, body: Buffer, keepAlive: boolean): Promise<void> {
    const all: Headers = [
      ['Connection', keepAlive ? 'keep-alive' : 'close'],
      ['Content-Length', String(body.length)],
      ['Cache-Control', 'no-cache, no-store'],
      ...headers,
    ]
    const lines = all.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    await this.write([Buffer.from(`HTTP/1.1 200 OK\r\n${lines}\r\n`), body])
  }

  async html(head: Head | undefined, { status, headers, body }: HtmlReply): Promise<void> {
    await this.reply(
      head,
      status,
      { first: [['content-type', 'text/html']], last: headers },
      [Buffer.from(body)],
      false,
    )
  }

  /** At the client's pace, and never so long at a time that others wait for it. */
  async write(parts: readonly Buffer[]): Promise<void> {
    const { socket } = this
    let started = performance.now()
    for (let next = 0; next < parts.length && !socket.destroyed;) {
      socket.cork()
      let more = true
      for (let size = 0; next < parts.length && size < BATCH; next++) {
        const part = parts[next]!
        size += part.length
        more = socket.write(part)
      }
      socket.uncork()
      if (!more && !socket.destroyed) await drained(socket)
      if (performance.now() - started < TURN) continue
      await new Promise((resolve) => setImmediate(resolve))
      started = performance.now()
    }
  }

  /** The socket for the handler; nothing more is read or written here. */
  takeOver(): Socket {
    this.#taken = true
    this.reader.release()
    return this.socket
  }

  async #head(): Promise<Head | undefined> {
    let timer: NodeJS.Timeout | undefined
    const late = () => {
      void this.html(undefined, timedOut()).then(() => this.#close())
    }
    const start = () => {
      timer ??= setTimeout(late, HEAD_TIMEOUT)
    }
    if (this.reader.pending) start()
    else this.socket.once('readable', start)
    try {
      const bytes = await this.reader.head(MAX_HEAD)
      if (bytes === undefined) return undefined
      if (bytes === 'too large') {
        await this.html(undefined, headTooLarge())
        return undefined
      }
      return parseHead(bytes)
    } finally {
      this.socket.off('readable', start)
      clearTimeout(timer)
    }
  }

  // Ends, and drops what the client still sends: destroying at once would lose the reply.
  #close(): void {
    const { socket } = this
    if (socket.destroyed) return
    socket.end()
    this.reader.release()
    socket.resume()
    setTimeout(() => socket.destroy(), 1000).unref()
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.on('drain', done)
    socket.on('close', done)
  })
}
