import RFB from '@novnc/novnc'
import { combinations, controlKey, keysymOf, specialKeys, type SpecialKey } from './keys.ts'
import type { ConsoleScreen } from './screen.ts'

export type Scaling = 'fit' | 'actual'

/**
 * A graphical console (RFB, drawn by noVNC). One noVNC object lives per connection; what the person chose (scaling,
 * focus) is kept here and put onto each new one.
 */
export class RfbScreen implements ConsoleScreen {
  readonly #target: HTMLElement
  readonly #onSize: (size: string | null) => void
  #rfb: RFB | null = null
  #canvas: HTMLCanvasElement | null = null
  #scaling: Scaling = 'fit'
  #moving = false
  #hadFocus = false

  constructor(target: HTMLElement, events: { onSize(size: string | null): void }) {
    this.#target = target
    this.#onSize = events.onSize
  }

  attach(socket: WebSocket, events: { ready(): void; refused(): void }): () => void {
    const rfb = new RFB(this.#target, socket)
    rfb.background = 'transparent'
    rfb.addEventListener('connect', () => {
      this.#rfb = rfb
      this.#canvas = this.#target.querySelector('canvas')
      this.#applyScaling()
      events.ready()
      if (this.#hadFocus) rfb.focus({ preventScroll: true })
    })
    // xapi authorises at the handshake and runs RFB without a password of its own (PROTOCOL 9.6).
    rfb.addEventListener('securityfailure', events.refused)
    rfb.addEventListener('credentialsrequired', events.refused)
    // noVNC tells no size, but it sets the canvas's with every change of the guest's.
    const observer = new MutationObserver(() => this.#tellSize())
    observer.observe(this.#target, { subtree: true, attributeFilter: ['width', 'height'] })
    return () => {
      this.#hadFocus = this.#canvas !== null && document.activeElement === this.#canvas
      observer.disconnect()
      this.#rfb = null
      this.#canvas = null
      this.#onSize(null)
      rfb.disconnect()
    }
  }

  focus(): void {
    this.#rfb?.focus({ preventScroll: true })
  }

  /** Lets go of every key that the guest believes to be held: their releases will happen elsewhere. */
  releaseKeys(): void {
    for (const code of [
      'ControlLeft',
      'ControlRight',
      'AltLeft',
      'AltRight',
      'ShiftLeft',
      'ShiftRight',
    ]) {
      this.#canvas?.dispatchEvent(new KeyboardEvent('keyup', { code }))
    }
  }

  sendText(text: string, control: boolean): void {
    if (control) this.#rfb?.sendKey(...controlKey, true)
    for (const character of text) this.#rfb?.sendKey(keysymOf(character), null)
    if (control) this.#rfb?.sendKey(...controlKey, false)
  }

  sendSpecial(key: SpecialKey, control: boolean): void {
    const [keysym, code] = specialKeys[key]
    if (control) this.#rfb?.sendKey(...controlKey, true)
    this.#rfb?.sendKey(keysym, code)
    if (control) this.#rfb?.sendKey(...controlKey, false)
  }

  sendCombination(name: string): void {
    const keys = combinations.find((combination) => combination.name === name)?.keys ?? []
    for (const [keysym, code] of keys) this.#rfb?.sendKey(keysym, code, true)
    for (const [keysym, code] of keys.toReversed()) this.#rfb?.sendKey(keysym, code, false)
  }

  sendCtrlAltDel(): void {
    this.#rfb?.sendCtrlAltDel()
  }

  /** `moving`: a finger or the pointer moves what part of a larger screen is seen, instead of the guest's pointer. */
  setView(scaling: Scaling, moving: boolean): void {
    this.#scaling = scaling
    this.#moving = moving
    this.#applyScaling()
  }

  dispose(): void {
    this.#rfb?.disconnect()
  }

  #applyScaling(): void {
    if (!this.#rfb) return
    const fit = this.#scaling === 'fit'
    // With a mouse a larger screen has scroll bars. Fingers have none: there the view is clipped and moved.
    const clipped = !fit && matchMedia('(pointer: coarse)').matches
    this.#rfb.scaleViewport = fit
    this.#rfb.clipViewport = clipped
    this.#rfb.dragViewport = clipped && this.#moving
    this.#tellSize()
  }

  #tellSize(): void {
    // A clipped canvas is as large as the view, not as the guest's screen.
    if (!this.#canvas || this.#rfb?.clipViewport) return
    this.#onSize(`${this.#canvas.width} × ${this.#canvas.height}`)
  }
}
