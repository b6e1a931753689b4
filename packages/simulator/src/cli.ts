/** `node packages/simulator/src/cli.ts`: a pool on the command line. */
import { parseArgs } from 'node:util'
import { startSimulator } from './index.ts'
import type { PoolData, SimulatorOptions } from './index.ts'
import { DatabaseFileError } from './pools/index.ts'
import { ROLES } from './rpc/rbac.ts'
import type { Account } from './session/sessions.ts'

const HELP = `A simulated XenAPI pool.

  --port N             port of every host (8081; 0: any free one)
  --host ADDRESS       address of the coordinator (127.0.0.1: members are at 127.0.0.2 and so on;
                       with another address members are on the next ports)
  --password WORD      password of root (secret)
  --account NAME:PASSWORD:ROLE
                       one more account, with a role (${ROLES.join(', ')}); repeatable

  --database FILE      a real pool's database, from GET /pool/xmldbdump, plain or gzipped
  --hosts N --vms N    a generated pool
  --seed N             what it is generated from (1)
                       Without these: the demo pool.

  --console UUID=vnc://ADDRESS:PORT
                       the console of this VM is drawn by a real VNC server; repeatable
  --tls                https, each host with a self-signed certificate of its own
  --time-scale N       a simulated second lasts N real ones (1; 0: nothing waits)
  --faults             take orders for trouble at POST /simulator/faults, see README.md
  --help               this text
`

/** A wrong flag: its sentence is all there is to say. */
class UsageError extends Error {}

function number(
  name: string,
  text: string | undefined,
  fallback: number,
  { min, max, whole = true }: { min: number; max: number; whole?: boolean },
): number {
  if (text === undefined) return fallback
  const value = Number(text)
  if (
    text.trim() === '' ||
    !(value >= min && value <= max) ||
    (whole && !Number.isInteger(value))
  ) {
    throw new UsageError(
      `--${name} must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}, not "${text}".`,
    )
  }
  return value
}

function consoles(given: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const each of given) {
    const parts = /^([0-9a-f-]{36})=(vnc:\/\/[^/]+)$/.exec(each)
    if (!parts) throw new UsageError(`--console must be UUID=vnc://ADDRESS:PORT, not "${each}".`)
    found.set(parts[1]!, parts[2]!)
  }
  return found
}

function account(given: string): Account {
  const parts = /^([^:]+):(.*):([^:]+)$/.exec(given)
  if (!parts || !ROLES.includes(parts[3]!)) {
    throw new UsageError(`--account must be NAME:PASSWORD:ROLE with a role of ${ROLES.join(', ')}.`)
  }
  return { name: parts[1]!, password: parts[2]!, role: parts[3]! }
}

function options(args: string[]): SimulatorOptions | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      password: { type: 'string' },
      account: { type: 'string', multiple: true },
      database: { type: 'string' },
      hosts: { type: 'string' },
      vms: { type: 'string' },
      seed: { type: 'string' },
      console: { type: 'string', multiple: true },
      tls: { type: 'boolean' },
      'time-scale': { type: 'string' },
      faults: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return 'help'
  const generated = values.hosts !== undefined || values.vms !== undefined
  if (values.database !== undefined && generated)
    throw new UsageError('Give either --database or --hosts and --vms.')
  let data: PoolData = 'demo'
  if (values.database !== undefined) data = { database: values.database }
  if (generated) {
    data = {
      hosts: number('hosts', values.hosts, 1, { min: 1, max: 64 }),
      vms: number('vms', values.vms, 0, { min: 0, max: 100_000 }),
      seed: number('seed', values.seed, 1, { min: 0, max: Number.MAX_SAFE_INTEGER }),
    }
  }
  return {
    data,
    port: number('port', values.port, 8081, { min: 0, max: 65_535 }),
    host: values.host ?? '127.0.0.1',
    password: values.password ?? 'secret',
    accounts: (values.account ?? []).map(account),
    consoles: consoles(values.console ?? []),
    log: (line) => console.error(line),
    tls: values.tls ?? false,
    faults: values.faults ?? false,
    timeScale: number('time-scale', values['time-scale'], 1, { min: 0, max: 1000, whole: false }),
  }
}

/** One sentence for what a person can mend; undefined for a fault of ours. */
function explain(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? String(error.code) : ''
  if (error instanceof UsageError || error instanceof DatabaseFileError) return error.message
  if (code.startsWith('ERR_PARSE_ARGS')) return error.message
  if (code === 'EADDRINUSE' && 'port' in error)
    return `Port ${String(error.port)} is in use; give another with --port.`
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') return `Cannot listen there: ${error.message}.`
  return code.startsWith('E') || error.message.includes('openssl') ? `${error.message}.` : undefined
}

async function main(): Promise<void> {
  const given = options(process.argv.slice(2))
  if (given === 'help') {
    process.stdout.write(HELP)
    return
  }
  const simulator = await startSimulator(given)
  for (const url of simulator.urls) console.log(url)
  console.log(`root / ${given.password ?? ''}`)
  const stop = () => {
    void simulator.close().then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

try {
  await main()
} catch (error) {
  const sentence = explain(error)
  if (sentence === undefined) throw error
  console.error(`${sentence}\nSee --help.`)
  process.exitCode = 2
}
