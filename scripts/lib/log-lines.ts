/** pino's level names, as apps/bff/src/logger.ts writes them. */
const shown: Record<string, string> = { warn: 'warning', error: 'error', fatal: 'error' }

/**
 * The console's log as a person at a terminal wants it: undefined for what only the log file keeps, else one line.
 * Lines are pino's JSON; anything else passes as it is.
 */
export function forTerminal(line: string): string | undefined {
  if (!line.startsWith('{')) return line
  let entry: unknown
  try {
    entry = JSON.parse(line)
  } catch {
    return line
  }
  if (typeof entry !== 'object' || entry === null) return line
  const { level, msg, err, label } = entry as Record<string, unknown>
  const tone = typeof level === 'string' ? shown[level] : undefined
  if (tone === undefined) return undefined
  const cause = typeof err === 'object' && err && 'message' in err ? `: ${String(err.message)}` : ''
  const about = typeof label === 'string' && label ? `${label}: ` : ''
  return `${tone}: ${about}${String(msg)}${cause}`
}
