/**
 * The guests of a pool that somebody has looked at. A guest lives from a boot of its VM to the next;
 * suspend, resume and migration do not touch it, its files outlive the boot.
 */
import type { Pool } from '../pool.ts'
import { refOrNone, text } from '../vm/row.ts'
import { Guest } from './guest/guest.ts'
import { machineOf } from './machines.ts'
import type { Screen } from './screen/screen.ts'
import { TextScreen } from './screen/text-screen.ts'
import { WindowsScreen } from './screen/windows-screen.ts'

/** Pictures (3 MB each) that are kept though nobody looks; given up, they are drawn again. */
const MAX_UNWATCHED = 16

interface Booted {
  readonly boot: string
  readonly guest: Guest
  screen: Screen | undefined
}

export class Guests {
  readonly #pool: Pool
  readonly #log: (line: string) => void
  readonly #booted = new Map<string, Booted>()

  constructor(pool: Pool, log: (line: string) => void) {
    this.#pool = pool
    this.#log = log
  }

  /** @throws XapiError HANDLE_INVALID["VM", vm] */
  guest(vm: string): Guest {
    return this.#of(vm).guest
  }

  /** The picture all viewers of the VM share. */
  screen(vm: string): Screen {
    const booted = this.#of(vm)
    const isWindows = booted.guest.machine.facts().system.family === 'windows'
    if (booted.screen === undefined) {
      this.#giveUpUnwatched()
      booted.screen = isWindows ? new WindowsScreen(booted.guest) : new TextScreen(booted.guest)
    }
    return booted.screen
  }

  /** The oldest ones first. */
  #giveUpUnwatched(): void {
    const unwatched = [...this.#booted.values()].filter(
      ({ screen }) => screen !== undefined && !screen.framebuffer.watched,
    )
    for (const booted of unwatched.slice(0, Math.max(0, unwatched.length - MAX_UNWATCHED))) {
      booted.screen?.dispose()
      booted.screen = undefined
    }
  }

  /** Ends the guests whose VM was switched off, rebooted or destroyed. */
  sweep(): void {
    for (const [vm, booted] of this.#booted) {
      const row = this.#pool.db.get('VM', vm)
      const isOn = row !== undefined && row['power_state'] !== 'Halted'
      if (isOn && booted.boot === this.#bootOf(vm)) continue
      this.#end(booted)
      if (row === undefined) this.#booted.delete(vm)
    }
  }

  stop(): void {
    for (const booted of this.#booted.values()) this.#end(booted)
    this.#booted.clear()
  }

  #of(vm: string): Booted {
    const boot = this.#bootOf(vm)
    const known = this.#booted.get(vm)
    if (known?.boot === boot) return known
    if (known !== undefined) this.#end(known)
    const machine = machineOf(this.#pool, vm, this.#log)
    const guest = new Guest(machine, this.#pool.timeScale, known?.guest.files)
    const booted = { boot, guest, screen: undefined }
    this.#booted.set(vm, booted)
    return booted
  }

  /** What is new with every boot and only then: the guest metrics row, and when the VM started. */
  #bootOf(vm: string): string {
    const row = this.#pool.db.must('VM', vm)
    const metrics = this.#pool.db.get('VM_metrics', text(row, 'metrics'))
    const start = metrics === undefined ? '' : text(metrics, 'start_time')
    return `${refOrNone(row, 'guest_metrics') ?? ''} ${start}`
  }

  #end(booted: Booted): void {
    booted.screen?.dispose()
    booted.screen = undefined
    booted.guest.stop()
  }
}
