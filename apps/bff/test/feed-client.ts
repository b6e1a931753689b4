import { WebSocket } from 'ws'
import type { FeedMessage, Inventory, Kind, Resource } from '@xendeck/contract'
import type { Client, TestBff } from './bff.ts'

/** The web's store in small: inventory first, then what the feed says. */
export class FeedClient {
  readonly messages: FeedMessage[] = []
  readonly #resources = new Map<string, Resource>()
  readonly #waiting = new Set<() => void>()
  readonly socket: WebSocket
  closeCode: number | undefined

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => this.#hear(JSON.parse(String(data)) as FeedMessage))
    socket.on('close', (code) => {
      this.closeCode = code
      this.#tell()
    })
  }

  static async open(bff: TestBff, client: Client): Promise<FeedClient> {
    const { text } = await client.request('GET', '/api/v1/inventory')
    const inventory = JSON.parse(text) as Inventory
    const url = `${bff.origin.replace('http', 'ws')}/api/v1/feed?revision=${inventory.revision}`
    const feed = new FeedClient(new WebSocket(url, { headers: { cookie: client.cookie ?? '' } }))
    feed.#put(inventory.resources)
    await feed.until(() => feed.messages.length > 0)
    return feed
  }

  all<K extends Kind>(kind: K): Resource<K>[] {
    const found: Resource<K>[] = []
    for (const [key, resource] of this.#resources) {
      if (key.startsWith(`${kind}/`)) found.push(resource as Resource<K>)
    }
    return found
  }

  get<K extends Kind>(kind: K, id: string): Resource<K> | undefined {
    return this.#resources.get(`${kind}/${id}`) as Resource<K> | undefined
  }

  /** Resolves with what `look` finds, now or after some message. */
  async until<T>(look: () => T | undefined | false | null, what = 'the feed'): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      const check = () => {
        const found = look()
        if (!found) return
        clearTimeout(timer)
        this.#waiting.delete(check)
        resolve(found)
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(check)
        reject(new Error(`waited in vain for ${what}`))
      }, 15_000)
      this.#waiting.add(check)
      check()
    })
  }

  /** The task once it is over. */
  async finished(taskId: unknown): Promise<Resource<'task'>> {
    return await this.until(
      () => {
        const task = this.get('task', String(taskId))
        return task && task.status !== 'pending' ? task : undefined
      },
      `task ${String(taskId)}`,
    )
  }

  close(): void {
    this.socket.terminate()
  }

  #hear(message: FeedMessage): void {
    this.messages.push(message)
    if ('revision' in message) {
      this.#put(message.put ?? {})
      for (const [kind, ids] of Object.entries(message.remove ?? {})) {
        for (const id of ids) this.#resources.delete(`${kind}/${id}`)
      }
    }
    this.#tell()
  }

  #put(byKind: object): void {
    for (const [kind, list] of Object.entries(byKind) as [string, Resource[]][]) {
      for (const resource of list) this.#resources.set(`${kind}/${resource.id}`, resource)
    }
  }

  #tell(): void {
    for (const check of this.#waiting) check()
  }
}
