/**
 * Self-signed certificates, one a host, made at the start. Node cannot make any, and a library would
 * be a dependency for tests of certificate pinning only; the openssl command is on every machine
 * that has XenAPI tools, and its absence is a clear error.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface Certificate {
  /** PEM. */
  readonly key: string
  readonly cert: string
}

const run = promisify(execFile)

/** @throws Error when the openssl command is missing or fails */
export async function makeCertificate(commonName: string, address: string): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'xendeck-simulator-'))
  const key = join(folder, 'key.pem')
  const cert = join(folder, 'cert.pem')
  const ip = address.includes(':') || /^[\d.]+$/.test(address)
  try {
    const subject = `/CN=${commonName.replace(/[^\w.-]/g, '_')}`
    const names = `subjectAltName=${ip ? 'IP' : 'DNS'}:${address}`
    const kind =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650'.split(' ')
    const args = kind.concat('-subj', subject, '-addext', names, '-keyout', key, '-out', cert)
    await run('openssl', args)
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new Error(
      missing
        ? 'TLS needs the openssl command, which is not installed'
        : 'openssl could not make a certificate',
      { cause: error },
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
