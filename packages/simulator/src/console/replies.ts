/** The replies of `CONNECT /console`, byte for byte as recorded from xapi. */
import type { Socket } from 'node:net'

/** 1.1 also for a request of 1.0; what follows is the console. */
export const OK =
  'HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nCache-Control: no-cache, no-store\r\n\r\n'

export class ConsoleRefusal extends Error {
  readonly status: string
  readonly body: string

  constructor(status: string, body: string) {
    super(status)
    this.status = status
    this.body = body
  }
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** xapi's page for an exception. */
export function internalError(exception: string): ConsoleRefusal {
  return new ConsoleRefusal(
    '500 Internal Error',
    `<html><body><h1>HTTP 500 internal server error</h1>An unexpected error occurred; please wait a while and try again. If the problem persists, please contact your support representative.<h1> Additional information </h1>${escapeHtml(exception)}</body></html>`,
  )
}

export function refuse(socket: Socket, { status, body }: ConsoleRefusal): void {
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\ncontent-type: text/html\r\nconnection: close\r\ncache-control: no-cache, no-store\r\n\r\n${body}`,
  )
}

/** A reply without a body. */
export function plain(socket: Socket, statusLine: string): void {
  socket.end(`${statusLine}\r\nConnection: close\r\nCache-Control: no-cache, no-store\r\n\r\n`)
}
