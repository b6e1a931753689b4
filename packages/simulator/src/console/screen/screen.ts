/** What an RFB server shows and drives: the picture, keyboard and pointer of one guest. */
import type { Framebuffer } from './framebuffer.ts'

export interface Screen {
  readonly framebuffer: Framebuffer
  /** Desktop name in ServerInit (RFC 6143 section 7.3.2). */
  readonly title: string
  /** `keysym` is an X11 keysym (RFC 6143 section 7.5.4). */
  key(keysym: number, down: boolean): void
  /** Position in pixels; bit 0 of `buttons` is the left button. */
  pointer(x: number, y: number, buttons: number): void
  dispose(): void
}
