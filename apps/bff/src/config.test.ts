import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig, parseKey } from './config.ts'

function problems(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('loadConfig', () => {
  it('needs nothing', () => {
    const config = loadConfig({})
    expect(config).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      dataDir: resolve('.xendeck'),
      basePath: '',
      secure: false,
      trustProxy: false,
      pools: [],
      logLevel: 'info',
    })
    expect(config.webDir).toMatch(/apps\/web\/dist$/)
  })

  it('takes an empty variable as not set', () => {
    expect(loadConfig({ PORT: '', XENDECK_POOLS: '' }).port).toBe(8080)
  })

  it.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['XENDECK_PUBLIC_URL', 'console.example.org'],
    ['XENDECK_PUBLIC_URL', 'ftp://example.org'],
    ['XENDECK_PUBLIC_URL', 'https://example.org/a?b'],
    ['XENDECK_PUBLIC_URL', 'https://example.org/%22'],
    ['XENDECK_TRUST_PROXY', 'true'],
    ['XENDECK_TRUST_PROXY', '10.0.0.0/33'],
    ['XENDECK_TRUST_PROXY', 'loopback,proxy.example'],
    ['XENDECK_LOG_LEVEL', 'loud'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['XENDECK_KEY', 'short'],
    ['XENDECK_KEY_FILE', '/does/not/exist'],
    ['XENDECK_POOLS', '{'],
    ['XENDECK_POOLS', '{}'],
    ['XENDECK_POOLS', '[{"address": "xen1", "username": "root"}]'],
    ['XENDECK_POOLS', '[{"address": "xen1", "username": "root", "password": "x", "pasword": ""}]'],
    ['XENDECK_TLS_CERT', '/does/not/exist'],
  ])('says in a sentence what is wrong with %s=%s', (name, value) => {
    const [first] = problems({ [name]: value })
    expect(first).toContain(name)
    expect(first).toMatch(/\.$/)
  })

  it('tells of everything at once', () => {
    expect(problems({ PORT: 'x', XENDECK_LOG_LEVEL: 'y' })).toHaveLength(2)
  })

  it('never repeats a secret', () => {
    const text = problems({
      DATABASE_URL: 'mysql://u:hunter2@localhost/x',
      XENDECK_KEY: 'hunter2',
      XENDECK_POOLS: '[{"password": "hunter2"',
    }).join()
    expect(text).not.toContain('hunter2')
  })

  it('reads pools from the variable or from a file', () => {
    const pool = { address: 'xen1', username: 'root', password: 'secret', label: 'Rack 1' }
    const file = join(mkdtempSync(join(tmpdir(), 'xendeck-')), 'pools.json')
    writeFileSync(file, JSON.stringify([pool]))
    expect(loadConfig({ XENDECK_POOLS: JSON.stringify([pool]) }).pools).toEqual([pool])
    expect(loadConfig({ XENDECK_POOLS_FILE: file }).pools).toEqual([pool])
    expect(problems({ XENDECK_POOLS: '[]', XENDECK_POOLS_FILE: file })).toHaveLength(1)
  })

  it('refuses a certificate that is none', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'xendeck-')), 'not.pem')
    writeFileSync(file, 'hello')
    expect(problems({ XENDECK_TLS_CERT: file, XENDECK_TLS_KEY: file })).toEqual([
      expect.stringContaining('XENDECK_TLS_CERT and XENDECK_TLS_KEY cannot be used'),
    ])
    expect(problems({ XENDECK_TLS_CERT: file })).toEqual([expect.stringContaining('both or none')])
  })

  it('takes base path and security from the public URL', () => {
    const config = loadConfig({ XENDECK_PUBLIC_URL: 'https://example.org/xen/deck/' })
    expect(config.basePath).toBe('/xen/deck')
    expect(config.secure).toBe(true)
    expect(loadConfig({ XENDECK_PUBLIC_URL: 'https://example.org' }).basePath).toBe('')
  })

  it('reads proxies as a count or as addresses', () => {
    expect(loadConfig({ XENDECK_TRUST_PROXY: '1' }).trustProxy).toBe(1)
    expect(loadConfig({ XENDECK_TRUST_PROXY: 'loopback, 10.0.0.0/8' }).trustProxy).toEqual([
      'loopback',
      '10.0.0.0/8',
    ])
  })
})

describe('parseKey', () => {
  it('reads base64 and hex of 32 bytes, and nothing else', () => {
    const key = Buffer.alloc(32, 7)
    expect(parseKey(key.toString('base64'))).toEqual(key)
    expect(parseKey(`${key.toString('hex')}\n`)).toEqual(key)
    expect(parseKey(Buffer.alloc(31).toString('base64'))).toBeUndefined()
    expect(parseKey('')).toBeUndefined()
  })
})
