import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backends, type TestDatabase } from './backends.ts'
import { openStore, type Store } from './store.ts'

const openScript = `
  import { openStore } from ${JSON.stringify(new URL('store.ts', import.meta.url).href)}
  const [dataDir, databaseUrl] = process.argv.slice(1)
  const store = await openStore({ dataDir, databaseUrl, key: undefined })`

/** A process of its own, for what happens when there are several, or when one dies. */
function run(
  script: string,
  { dataDir, databaseUrl }: Pick<TestDatabase, 'dataDir' | 'databaseUrl'>,
) {
  const parameters = databaseUrl === undefined ? [dataDir] : [dataDir, databaseUrl]
  return spawn(process.execPath, ['--input-type=module', '-e', script, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

function mode(file: string): number {
  return statSync(file).mode & 0o777
}

describe.each(backends)('store on $name', (backend) => {
  let database: TestDatabase
  let store: Store
  beforeEach(async () => {
    database = await backend.make()
    store = await database.open()
  })
  afterEach(() => database.remove())

  const setting = (key: string) =>
    store.db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst()

  it('keeps what was written over a restart', async () => {
    await store.db.insertInto('settings').values({ key: 'colour', value: 'blue' }).execute()
    await store.close()
    store = await database.open()
    expect(await setting('colour')).toEqual({ value: 'blue' })
  })

  it('rolls a failed transaction back', async () => {
    const failing = store.db.transaction().execute(async (trx) => {
      await trx.insertInto('settings').values({ key: 'colour', value: 'blue' }).execute()
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await setting('colour')).toBeUndefined()
  })

  it('keeps queries beside a transaction out of it', async () => {
    const { promise: held, resolve: finish } = Promise.withResolvers<void>()
    const failing = store.db.transaction().execute(async (trx) => {
      await trx.insertInto('settings').values({ key: 'inside', value: '1' }).execute()
      await held
      throw new Error('no')
    })
    const beside = store.db.insertInto('settings').values({ key: 'beside', value: '1' }).execute()
    finish()
    await expect(failing).rejects.toThrow('no')
    await beside
    expect(await setting('inside')).toBeUndefined()
    expect(await setting('beside')).toEqual({ value: '1' })
  })

  it('refuses a session of an account that does not exist', async () => {
    const row = {
      id: '1',
      token_hash: 'x',
      account_id: 'nobody',
      csrf_token: 'x',
      created_at: '',
      last_seen_at: '',
      expires_at: '',
      address: '',
    }
    await expect(store.db.insertInto('sessions').values(row).execute()).rejects.toThrow(
      /foreign key/i,
    )
  })

  it('can be opened by two processes at once', async () => {
    const fresh = await backend.make()
    try {
      const script = `${openScript}; process.stdout.write('open'); await store.close()`
      const outputs = [1, 2, 3].map(async () => {
        const child = run(script, fresh)
        return String(await child.stdout.toArray())
      })
      expect(await Promise.all(outputs)).toEqual(['open', 'open', 'open'])
    } finally {
      await fresh.remove()
    }
  })

  it('is refused where a newer release has changed it', async () => {
    await store.db
      .insertInto('kysely_migration' as 'settings')
      .values({ name: '9999-later', timestamp: '2099' } as never)
      .execute()
    await store.close()
    await expect(database.open()).rejects.toThrow(/newer XenDeck \(9999-later\)/)
  })

  it('is refused with another key', async () => {
    await store.close()
    writeFileSync(join(database.dataDir, 'secret.key'), Buffer.alloc(32, 1).toString('base64'))
    await expect(database.open()).rejects.toThrow(/key does not fit/)
  })
})

describe('secrets', () => {
  let database: TestDatabase
  let store: Store
  beforeEach(async () => {
    database = await (backends[0] ?? expect.fail()).make()
    store = await database.open()
  })
  afterEach(() => database.remove())

  it('opens what it sealed, for the same row only, unchanged only', () => {
    const sealed = store.secrets.seal('pässword', 'row 1')
    expect(sealed).not.toContain('pässword')
    expect(store.secrets.open(sealed, 'row 1')).toBe('pässword')
    expect(() => store.secrets.open(sealed, 'row 2')).toThrow(/another key/)
    const bytes = Buffer.from(sealed.slice(3), 'base64')
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
    expect(() => store.secrets.open(`v1.${bytes.toString('base64')}`, 'row 1')).toThrow(
      /another key/,
    )
    expect(() => store.secrets.open('v1.AAAA', 'row 1')).toThrow(/another key/)
    expect(store.secrets.seal('pässword', 'row 1')).not.toBe(sealed)
  })

  it('keeps key and database to the owner', () => {
    expect(mode(join(database.dataDir, 'secret.key'))).toBe(0o600)
    expect(mode(join(database.dataDir, 'xendeck.db'))).toBe(0o600)
  })

  it('says so when the key file holds no key', async () => {
    writeFileSync(join(database.dataDir, 'secret.key'), 'hello')
    await expect(database.open()).rejects.toThrow(/does not hold a key/)
  })
})

describe('SQLite files that cannot be used', () => {
  let dataDir: string
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'xendeck-store-'))
  })
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

  const file = () => join(dataDir, 'xendeck.db')
  const digest = () => createHash('sha256').update(readFileSync(file())).digest('hex')
  const open = () => openStore({ dataDir, databaseUrl: undefined, key: undefined })

  it('refuses what is no database, and leaves it alone', async () => {
    writeFileSync(file(), 'name,age\nJo,7\n'.repeat(100))
    const before = digest()
    await expect(open()).rejects.toThrow(/is not a XenDeck database/)
    expect(digest()).toBe(before)
  })

  it('refuses the database of another program, and leaves it alone', async () => {
    const other = new DatabaseSync(file())
    other.exec('create table accounts (id text)')
    other.close()
    const before = digest()
    await expect(open()).rejects.toThrow(/another program/)
    expect(digest()).toBe(before)
  })

  it('refuses a damaged database, and leaves it alone', async () => {
    const store = await open()
    await store.close()
    const bytes = readFileSync(file())
    bytes.fill(0xab, 4096, bytes.length - 100)
    writeFileSync(file(), bytes)
    const before = digest()
    await expect(open()).rejects.toThrow(/is damaged.*Restore a backup/s)
    expect(digest()).toBe(before)
  })

  it('takes an empty file for a new database', async () => {
    writeFileSync(file(), '')
    const store = await open()
    await store.close()
    expect(statSync(file()).size).toBeGreaterThan(0)
  })

  it('says so when the directory cannot be used', async () => {
    writeFileSync(join(dataDir, 'file'), '')
    const opening = openStore({
      dataDir: join(dataDir, 'file'),
      databaseUrl: undefined,
      key: Buffer.alloc(32),
    })
    await expect(opening).rejects.toThrow(/XENDECK_DATA_DIR/)
  })

  it('keeps every committed row when the process is killed', async () => {
    const script = `${openScript}
      for (let n = 0; ; n++) {
        await store.db.insertInto('settings').values({ key: 'n' + n, value: '' }).execute()
        process.stdout.write(n + '\\n')
      }`
    const child = run(script, { dataDir, databaseUrl: undefined })
    let output = ''
    for await (const chunk of child.stdout) {
      output += String(chunk)
      if (output.length > 500) child.kill('SIGKILL')
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    expect(child.signalCode).toBe('SIGKILL')
    const reported = Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1))
    const store = await open()
    const rows = await store.db
      .selectFrom('settings')
      .select('key')
      .where('key', 'like', 'n%')
      .execute()
    await store.close()
    expect(reported).toBeGreaterThan(10)
    expect(rows.length).toBeGreaterThanOrEqual(reported + 1)
  })
})
