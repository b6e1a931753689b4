import { defaultCost } from '../access/passwords.ts'
import { resetPassword } from '../access/accounts.ts'
import { ConfigError, loadConfig } from '../config.ts'
import { StoreError } from '../store/store-error.ts'
import { openStore } from '../store/store.ts'

/** `node apps/bff/src/cli/reset-password.ts NAME`, with the environment that the console runs with. */
async function main(name: string | undefined): Promise<number> {
  if (name === undefined) {
    process.stderr.write('Say whose: node apps/bff/src/cli/reset-password.ts admin\n')
    return 2
  }
  const store = await openStore(loadConfig())
  try {
    const clock = { now: () => new Date() }
    const password = await resetPassword(store, clock, defaultCost, name)
    if (password === undefined) {
      process.stderr.write(`There is no account "${name}" in ${store.location}.\n`)
      return 1
    }
    process.stdout.write(
      `user ${name}  password ${password}\nIt must be changed at the next sign-in. All sessions of the account have ended.\n`,
    )
    return 0
  } finally {
    await store.close()
  }
}

try {
  process.exitCode = await main(process.argv[2])
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StoreError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
