import { probeCertificate } from '@xendeck/xenapi'
import { ask, canAsk } from './ask.ts'
import { run } from './processes.ts'
import { UsageError, type StartOptions } from './start-options.ts'

/** What a person is shown before anything is sent to the server. */
function describe(
  address: string,
  certificate: NonNullable<Awaited<ReturnType<typeof probeCertificate>>>,
): string {
  return `
${address} shows a certificate that no authority of this machine vouches for (${certificate.problem ?? 'unknown issuer'}).

  subject       ${certificate.subject}
  issuer        ${certificate.issuer}
  valid         ${certificate.validFrom} to ${certificate.validTo}
  SHA-256       ${certificate.fingerprint}

Compare it on the host: openssl x509 -in /etc/xensource/xapi-ssl.pem -noout -fingerprint -sha256
`
}

/** The fingerprint to pin, once somebody has agreed to it; null where an authority vouches for the certificate. */
async function agreedFingerprint(
  address: string,
  expected: string | undefined,
): Promise<string | null> {
  let certificate
  try {
    certificate = await probeCertificate(address)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(
      `${address} cannot be reached: ${reason}. Check the address, and that the host is up.`,
    )
  }
  if (!certificate) return null
  if (expected !== undefined) {
    if (certificate.fingerprint === expected) return expected
    throw new UsageError(
      `${address} shows the certificate ${certificate.fingerprint}, not the one given with --fingerprint.`,
    )
  }
  if (certificate.trusted) return null
  console.log(describe(address, certificate))
  if (!canAsk()) throw new UsageError('Nobody is there to confirm it: give it with --fingerprint.')
  const answer = await ask('Is this the right host? (yes/no) ')
  if (!/^y(es)?$/i.test(answer))
    throw new UsageError('Not confirmed; nothing was sent to the host.')
  return certificate.fingerprint
}

/** Pools without Active Directory have one account, root. */
async function username(given: string | undefined, address: string): Promise<string> {
  if (given !== undefined || !canAsk()) return given ?? 'root'
  return (await ask(`User name on ${address} (root): `)) || 'root'
}

async function password(user: string, address: string): Promise<string> {
  const given = process.env.XENDECK_POOL_PASSWORD
  if (given) return given
  if (!canAsk())
    throw new UsageError('Nobody is there to ask for the password: set XENDECK_POOL_PASSWORD.')
  return ask(`Password of ${user} on ${address}: `, { secret: true })
}

/** Registers the pool of `--pool` in the console's database: shows its certificate, asks for the account, keeps both. */
export async function addPool(options: StartOptions & { pool: string }): Promise<void> {
  const address = options.pool.includes('://') ? options.pool : `https://${options.pool}`
  const fingerprint = await agreedFingerprint(address, options.fingerprint)
  const account = await username(options.username, address)
  const pool = {
    address,
    username: account,
    password: await password(account, address),
    fingerprint,
  }
  const said: string[] = []
  const code = await run('node', ['apps/bff/src/cli/pools.ts', 'add'], {
    input: JSON.stringify(pool),
    onLine: (line, stream) => void (stream === 'stderr' && said.push(line)),
  })
  if (code !== 0) throw new UsageError(said.join('\n') || `${address} could not be registered.`)
}
