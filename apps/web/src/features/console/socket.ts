import type { ConsoleTicket } from '@xendeck/contract'

/**
 * The relay's address for a ticket. Resolved against the page's base, so that a console mounted at a sub-path finds
 * its own server; `http` becomes `ws`.
 */
export function consoleUrl(ticket: ConsoleTicket['ticket'], baseUri: string): string {
  const url = new URL(`api/v1/console/${encodeURIComponent(ticket)}`, baseUri)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}

export function openConsoleSocket(ticket: string): WebSocket {
  const socket = new WebSocket(consoleUrl(ticket, document.baseURI), 'binary')
  socket.binaryType = 'arraybuffer'
  return socket
}
