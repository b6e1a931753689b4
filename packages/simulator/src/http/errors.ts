/** xapi's HTML answers, byte for byte (recordings 295 to 330, 354). */
const NOT_XAPI =
  'An unexpected error occurred; please wait a while and try again. If the problem persists, please contact your support representative.'

export interface HtmlReply {
  readonly status: string
  /** Besides content-type. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

function html(status: string, body: string, headers: HtmlReply['headers'] = []): HtmlReply {
  return { status, headers, body: `<html><body>${body}</body></html>` }
}

/** Escapes like OCaml's printing in an attribute: the apostrophe too. */
function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  }
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? '')
}

export const badRequest = (): HtmlReply => html('400 Bad Request', '<h1>HTTP 400 bad request</h1>')

export const unauthorised = (realm: string): HtmlReply =>
  html(
    '401 Unauthorised',
    '<h1>HTTP 401 unauthorised</h1>Please check your credentials and retry.',
    [['WWW-Authenticate', `Basic realm="${realm}"`]],
  )

export const forbidden = (): HtmlReply =>
  html('403 Forbidden', '<h1>HTTP 403 forbidden</h1>Access to the requested resource is forbidden.')

export const timedOut = (): HtmlReply =>
  html('408 Request Timeout', '<h1>HTTP 408 request timeout</h1>Timed out reading from the socket.')

export const headTooLarge = (): HtmlReply =>
  html(
    '431 Request Header Fields Too Large',
    '<h1>HTTP 431 request header fields too large</h1>Exceeded the maximum header size.',
  )

export const internalError = (text: string): HtmlReply =>
  html(
    '500 Internal Error',
    `<h1>HTTP 500 internal server error</h1>${NOT_XAPI}<h1> Additional information </h1>${escapeHtml(text)}`,
  )

export const notImplemented = (method: string): HtmlReply =>
  html(
    '501 Method not implemented',
    `<h1>HTTP 501 Method Not Implemented</h1><p>Unknown ${escapeHtml(method)} not supported.<br /></p>`,
  )

/** Of the simulator itself: a handler that a real host has. */
export const notBuilt = (what: string): HtmlReply =>
  html(
    '501 Not Implemented',
    `<h1>HTTP 501 not implemented</h1>The simulator does not serve ${escapeHtml(what)}.`,
  )
