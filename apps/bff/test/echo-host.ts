import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'

/** A host's console port: answers CONNECT with a status, then gives back what it gets. */
export class EchoHost {
  readonly #server: Server
  readonly sockets = new Set<Socket>()
  /** What the next CONNECTs are answered with. */
  status = 200
  connects = 0
  /** False: takes what comes and says nothing of its own accord. */
  echoes = true
  received = 0
  readonly ended = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<EchoHost> {
    const server = createServer({ allowHalfOpen: true })
    const host = new EchoHost(server)
    server.on('connection', (socket) => host.#serve(socket))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return host
  }

  location(name: string): string {
    const address = this.#server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    return `http://127.0.0.1:${port}/console?uuid=${name}`
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(socket: Socket): void {
    this.sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.sockets.delete(socket))
    socket.once('end', () => {
      this.ended.add(socket)
      socket.end()
    })
    socket.once('data', () => {
      this.connects += 1
      if (this.status !== 200) {
        socket.end(`HTTP/1.1 ${this.status} Refused\r\nConnection: close\r\n\r\nno`)
        return
      }
      socket.write('HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\nready')
      socket.on('data', (chunk: Buffer) => {
        this.received += chunk.length
        if (this.echoes && !socket.write(chunk)) {
          socket.pause()
          socket.once('drain', () => socket.resume())
        }
      })
    })
  }
}
