/** The small file tree of a guest: paths, directories and text files, bounded in size. */

/** Bytes of text that commands may add. */
const MAX_WRITTEN = 64 * 1024

export class Files {
  /** Absolute path to text; undefined for a directory. */
  readonly #entries = new Map<string, string | undefined>([['/', undefined]])
  #written = 0

  constructor(files: Readonly<Record<string, string>>, directories: readonly string[]) {
    for (const path of directories) this.#addDirectory(path)
    for (const [path, text] of Object.entries(files)) {
      this.#addDirectory(parentOf(path))
      this.#entries.set(path, text)
    }
  }

  #addDirectory(path: string): void {
    if (this.#entries.has(path)) return
    this.#addDirectory(parentOf(path))
    this.#entries.set(path, undefined)
  }

  exists(path: string): boolean {
    return this.#entries.has(path)
  }

  isDirectory(path: string): boolean {
    return this.#entries.has(path) && this.#entries.get(path) === undefined
  }

  read(path: string): string | undefined {
    return this.#entries.get(path)
  }

  /** Names in a directory, sorted. */
  list(path: string): string[] {
    const prefix = path === '/' ? '/' : `${path}/`
    const names: string[] = []
    for (const entry of this.#entries.keys())
      if (entry !== path && entry.startsWith(prefix) && !entry.slice(prefix.length).includes('/'))
        names.push(entry.slice(prefix.length))
    return names.toSorted()
  }

  /** Writes a text file; returns why not, as a C library says it. */
  write(path: string, text: string): string | undefined {
    if (this.isDirectory(path)) return 'Is a directory'
    if (!this.isDirectory(parentOf(path))) return 'No such file or directory'
    const growth = text.length + path.length - (this.#entries.get(path)?.length ?? 0)
    if (this.#written + growth > MAX_WRITTEN) return 'No space left on device'
    this.#written += growth
    this.#entries.set(path, text)
    return undefined
  }

  makeDirectory(path: string): string | undefined {
    if (this.exists(path)) return 'File exists'
    if (!this.isDirectory(parentOf(path))) return 'No such file or directory'
    if (this.#written + path.length > MAX_WRITTEN) return 'No space left on device'
    this.#written += path.length
    this.#entries.set(path, undefined)
    return undefined
  }

  remove(path: string): string | undefined {
    if (!this.exists(path)) return 'No such file or directory'
    if (this.isDirectory(path)) return 'Is a directory'
    this.#written -= (this.#entries.get(path)?.length ?? 0) + path.length
    this.#entries.delete(path)
    return undefined
  }
}

export function parentOf(path: string): string {
  const end = path.lastIndexOf('/')
  return end <= 0 ? '/' : path.slice(0, end)
}

/** An absolute path without `.`, `..` and empty parts. */
export function resolvePath(directory: string, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
