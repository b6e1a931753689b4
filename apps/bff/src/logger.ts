import { pino, type DestinationStream, type Logger } from 'pino'

/** Names of fields whose values never reach the log, at the top and one level down. */
const secretFields = [
  'password',
  'current',
  'next',
  'token',
  'csrfToken',
  'cookie',
  'authorization',
  'secret',
  'session',
  'sessionId',
  'session_id',
  'ticket',
  'databaseUrl',
  'key',
]

/** A XenAPI session reference opens the pool to whoever has it. */
const secretText =
  /(OpaqueRef:[0-9a-f-]{8,}|xendeck_session=[^;\s"]+|session_id=[^&\s"]+|\/\/[^/\s:@"]+:[^/\s@"]+@)/gi

/** JSON lines on `destination` (stdout where it is left out). */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: undefined,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: secretFields.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: '[secret]',
    },
    hooks: {
      // The last net: messages of errors may quote what was sent.
      streamWrite: (line: string) => line.replaceAll(secretText, '[secret]'),
    },
  }
  return destination ? pino(options, destination) : pino(options)
}
