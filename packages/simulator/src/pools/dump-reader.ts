/**
 * Reads the rows of a xapi database file (PROTOCOL section 12) without ever holding the text: plain
 * or gzipped XML of any release, from a file or a stream.
 */
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { SaxesParser } from 'saxes'
import { decodeSpaces } from './sexpr.ts'

/** A database that cannot be opened; the message says why and what to do, for people. */
export class DatabaseFileError extends Error {
  override readonly name = 'DatabaseFileError'
}

export interface DumpRow {
  readonly table: string
  readonly ref: string
  /** Wire names (`name_label`) to texts with their white space decoded. */
  readonly fields: ReadonlyMap<string, string>
}

/** The largest known pools write some 100 MB. */
const MAX_BYTES = 2 ** 30
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b])

/** A path, or the file's contents. */
export type DumpSource = string | Readable | Buffer

/**
 * Calls `onRow` for every row in the order of the file.
 * @throws DatabaseFileError with one sentence
 */
export async function readDump(
  source: DumpSource,
  onRow: (row: DumpRow) => void,
): Promise<ReadonlyMap<string, string>> {
  const state = new DumpParser(onRow)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  try {
    for await (const chunk of open(source)) {
      bytes += chunk.length
      if (bytes > MAX_BYTES)
        throw new DatabaseFileError(
          'The database is larger than 1 GiB, which no pool writes; give the file that `GET /pool/xmldbdump` of a host returns.',
        )
      state.write(decoder.decode(chunk, { stream: true }))
    }
    state.write(decoder.decode())
  } catch (error) {
    throw explain(error)
  }
  return state.end(bytes)
}

function explain(error: unknown): DatabaseFileError {
  if (error instanceof DatabaseFileError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT')
    return new DatabaseFileError('The database file does not exist; check its path.')
  if (code === 'EACCES')
    return new DatabaseFileError('The database file may not be read; check its permissions.')
  if (code === 'EISDIR')
    return new DatabaseFileError('The database is a directory; give the XML file inside it.')
  if (code.startsWith('Z_'))
    return new DatabaseFileError(
      'The database is a damaged or truncated gzip file; copy it again from the host.',
    )
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return new DatabaseFileError(
      'The file is not XML text in UTF-8; give the file that `GET /pool/xmldbdump` of a host returns.',
    )
  const reason = error instanceof Error ? error.message : String(error)
  return new DatabaseFileError(`The database could not be read: ${reason}.`)
}

async function* open(source: DumpSource): AsyncGenerator<Buffer> {
  const stream =
    typeof source === 'string'
      ? createReadStream(source)
      : Buffer.isBuffer(source)
        ? Readable.from([source])
        : source
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]()
  const first = await chunks.next()
  const head: Buffer = first.done === true ? Buffer.alloc(0) : Buffer.from(first.value)
  const all = (async function* (): AsyncGenerator<Buffer> {
    yield head
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next())
      yield Buffer.from(next.value)
  })()
  if (!head.subarray(0, 2).equals(GZIP_MAGIC)) {
    yield* all
    return
  }
  const packed = Readable.from(all)
  const gunzip = createGunzip()
  packed.on('error', (error) => gunzip.destroy(error))
  yield* packed.pipe(gunzip)
}

/** The structure `database > table > row`, everything else refused. */
class DumpParser {
  readonly #parser = new SaxesParser({ fragment: false })
  readonly #manifest = new Map<string, string>()
  #path: string[] = []
  #table = ''
  #closed = false
  #empty = true

  constructor(onRow: (row: DumpRow) => void) {
    this.#parser.on('doctype', () => {
      throw new DatabaseFileError(
        'The file has a DOCTYPE, which no xapi database has; give the file that `GET /pool/xmldbdump` of a host returns.',
      )
    })
    this.#parser.on('error', (error) => {
      throw this.#malformed(error.message)
    })
    this.#parser.on('opentag', (tag) => {
      if (this.#path.length === 0 && tag.name !== 'database')
        throw new DatabaseFileError(
          `The file is XML but not a xapi database (its root is <${tag.name.slice(0, 40)}>, not <database>); give the file that \`GET /pool/xmldbdump\` of a host returns.`,
        )
      this.#path.push(tag.name)
      const attributes = Object.entries(tag.attributes).map(([name, value]) => {
        return [name, String(value)] as const
      })
      const place = this.#path.join('/')
      if (place === 'database/table') this.#table = Object.fromEntries(attributes)['name'] ?? ''
      else if (place === 'database/manifest/pair') {
        const pair = Object.fromEntries(attributes)
        this.#manifest.set(pair['key'] ?? '', pair['value'] ?? '')
      } else if (place === 'database/table/row') onRow(this.#row(attributes))
    })
    this.#parser.on('closetag', () => {
      this.#path.pop()
      if (this.#path.length === 0) this.#closed = true
    })
  }

  write(text: string): void {
    if (text === '') return
    if (this.#empty && text.trim() !== '') this.#empty = false
    this.#parser.write(text)
  }

  end(bytes: number): ReadonlyMap<string, string> {
    if (this.#empty || bytes === 0)
      throw new DatabaseFileError('The database file is empty; copy it again from the host.')
    if (!this.#closed) throw this.#malformed('unexpected end')
    return this.#manifest
  }

  #row(attributes: readonly (readonly [string, string])[]): DumpRow {
    const fields = new Map<string, string>()
    let ref = ''
    for (const [name, value] of attributes) {
      if (name === 'ref' || name === '_ref') ref ||= value
      else if (!name.startsWith('__')) fields.set(name.replaceAll('__', '_'), decodeSpaces(value))
    }
    return { table: this.#table, ref, fields }
  }

  #malformed(reason: string): DatabaseFileError {
    if (this.#path.length === 0)
      return new DatabaseFileError(
        'The file is not XML; give the file that `GET /pool/xmldbdump` of a host returns, plain or gzipped.',
      )
    if (/unexpected end|unclosed/i.test(reason))
      return new DatabaseFileError(
        'The database file ends in the middle; it was cut short, so copy it again from the host.',
      )
    return new DatabaseFileError(
      `The database file is damaged (${reason.slice(0, 120)}); copy it again from the host.`,
    )
  }
}
