import type { SpecialKey } from './keys.ts'

/** What the toolbar, the touch keys and the session ask of either kind of console. */
export interface ConsoleScreen {
  /** Puts this screen onto a new connection; see ConsoleDeps.attach. */
  attach(socket: WebSocket, events: { ready(): void; refused(): void }): () => void
  focus(): void
  releaseKeys(): void
  /** `control`: with the Ctrl key held. */
  sendText(text: string, control: boolean): void
  sendSpecial(key: SpecialKey, control: boolean): void
  dispose(): void
}
