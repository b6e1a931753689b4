/** Parses a request's head. */
export interface Head {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: ReadonlyMap<string, string>
  readonly version: '1.0' | '1.1'
  /** Whether the connection stays open afterwards. */
  readonly keepAlive: boolean
}

/** @returns undefined for what is no HTTP request: the connection is closed without a reply. */
export function parseHead(bytes: Buffer): Head | undefined {
  const [line = '', ...lines] = bytes.toString('latin1').split('\r\n')
  const parts = /^([A-Z]+) (\S+) HTTP\/(\d\.\d)$/.exec(line)
  if (!parts) return undefined
  const [, method = '', target = '', minor] = parts
  const headers = new Map<string, string>()
  for (const each of lines) {
    const colon = each.indexOf(':')
    if (colon > 0)
      headers.set(each.slice(0, colon).trim().toLowerCase(), each.slice(colon + 1).trim())
  }
  const question = target.indexOf('?')
  const version = minor === '1.0' ? '1.0' : '1.1'
  const connection = headers.get('connection')?.toLowerCase()
  return {
    method,
    path: decode(question < 0 ? target : target.slice(0, question)),
    query: new URLSearchParams(question < 0 ? '' : target.slice(question + 1)),
    headers,
    version,
    keepAlive: version === '1.0' ? connection === 'keep-alive' : connection !== 'close',
  }
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
