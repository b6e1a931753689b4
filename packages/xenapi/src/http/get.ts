/** GET of xapi's HTTP handlers (PROTOCOL section 9): metrics, dumps, logs. */
import { request, type IncomingMessage } from 'node:http'
import type { XenConnection } from '../connection/connection.ts'
import { TransportError } from '../errors.ts'

export interface GetOptions {
  /** Names may come more than once, where it is a list. */
  readonly query?: Readonly<Record<string, string>> | string[][]
  readonly accept?: string
  /** Bytes of the body that are taken; more is an error. Default 32 MiB. */
  readonly limit?: number
  /** Milliseconds of silence. Default 15,000. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

/**
 * The body of a handler's answer, from a host of the pool: `location` is its address or URL. The certificate is checked
 * as the connection's is. The session goes in a cookie, which handlers look at first, and so into no address.
 * @throws TransportError, also for any status but 200
 */
export async function httpGet(
  connection: XenConnection,
  location: string,
  path: string,
  { query = {}, accept = '*/*', limit = 32 * 2 ** 20, timeout = 15_000, signal }: GetOptions = {},
): Promise<string> {
  const { socket, session, host } = await connection.openSocket(location, signal)
  const silent = new TransportError('timeout', `${path} is silent`)
  socket.setTimeout(timeout, () => socket.destroy(silent))
  const search = new URLSearchParams(query).toString()
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request({
        createConnection: () => socket,
        path: search ? `${path}?${search}` : path,
        headers: { host, accept, cookie: `session_id=${session}`, connection: 'close' },
        signal,
      })
      asked.once('response', resolve).once('error', reject)
      asked.end()
    })
    if (response.statusCode !== 200) {
      throw new TransportError('http', `${path} answered ${response.statusCode}`, {
        status: response.statusCode,
      })
    }
    return await readBody(response, path, limit)
  } catch (error) {
    if (error instanceof TransportError) throw error
    if (socket.errored === silent) throw silent
    throw new TransportError(signal?.aborted ? 'aborted' : 'reset', `${path} broke off`)
  } finally {
    socket.destroy()
  }
}

async function readBody(response: IncomingMessage, path: string, limit: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue
    size += chunk.length
    if (size > limit) throw new TransportError('tooLarge', `${path} sends over ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
