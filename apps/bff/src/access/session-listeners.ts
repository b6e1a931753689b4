/** Who wants to know when a session ends: its sockets. */
export class SessionListeners {
  readonly #listeners = new Map<string, Set<() => void>>()

  get sessionIds(): string[] {
    return [...this.#listeners.keys()]
  }

  /** Returns what stops listening. */
  add(sessionId: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(sessionId) ?? new Set()
    // A function of its own, so that the same listener twice is two.
    const entry = () => listener()
    listeners.add(entry)
    this.#listeners.set(sessionId, listeners)
    return () => {
      listeners.delete(entry)
      if (listeners.size === 0 && this.#listeners.get(sessionId) === listeners) {
        this.#listeners.delete(sessionId)
      }
    }
  }

  /** Tells them, once. */
  end(sessionId: string): void {
    const listeners = this.#listeners.get(sessionId)
    if (!listeners) return
    this.#listeners.delete(sessionId)
    for (const listener of listeners) listener()
  }
}
