import { ConfigError, loadConfig, type Config } from './config.ts'
import { ListenError, startBff, type RunningBff } from './start.ts'
import { StoreError } from './store/store-error.ts'

/** Exit code for a value that is wrong; 1 is for everything else. */
const badConfiguration = 2

/** env → config → start → signal → stop. */
async function main(): Promise<void> {
  const bff = await startBff(readConfig())
  process.stdout.write(`${greeting(bff)}\n`)
  process.on('uncaughtException', (error) => {
    bff.context.log.fatal({ err: error }, 'unexpected')
    process.exit(1)
  })
  const stop = () => {
    process.once('SIGINT', () => process.exit(1)).once('SIGTERM', () => process.exit(1))
    bff.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
}

function readConfig(): Config {
  try {
    return loadConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.problems.join('\n')}\n`)
    process.exit(badConfiguration)
  }
}

/** One line for people, in a form that a launcher can read too. */
function greeting({ address, firstAdministrator }: RunningBff): string {
  const parts = [`Sign in at ${address}`]
  if (firstAdministrator) parts.push(`user ${firstAdministrator.name}`)
  if (firstAdministrator?.oneTimePassword) {
    parts.push(`password ${firstAdministrator.oneTimePassword}`)
  }
  return parts.join('  ')
}

/** What a person can do something about is said in a sentence; for the rest its origin matters. */
function fail(error: unknown): void {
  const isKnown = error instanceof StoreError || error instanceof ListenError
  const text = isKnown ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

main().catch(fail)
