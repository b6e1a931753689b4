import { parseArgs } from 'node:util'

export const help = `Starts XenDeck: the web console, and a pool to try it on.

  npm start                                a living demo pool (unless pools are registered)
  npm start -- --database FILE             the pool in a xapi database dump (xml or xml.gz)
  npm start -- --pool https://HOST         a real XenServer or XCP-ng pool; asks for its account
  npm start -- --hosts 16 --vms 5000       a generated pool, with --seed N another one

  --console UUID=vnc://HOST:PORT           hand a VM's graphical console to a real VNC server (repeatable)
  --demo                                   the demo pool also where pools are registered
  --port N, --listen ADDRESS               where the console listens (PORT, HOST; 8080 on 127.0.0.1)
  --fingerprint AA:BB:…                    the certificate that --pool is to have (else you are asked)
  --username NAME                          the account for --pool (else you are asked); its password is asked for,
                                           or taken from XENDECK_POOL_PASSWORD
  --help
`

export interface StartOptions {
  database?: string
  pool?: string
  hosts?: number
  vms?: number
  seed: number
  consoles: string[]
  demo: boolean
  port?: string
  listen?: string
  fingerprint?: string
  username?: string
  help: boolean
}

/** A mistake in how a command was called; its message is all that the person needs. */
export class UsageError extends Error {
  override name = 'UsageError'
}

function whole(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`--${name} takes a whole number from ${least}, not "${text}".`)
  }
  return value
}

/** Reads the command line of `npm start`. Throws UsageError with one sentence. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  let values
  try {
    values = parseArgs({
      args: [...args],
      options: {
        database: { type: 'string' },
        pool: { type: 'string' },
        hosts: { type: 'string' },
        vms: { type: 'string' },
        seed: { type: 'string' },
        console: { type: 'string', multiple: true },
        demo: { type: 'boolean' },
        port: { type: 'string' },
        listen: { type: 'string' },
        fingerprint: { type: 'string' },
        username: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error)
    throw new UsageError(`${reason}. See npm start -- --help`)
  }
  const generated = values.hosts !== undefined || values.vms !== undefined
  const sources = [values.database !== undefined, values.pool !== undefined, generated].filter(
    Boolean,
  )
  if (sources.length > 1) {
    throw new UsageError(
      'Give one of --database, --pool, or --hosts with --vms: each names the pool to open.',
    )
  }
  if (values.database === '')
    throw new UsageError('--database takes a file: npm start -- --database pool.xml')
  return {
    database: values.database,
    pool: values.pool,
    hosts: whole('hosts', values.hosts, 1) ?? (generated ? 3 : undefined),
    vms: whole('vms', values.vms, 0) ?? (generated ? 100 : undefined),
    seed: whole('seed', values.seed, 0) ?? 1,
    consoles: values.console ?? [],
    demo: values.demo ?? false,
    port: values.port,
    listen: values.listen,
    fingerprint: values.fingerprint?.toUpperCase(),
    username: values.username,
    help: values.help ?? false,
  }
}
