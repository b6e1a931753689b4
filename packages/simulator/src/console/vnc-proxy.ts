/** A console handed to a real VNC server: bytes both ways, at the pace of the slower side. */
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'

export interface VncServer {
  readonly host: string
  readonly port: number
}

/** Ends both connections when either ends; a server that cannot be reached is logged. */
export function proxyVnc(
  client: Duplex,
  server: VncServer,
  log: (line: string) => void,
): { close(): void } {
  const upstream = connect({ host: server.host, port: server.port, noDelay: true })
  const close = (): void => {
    upstream.destroy()
    client.destroy()
  }
  upstream.on('error', (error) => {
    log(`console: VNC server ${server.host}:${server.port}: ${error.message}`)
    close()
  })
  client.on('error', close)
  upstream.on('close', () => client.end())
  client.on('close', () => upstream.destroy())
  client.pipe(upstream)
  upstream.pipe(client)
  return { close }
}

/**
 * Reads `vnc://127.0.0.1:5901`; the port is 5900 when left out.
 * @throws Error with a sentence for whoever typed it
 */
export function parseVncUrl(text: string): VncServer {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.protocol !== 'vnc:' || url.hostname === '')
    throw new Error(`"${text}" is not the address of a VNC server such as vnc://127.0.0.1:5901.`)
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || '5900') }
}
