/** The byte stream of a VM's console (PROTOCOL section 9.6). */
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { XenConnection } from '../connection/connection.ts'
import { ConsoleRefusedError, TransportError } from '../errors.ts'

const HEAD_LIMIT = 16 * 1024
const BODY_LIMIT = 4 * 1024
/** Milliseconds that a host may take to answer the CONNECT. */
const ANSWER_TIMEOUT = 30_000

/**
 * Opens the console of a `console` record's `location`, on the host that the location names, with
 * the same rules for its certificate as the connection's. The stream gives the console's bytes
 * from the first on: RFB for `rfb`, terminal text for `vt100`.
 */
export async function openConsole(
  connection: XenConnection,
  location: string,
  options: { signal?: AbortSignal } = {},
): Promise<Duplex> {
  const url = parseLocation(location)
  const { socket, session, host } = await connection.openSocket(
    `${url.protocol}//${url.host}`,
    options.signal,
  )
  url.searchParams.set('session_id', session)
  const onAbort = (): void =>
    void socket.destroy(new TransportError('aborted', 'opening the console was aborted'))
  options.signal?.addEventListener('abort', onAbort)
  try {
    socket.write(`CONNECT ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    await readAnswer(socket)
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    options.signal?.removeEventListener('abort', onAbort)
  }
}

function parseLocation(location: string): URL {
  if (!URL.canParse(location)) throw new TypeError('the location of the console is no URL')
  const url = new URL(location)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new TypeError('the location of the console is no http address')
  }
  return url
}

/** Reads the head of the answer, and leaves what follows it in the socket. */
async function readAnswer(socket: Socket): Promise<void> {
  let received = Buffer.alloc(0)
  for (;;) {
    const chunk = await nextChunk(socket)
    received = Buffer.concat([received, chunk])
    const end = received.indexOf('\r\n\r\n')
    if (end < 0) {
      if (received.length > HEAD_LIMIT) throw malformed()
      continue
    }
    const head = received.toString('latin1', 0, end)
    const rest = received.subarray(end + 4)
    const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |\r|$)/.exec(head)?.[1])
    if (end > HEAD_LIMIT || !Number.isInteger(status)) throw malformed()
    if (status === 200) {
      if (rest.length > 0) socket.unshift(rest)
      return
    }
    throw new ConsoleRefusedError(status, plainText(await readBody(socket, rest)))
  }
}

function malformed(): TransportError {
  return new TransportError('http', 'the host did not answer the CONNECT with HTTP')
}

/** The next bytes of a paused socket; throws when it ends, fails or is silent. */
function nextChunk(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      socket.off('readable', look)
      socket.off('end', onEnd)
      socket.off('close', onEnd)
      socket.off('error', onError)
    }
    const look = (): void => {
      const chunk: Buffer | null = socket.read()
      if (!chunk) return
      stop()
      resolve(chunk)
    }
    const fail = (error: Error): void => {
      stop()
      reject(error)
    }
    const onEnd = (): void =>
      fail(new TransportError('reset', 'the host closed the connection instead of answering'))
    const onError = (error: Error): void =>
      fail(
        error instanceof TransportError
          ? error
          : new TransportError('reset', 'the connection to the host broke'),
      )
    const timer = setTimeout(
      () => fail(new TransportError('timeout', 'the host does not answer the CONNECT')),
      ANSWER_TIMEOUT,
    )
    socket.on('readable', look)
    socket.once('end', onEnd)
    socket.once('close', onEnd)
    socket.once('error', onError)
    look()
  })
}

async function readBody(socket: Socket, start: Buffer): Promise<string> {
  let body = start
  try {
    while (body.length < BODY_LIMIT) body = Buffer.concat([body, await nextChunk(socket)])
  } catch {
    // It ends with the connection; what came is enough.
  }
  return body.toString('utf8', 0, BODY_LIMIT)
}

/** The words of an HTML page. */
function plainText(html: string): string {
  return html
    .replaceAll(/<(script|style)\b[^>]*>.*?<\/\1>/gis, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
}
