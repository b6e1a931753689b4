/**
 * Writes the lock file's entries for optional packages of other platforms that npm left out: `npm run lock`.
 *
 * npm drops an optional package from the lock file when the registry at hand does not have it (a mirror may hold only
 * what its machines need), and `npm ci` then refuses the lock file as incomplete. The version is exact in the parent,
 * and the platform is in the name; npm never fetches what is for another platform. No checksum: there is nothing to
 * compute it from.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './lib/processes.ts'

interface Entry {
  version?: string
  dev?: boolean
  license?: string
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

const systems: Record<string, string> = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openharmony: 'openharmony',
  win32: 'win32',
  windows: 'win32',
}
const processors: Record<string, string> = {
  '64': 'x64',
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  x64: 'x64',
}

/** `@oxfmt/binding-linux-arm64-musl` → linux, arm64, musl. Undefined where the name does not say. */
function platform(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> | undefined {
  const words = name.replace(/^.*\//, '').split('-')
  const os = words.map((word) => systems[word]).find(Boolean)
  const cpu = words.map((word) => processors[word]).find(Boolean)
  if (!os || !cpu) return undefined
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.includes('gnu')
      ? ['glibc']
      : undefined
  return { os: [os], cpu: [cpu], ...(libc ? { libc } : {}) }
}

const file = join(root, 'package-lock.json')
const lock: { packages: Record<string, Entry> } = JSON.parse(readFileSync(file, 'utf8'))
const added: string[] = []
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`
    const where = platform(name)
    if (lock.packages[place] || !where || !/^\d+\.\d+\.\d+/.test(version)) continue
    lock.packages[place] = {
      version,
      ...(entry.dev ? { dev: true } : {}),
      ...(entry.license ? { license: entry.license } : {}),
      optional: true,
      ...where,
    }
    added.push(`${name}@${version}`)
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)),
)
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(added.length > 0 ? `Added ${added.join(', ')}` : 'Nothing was missing.')
