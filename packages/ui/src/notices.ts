import type { ReactNode } from 'react'
import { useSyncExternalStore } from 'react'
import type { Tone } from './Feedback.tsx'

export interface Notice {
  id: number
  tone: Tone
  title: string
  detail?: ReactNode
  /** A link or button that leads on. */
  action?: ReactNode
  at: Date
}

type NewNotice = Omit<Notice, 'id' | 'at'>

/** Milliseconds that a notice floats where nothing is wrong. */
const lifetime = 6_000
const longestList = 100

/**
 * What the console has to say. A notice floats for a while and stays in the list; one about an error floats until it
 * is dismissed, since a message that vanishes before it is read has not been said.
 */
class Notices {
  #floating: readonly Notice[] = []
  #all: readonly Notice[] = []
  #lastId = 0
  readonly #listeners = new Set<() => void>()

  readonly floating = (): readonly Notice[] => this.#floating
  readonly all = (): readonly Notice[] => this.#all

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly add = (notice: NewNotice): number => {
    this.#lastId += 1
    const added = { ...notice, id: this.#lastId, at: new Date() }
    this.#all = [added, ...this.#all].slice(0, longestList)
    this.#floating = [...this.#floating, added]
    if (notice.tone === 'info' || notice.tone === 'ok') {
      setTimeout(() => this.dismiss(added.id), lifetime)
    }
    this.#tell()
    return added.id
  }

  /** It no longer floats, and stays in the list. */
  readonly dismiss = (id: number): void => {
    this.#floating = this.#floating.filter((notice) => notice.id !== id)
    this.#tell()
  }

  readonly clear = (): void => {
    this.#floating = []
    this.#all = []
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

export const notices = new Notices()

export function useNotices(): readonly Notice[] {
  return useSyncExternalStore(notices.subscribe, notices.all)
}

export function useFloatingNotices(): readonly Notice[] {
  return useSyncExternalStore(notices.subscribe, notices.floating)
}
