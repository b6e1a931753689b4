import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

/** A pool given by configuration: it cannot be edited in the console. */
export interface ConfiguredPool {
  readonly address: string
  readonly username: string
  readonly password: string
  readonly label?: string | undefined
  /** SHA-256 of the certificate to pin, `AA:BB:…`. */
  readonly fingerprint?: string | undefined
}

/** Everything that can be set from outside, checked. docs/configuration.md lists the variables. */
export interface Config {
  /** 0: any free port. */
  readonly port: number
  readonly host: string
  readonly dataDir: string
  /** Of the first administrator, where the first start makes one; undefined: one is generated. */
  readonly adminPassword: string | undefined
  /** PostgreSQL; undefined: SQLite in the data directory. */
  readonly databaseUrl: string | undefined
  readonly pools: readonly ConfiguredPool[]
  /** 32 bytes for AES-256-GCM; undefined: the key file in the data directory. */
  readonly key: Buffer | undefined
  /** Express's `trust proxy`: a number of hops, or addresses. */
  readonly trustProxy: number | string[] | false
  /** Where browsers find the console; undefined: what the request says. */
  readonly publicUrl: URL | undefined
  /** Where it is mounted: `` or `/xendeck`. */
  readonly basePath: string
  /** Whether browsers reach it over https: cookies are Secure then. */
  readonly secure: boolean
  /** PEM. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined
  readonly logLevel: string
  /** The built web app. */
  readonly webDir: string
}

/** What is wrong with the environment: a sentence a value, none of which holds a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const configuredPool = z.strictObject({
  address: z.string().min(1).max(300),
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(1000),
  label: z.string().max(100).optional(),
  fingerprint: z
    .string()
    .regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/, 'expected a SHA-256 fingerprint like AA:BB:…')
    .optional(),
})

/** Reads variables one by one and remembers what was wrong, so that a person is told of everything at once. */
class Reader {
  readonly problems: string[] = []
  readonly #env: NodeJS.ProcessEnv

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env
  }

  /** An empty variable counts as not set: that is what `VAR= command` and most tools mean by it. */
  raw(name: string): string | undefined {
    return this.#env[name] || undefined
  }

  /** `parse` returns undefined for a value that is not `expected`. */
  read<T>(name: string, expected: string, parse: (value: string) => T | undefined): T | undefined {
    const value = this.raw(name)
    if (value === undefined) return undefined
    const parsed = parse(value)
    if (parsed === undefined)
      this.problems.push(`${name} is "${shorten(value)}": expected ${expected}.`)
    return parsed
  }

  file(name: string, what: string): string | undefined {
    const path = this.raw(name)
    if (path === undefined) return undefined
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      this.problems.push(
        `${name} is "${shorten(path)}": expected a readable file with ${what} (${codeOf(error)}).`,
      )
      return undefined
    }
  }

  /** For two ways of saying the same. */
  notBoth(one: string, other: string): void {
    if (this.raw(one) !== undefined && this.raw(other) !== undefined) {
      this.problems.push(`${one} and ${other} are both set: expected one of them.`)
    }
  }
}

/** @throws ConfigError */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const reader = new Reader(env)
  const publicUrl = reader.read('XENDECK_PUBLIC_URL', publicUrlExpected, parsePublicUrl)
  const tls = readTls(reader)
  const config: Config = {
    port: reader.read('PORT', 'a port number from 0 to 65535', parsePort) ?? 8080,
    host: reader.raw('HOST') ?? '127.0.0.1',
    dataDir: resolve(reader.raw('XENDECK_DATA_DIR') ?? '.xendeck'),
    adminPassword: reader.raw('XENDECK_ADMIN_PASSWORD'),
    databaseUrl: readDatabaseUrl(reader),
    pools: readPools(reader),
    key: readKey(reader),
    trustProxy: reader.read('XENDECK_TRUST_PROXY', trustProxyExpected, parseTrustProxy) ?? false,
    publicUrl,
    basePath: publicUrl?.pathname.replace(/\/+$/, '') ?? '',
    secure: tls !== undefined || publicUrl?.protocol === 'https:',
    tls,
    logLevel:
      reader.read('XENDECK_LOG_LEVEL', `one of ${logLevels.join(', ')}`, (value) =>
        logLevels.find((level) => level === value),
      ) ?? 'info',
    webDir: resolve(
      reader.raw('XENDECK_WEB_DIR') ?? fileURLToPath(new URL('../../web/dist', import.meta.url)),
    ),
  }
  if (reader.problems.length > 0) throw new ConfigError(reader.problems)
  return config
}

function parsePort(value: string): number | undefined {
  return /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? Number(value) : undefined
}

const publicUrlExpected =
  'the address that browsers use, like https://console.example.org or https://example.org/xendeck'

function parsePublicUrl(value: string): URL | undefined {
  if (!URL.canParse(value)) return undefined
  const url = new URL(value)
  const isPlain = !url.search && !url.hash && !url.username && !url.password
  // The path goes into cookies, routes and HTML: only what needs no escaping anywhere.
  const isPath = /^(\/[A-Za-z0-9._~-]+)*\/?$/.test(url.pathname)
  return /^https?:$/.test(url.protocol) && isPlain && isPath ? url : undefined
}

const trustProxyExpected =
  'the number of proxies in front of the console, or their addresses or subnets, comma-separated'

function isProxyAddress(part: string): boolean {
  if (/^(loopback|linklocal|uniquelocal)$/.test(part)) return true
  const [address = '', bits, ...rest] = part.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

function parseTrustProxy(value: string): number | string[] | undefined {
  if (/^\d{1,2}$/.test(value)) return Number(value)
  const parts = value.split(',').map((part) => part.trim())
  return parts.every(isProxyAddress) ? parts : undefined
}

function readDatabaseUrl(reader: Reader): string | undefined {
  const value = reader.raw('DATABASE_URL')
  if (value === undefined) return undefined
  if (/^postgres(ql)?:\/\//.test(value) && URL.canParse(value)) return value
  reader.problems.push(
    'DATABASE_URL is not usable: expected postgres://user:password@host/database, or no value for SQLite.',
  )
  return undefined
}

function readTls(reader: Reader): Config['tls'] {
  const certificate = reader.file('XENDECK_TLS_CERT', 'a PEM certificate')
  const key = reader.file('XENDECK_TLS_KEY', 'its PEM private key')
  const isSet = (name: string) => reader.raw(name) !== undefined
  if (isSet('XENDECK_TLS_CERT') !== isSet('XENDECK_TLS_KEY')) {
    reader.problems.push(
      'XENDECK_TLS_CERT and XENDECK_TLS_KEY belong together: expected both or none.',
    )
  }
  if (certificate === undefined || key === undefined) return undefined
  try {
    createSecureContext({ cert: certificate, key })
    return { certificate, key }
  } catch (error) {
    reader.problems.push(
      `XENDECK_TLS_CERT and XENDECK_TLS_KEY cannot be used (${codeOf(error)}): expected a PEM certificate and the unencrypted PEM key that belongs to it.`,
    )
    return undefined
  }
}

function readKey(reader: Reader): Buffer | undefined {
  reader.notBoth('XENDECK_KEY', 'XENDECK_KEY_FILE')
  const name = reader.raw('XENDECK_KEY') === undefined ? 'XENDECK_KEY_FILE' : 'XENDECK_KEY'
  const text = reader.raw('XENDECK_KEY') ?? reader.file('XENDECK_KEY_FILE', 'the key')
  if (text === undefined) return undefined
  const key = parseKey(text)
  if (!key) {
    reader.problems.push(
      `${name} is not usable: expected 32 bytes in base64 or hex, such as "openssl rand -base64 32" makes.`,
    )
  }
  return key
}

/** 32 bytes in base64 or hex; undefined for anything else. */
export function parseKey(text: string): Buffer | undefined {
  const value = text.trim()
  if (/^[0-9a-f]{64}$/i.test(value)) return Buffer.from(value, 'hex')
  const key = /^[A-Za-z0-9+/_-]{43}=?$/.test(value) ? Buffer.from(value, 'base64') : undefined
  return key?.length === 32 ? key : undefined
}

function readPools(reader: Reader): ConfiguredPool[] {
  reader.notBoth('XENDECK_POOLS', 'XENDECK_POOLS_FILE')
  const name = reader.raw('XENDECK_POOLS') === undefined ? 'XENDECK_POOLS_FILE' : 'XENDECK_POOLS'
  const text = reader.raw('XENDECK_POOLS') ?? reader.file('XENDECK_POOLS_FILE', 'the pools as JSON')
  if (text === undefined) return []
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // The parser's message would quote the text, and with it a password.
    reader.problems.push(`${name} is not JSON: expected [{"address", "username", "password"}, …].`)
    return []
  }
  const pools = z.array(configuredPool).safeParse(json)
  if (pools.success) return pools.data
  for (const issue of pools.error.issues) {
    const path = issue.path.join('.')
    reader.problems.push(`${name}${path && ` at ${path}`}: ${issue.message}.`)
  }
  return []
}

function shorten(value: string): string {
  return value.length > 80 ? `${value.slice(0, 80)}…` : value
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'not readable'
}
