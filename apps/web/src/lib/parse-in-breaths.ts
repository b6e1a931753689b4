/** About 3 ms of JSON.parse on a slow machine. */
const pieceLength = 200_000

/**
 * JSON.parse for a large object whose bulk is arrays of objects in its second level, as an inventory is:
 * `{"…": …, "resources": {"vm": [{…}, {…}], …}}`. Gives control back between pieces. The result is the same as
 * JSON.parse's, errors included.
 */
export async function parseInBreaths(
  text: string,
  breathe: () => Promise<void> = nextTask,
  length = pieceLength,
): Promise<unknown> {
  if (text.length <= length) return JSON.parse(text)
  // A skeleton of the text, with every large array replaced by an empty one, and the arrays' pieces by position.
  const skeleton: string[] = []
  const arrays: unknown[][] = []
  let copied = 0
  let position = 0
  let depth = 0
  while (position < text.length) {
    const at = nextMark(text, position)
    if (at < 0) break
    const mark = text.charCodeAt(at)
    position = at + 1
    if (mark === quote) {
      position = endOfString(text, at)
    } else if (mark === openBracket && depth === 2) {
      const { end, values } = await parseArray(text, at, breathe, length)
      skeleton.push(text.slice(copied, at), `[${arrays.length}]`)
      arrays.push(values)
      copied = end
      position = end
    } else if (mark === openBrace || mark === openBracket) {
      depth += 1
    } else {
      depth -= 1
    }
  }
  skeleton.push(text.slice(copied))
  const root = JSON.parse(skeleton.join('')) as Record<string, Record<string, unknown>>
  for (const inner of Object.values(root)) {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) continue
    for (const [key, place] of Object.entries(inner)) {
      if (Array.isArray(place)) inner[key] = arrays[place[0] as number]
    }
  }
  return root
}

/** Parses the array that begins at `start`, piece by piece. */
async function parseArray(
  text: string,
  start: number,
  breathe: () => Promise<void>,
  length: number,
): Promise<{ end: number; values: unknown[] }> {
  const values: unknown[] = []
  let pieceStart = start + 1
  let position = start + 1
  let depth = 0
  for (;;) {
    const at = nextMark(text, position)
    if (at < 0) throw new SyntaxError('Unexpected end of JSON input')
    const mark = text.charCodeAt(at)
    position = at + 1
    if (mark === quote) {
      position = endOfString(text, at)
    } else if (mark === openBrace || mark === openBracket) {
      depth += 1
    } else if (depth > 0) {
      depth -= 1
      if (depth === 0 && position - pieceStart >= length) {
        append(values, text.slice(pieceStart, position))
        const comma = text.indexOf(',', position)
        const close = text.indexOf(']', position)
        // After the last element there is no comma before the bracket.
        pieceStart = comma >= 0 && comma < close ? comma + 1 : position
        await breathe()
      }
    } else {
      append(values, text.slice(pieceStart, at))
      return { end: position, values }
    }
  }
}

function append(values: unknown[], elements: string): void {
  for (const value of JSON.parse(`[${elements}]`) as unknown[]) values.push(value)
}

const quote = 0x22
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** The next quote, bracket or brace at or after `from`; −1 at the end. */
function nextMark(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (
      code === quote ||
      code === openBracket ||
      code === closeBracket ||
      code === openBrace ||
      code === closeBrace
    ) {
      return index
    }
  }
  return -1
}

/** The position after the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end >= 0) {
    let escapes = 0
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes += 1
    if (escapes % 2 === 0) return end + 1
    end = text.indexOf('"', end + 1)
  }
  throw new SyntaxError('Unterminated string in JSON')
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel()
    channel.port1.addEventListener('message', () => {
      channel.port1.close()
      resolve()
    })
    channel.port1.start()
    channel.port2.postMessage(null)
  })
}
