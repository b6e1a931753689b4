/** The part of noVNC 1.7 that we use (its docs/API.md); the package brings no types. */
declare module '@novnc/novnc' {
  export interface RfbEvents {
    connect: Event
    disconnect: CustomEvent<{ clean: boolean }>
    securityfailure: CustomEvent<{ status: number; reason?: string }>
    credentialsrequired: CustomEvent<{ types: string[] }>
    clipboard: CustomEvent<{ text: string }>
    desktopname: CustomEvent<{ name: string }>
  }
  export default class RFB {
    constructor(target: HTMLElement, channel: WebSocket | string, options?: { shared?: boolean })
    background: string
    clipViewport: boolean
    dragViewport: boolean
    scaleViewport: boolean
    focusOnClick: boolean
    addEventListener<K extends keyof RfbEvents>(
      type: K,
      listener: (event: RfbEvents[K]) => void,
    ): void
    disconnect(): void
    focus(options?: FocusOptions): void
    blur(): void
    sendCtrlAltDel(): void
    /** `down` not given: press and release. `code`: the physical key, null where there is none. */
    sendKey(keysym: number, code: string | null, down?: boolean): void
    clipboardPasteFrom(text: string): void
  }
}
