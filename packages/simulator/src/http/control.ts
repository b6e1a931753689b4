/** Faults over HTTP, for end-to-end tests; served only when the simulator was asked to (`--faults`). */
import type { Pool } from '../pool.ts'
import type { Request, Response } from './routes.ts'

const MAX_BODY = 65_536

interface Command {
  readonly fault: string
  readonly method?: string
  readonly seconds?: number
  readonly times?: number
  readonly code?: string
  readonly params?: string[]
  /** uuid of a host; the coordinator when left out. */
  readonly host?: string
}

/** `POST /simulator/faults` with a JSON command; 204, or 400 with a sentence. */
export function serveFaults(pool: Pool): void {
  pool.http.route(
    'POST',
    '/simulator/faults',
    (request, response) => control(pool, request, response),
    {
      authenticate: false,
      label: 'simulator_faults',
    },
  )
}

async function control(pool: Pool, request: Request, response: Response): Promise<void> {
  try {
    const command = await read(request)
    // A dying host takes this connection with it: answer first.
    response.send('204 No Content')
    setImmediate(() => void run(pool, command))
  } catch (error) {
    response.send(
      400,
      [['content-type', 'text/plain']],
      `${error instanceof Error ? error.message : String(error)}\n`,
    )
  }
}

const FAULTS = [
  'delay',
  'fail',
  'malformed',
  'clear',
  'expire-sessions',
  'drop-event-streams',
  'kill-host',
  'revive-host',
  'promote',
]

async function read(request: Request): Promise<Command> {
  const length = Number(request.headers.get('content-length') ?? 0)
  if (length > MAX_BODY) throw new Error(`the command is longer than ${MAX_BODY} bytes`)
  const body = await request.body(length)
  const command: Partial<Command> = JSON.parse(body.toString())
  const { fault } = command
  if (fault === undefined || !FAULTS.includes(fault))
    throw new Error(`"fault" must be one of ${FAULTS.join(', ')}`)
  if (['delay', 'fail', 'malformed'].includes(fault) && typeof command.method !== 'string')
    throw new Error('"method" is missing')
  if (fault === 'fail' && typeof command.code !== 'string') throw new Error('"code" is missing')
  return { ...command, fault }
}

async function run(
  pool: Pool,
  { fault, method = '', seconds = 1, times, code = '', params, host }: Command,
): Promise<void> {
  const { faults } = pool
  const ref = (host === undefined ? undefined : pool.db.byUuid('host', host)) ?? pool.coordinator()
  if (fault === 'delay') faults.delay(method, seconds, times)
  else if (fault === 'fail') faults.fail(method, code, params, times)
  else if (fault === 'malformed') faults.malformed(method, times)
  else if (fault === 'clear') faults.clear()
  else if (fault === 'expire-sessions') faults.expireSessions()
  else if (fault === 'drop-event-streams') faults.dropEventStreams()
  else if (fault === 'kill-host') await faults.killHost(ref)
  else if (fault === 'revive-host') await faults.reviveHost(ref)
  else faults.promote(ref)
}
