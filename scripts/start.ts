/** `npm start`: builds the web app where it changed, starts a pool where none is registered, then the console. */
import { createWriteStream, mkdirSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { addPool } from './lib/add-pool.ts'
import { forTerminal } from './lib/log-lines.ts'
import { root, run, start } from './lib/processes.ts'
import { requireNode } from './lib/runtime.ts'
import { help, parseStartOptions, UsageError, type StartOptions } from './lib/start-options.ts'
import { Supervisor } from './lib/supervisor.ts'

requireNode()

interface ConfiguredPool {
  address: string
  username: string
  password: string
}

async function buildWeb(): Promise<void> {
  const lines: string[] = []
  const code = await run(
    'turbo',
    ['run', 'build', '--filter=@xendeck/web', '--output-logs=new-only'],
    {
      onLine: (line) => void lines.push(line),
    },
  )
  if (code !== 0)
    throw new UsageError(`${lines.join('\n')}\nThe web app could not be built; see above.`)
}

/** Pools that somebody has registered: then there is something real to look at. */
async function registeredPools(): Promise<number> {
  const lines: string[] = []
  const code = await run('node', ['apps/bff/src/cli/pools.ts', 'count'], {
    onLine: (line) => void lines.push(line),
  })
  if (code !== 0) throw new UsageError(lines.join('\n'))
  return Number(lines.at(-1))
}

/** Starts the simulator and waits until it says where it listens: a URL a host, the coordinator first. */
function startSimulator(options: StartOptions, supervisor: Supervisor): Promise<ConfiguredPool> {
  const password = randomBytes(12).toString('base64url')
  const args = ['packages/simulator/src/cli.ts', '--port', '0', '--password', password]
  // Paths are the person's: npm runs scripts in the project's folder and keeps theirs in INIT_CWD.
  if (options.database)
    args.push('--database', resolve(process.env.INIT_CWD ?? '.', options.database))
  if (options.hosts) {
    args.push('--hosts', `${options.hosts}`, '--vms', `${options.vms}`, '--seed', `${options.seed}`)
  }
  for (const console of options.consoles) args.push('--console', console)
  return new Promise((ready, failed) => {
    const trouble: string[] = []
    let isReady = false
    const child = start('node', args, {
      onLine: (line, stream) => {
        if (stream === 'stderr') {
          if (isReady) console.error(line)
          else trouble.push(line)
        } else if (!isReady && /^https?:/.test(line)) {
          isReady = true
          supervisor.add('The simulated pool', child)
          ready({ address: line, username: 'root', password })
        }
      },
    })
    child.once('close', () => {
      if (!isReady)
        failed(new UsageError(trouble.filter((line) => line !== 'See --help.').join('\n')))
    })
  })
}

function startConsole(
  options: StartOptions,
  pools: ConfiguredPool[],
  supervisor: Supervisor,
): void {
  const dataDir = resolve(process.env.XENDECK_DATA_DIR ?? join(root, '.xendeck'))
  mkdirSync(dataDir, { recursive: true })
  const log = createWriteStream(join(dataDir, 'console.log'), { flags: 'w', mode: 0o600 })
  const child = start('node', ['apps/bff/src/main.ts'], {
    env: {
      PORT: options.port ?? process.env.PORT,
      HOST: options.listen ?? process.env.HOST,
      ...(pools.length > 0 ? { XENDECK_POOLS: JSON.stringify(pools) } : {}),
    },
    onLine: (line, stream) => {
      log.write(`${line}\n`)
      const text = forTerminal(line)
      if (text?.startsWith('Sign in at ')) console.log(greeting(text))
      else if (text !== undefined) (stream === 'stderr' ? console.error : console.log)(text)
    },
  })
  supervisor.add('The console', child)
}

/** From the server's one line: address, and on the first start an account. */
function greeting(line: string): string {
  const [, address = '', user, password] =
    /^Sign in at (\S+)(?:\s+user (\S+))?(?:\s+password (\S+))?/.exec(line) ?? []
  const signIn = password
    ? `  sign in as ${user} with the one-time password ${password}`
    : user
      ? `  sign in as ${user} with the password in XENDECK_ADMIN_PASSWORD`
      : '  sign in as before (forgot the password? npm run reset-password -- admin)'
  return `\nXenDeck is at ${address}\n${signIn}\n\nCtrl-C stops it.`
}

async function main(): Promise<void> {
  const options = parseStartOptions(process.argv.slice(2))
  if (options.help) return console.log(help)
  const supervisor = new Supervisor()
  console.log('Building the web app where it has changed …')
  await buildWeb()
  if (options.pool) await addPool({ ...options, pool: options.pool })
  const isNamed = options.database !== undefined || options.hosts !== undefined || options.demo
  const pools: ConfiguredPool[] = []
  if (
    isNamed ||
    (!process.env.XENDECK_POOLS &&
      !process.env.XENDECK_POOLS_FILE &&
      (await registeredPools()) === 0)
  ) {
    pools.push(await startSimulator(options, supervisor))
  }
  startConsole(options, pools, supervisor)
}

try {
  await main()
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(error.message)
  process.exit(2)
}
