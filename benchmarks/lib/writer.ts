/** Changes VMs through XenAPI, as many a second as asked for. */
import { XenConnection, type Ref } from '@xendeck/xenapi'
import { poolAccount } from './product.ts'

/** Writes in flight at once: what a busy pool's coordinator sees of its clients. */
const LANES = 16

export class Writer {
  readonly #connection: XenConnection
  readonly vms: readonly Ref<'VM'>[]
  #timer: NodeJS.Timeout | undefined
  #due = 0
  #running = 0
  /** Changes made so far. */
  done = 0

  private constructor(connection: XenConnection, vms: readonly Ref<'VM'>[]) {
    this.#connection = connection
    this.vms = vms
  }

  static async connect(address: string): Promise<Writer> {
    const connection = new XenConnection({ address, ...poolAccount, classes: ['pool'] })
    connection.start()
    await connection.ready()
    const records = await connection.call('VM.get_all_records')
    const refs = Object.entries(records)
      .filter(([, vm]) => !vm.is_a_template && !vm.is_a_snapshot && !vm.is_control_domain)
      .map(([ref]) => ref as Ref<'VM'>)
    return new Writer(connection, refs)
  }

  /** One field of one VM; resolves when the pool has answered. */
  async describe(vm: Ref<'VM'>, text: string): Promise<void> {
    await this.#connection.call('VM.set_name_description', vm, text)
  }

  /** A tag on a VM: what a list shows. */
  async tag(vm: Ref<'VM'>, tags: string[]): Promise<void> {
    await this.#connection.call('VM.set_tags', vm, tags)
  }

  /** Changes that many VMs a second, one after the other through the pool, until {@link rest}. */
  start(rate: number): void {
    const began = performance.now()
    const before = this.done
    this.#timer = setInterval(() => {
      this.#due = Math.floor(((performance.now() - began) / 1000) * rate) + before
      while (this.#running < LANES && this.done + this.#running < this.#due) void this.#next()
    }, 10)
  }

  rest(): void {
    clearInterval(this.#timer)
  }

  async close(): Promise<void> {
    this.rest()
    await this.#connection.close()
  }

  async #next(): Promise<void> {
    const turn = this.done + this.#running
    const vm = this.vms[(turn * 7) % this.vms.length]
    if (vm === undefined) return
    this.#running += 1
    try {
      await this.tag(vm, [`turn-${turn % 1000}`])
    } finally {
      this.#running -= 1
      this.done += 1
    }
  }
}
