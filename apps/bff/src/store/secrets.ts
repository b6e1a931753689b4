import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { parseKey, type Config } from '../config.ts'
import { StoreError } from './store-error.ts'
import type { Tables } from './tables.ts'

/** NIST SP 800-38D: a random 96-bit IV for each message. */
const ivLength = 12
const tagLength = 16
const version = 'v1.'

/**
 * AES-256-GCM. What is sealed for one row cannot be opened as another row's, so that nobody who can write to the
 * database can move a password to a pool of their own.
 */
export class Secrets {
  readonly #key: Buffer

  constructor(key: Buffer) {
    this.#key = key
  }

  seal(text: string, rowId: string): string {
    const iv = randomBytes(ivLength)
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(rowId))
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return version + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64')
  }

  /** @throws StoreError where it was sealed with another key, for another row, or has been changed. */
  open(sealed: string, rowId: string): string {
    const bytes = Buffer.from(sealed.slice(version.length), 'base64')
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, ivLength), {
        authTagLength: tagLength,
      })
      decipher.setAAD(Buffer.from(rowId))
      decipher.setAuthTag(bytes.subarray(ivLength, ivLength + tagLength))
      const text = decipher.update(bytes.subarray(ivLength + tagLength))
      return Buffer.concat([text, decipher.final()]).toString('utf8')
    } catch (error) {
      throw new StoreError('A stored secret cannot be opened: it was sealed with another key.', {
        cause: error,
      })
    }
  }
}

/** The key of the configuration, or the one in the data directory's `secret.key`, made if there is none. */
export function loadKey({ key, dataDir }: Pick<Config, 'key' | 'dataDir'>): Buffer {
  if (key) return key
  const file = join(dataDir, 'secret.key')
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    if (!existsSync(file)) {
      // wx: of two that start at once, one makes it and both read it.
      writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
    }
  } catch (error) {
    if (!existsSync(file)) {
      throw new StoreError(
        `The key file ${file} cannot be made: ${error instanceof Error ? error.message : String(error)}. Check XENDECK_DATA_DIR and its permissions.`,
        { cause: error },
      )
    }
  }
  const read = parseKey(readFileSync(file, 'utf8'))
  if (read) return read
  throw new StoreError(
    `The key file ${file} does not hold a key. Restore it from a backup: without it the stored passwords of pools cannot be read.`,
  )
}

const checkRow = 'key_check'

/** Makes sure that `secrets` has the key this database was made with. @throws StoreError */
export async function checkKey(
  db: Kysely<Tables>,
  secrets: Secrets,
  location: string,
): Promise<void> {
  await db
    .insertInto('settings')
    .values({ key: checkRow, value: secrets.seal(checkRow, checkRow) })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  const { value } = await db
    .selectFrom('settings')
    .select('value')
    .where('key', '=', checkRow)
    .executeTakeFirstOrThrow()
  try {
    secrets.open(value, checkRow)
  } catch (error) {
    throw new StoreError(
      `The key does not fit the database ${location}. Give the key that it was made with: XENDECK_KEY, XENDECK_KEY_FILE or secret.key in the data directory.`,
      { cause: error },
    )
  }
}
