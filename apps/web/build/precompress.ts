import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

const toBrotli = promisify(brotliCompress)
const toGzip = promisify(gzip)
const compressible = /\.(js|css|html|svg|json|webmanifest)$/

/** What a person waits for: the sign-in and, after it, the VM list. Bytes, compressed. */
const firstPage = 'pages/VmList.tsx'
const budget = { bytes: 300 * 1024, files: 8 }

/**
 * Writes `x.br` and `x.gz` beside every text file of the build, at the highest quality: served as they are. Fails the
 * build when the first load outgrows its budget.
 */
export function precompress(): Plugin {
  let directory = ''
  let firstLoad: string[] = []
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      directory = resolve(config.root, config.build.outDir)
    },
    writeBundle(_options, bundle) {
      firstLoad = [...firstLoadOf(bundle)]
    },
    async closeBundle() {
      // Called after a failure too, whose message is the one to be seen.
      if (firstLoad.length === 0) return
      const names = await readdir(directory, { recursive: true })
      await Promise.all(
        names
          .filter((name) => compressible.test(name))
          .map((name) => compress(join(directory, name))),
      )
      const sizes = await Promise.all(
        firstLoad.map(async (name) => (await stat(join(directory, `${name}.br`))).size),
      )
      const bytes = sizes.reduce((sum, size) => sum + size, 0)
      const figure = `first load: ${firstLoad.length} files, ${Math.round(bytes / 1024)} KiB compressed`
      if (bytes > budget.bytes || firstLoad.length > budget.files) {
        this.error(`${figure}; the budget is ${budget.files} files and ${budget.bytes / 1024} KiB`)
      }
      this.info(figure)
    },
  }
}

async function compress(path: string): Promise<void> {
  const content = await readFile(path)
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  await writeFile(`${path}.br`, await toBrotli(content, { params: quality }))
  await writeFile(`${path}.gz`, await toGzip(content, { level: 9 }))
}

/** The page, its scripts and styles, and those of the VM list. */
function firstLoadOf(bundle: Rolldown.OutputBundle): Set<string> {
  const files = new Set(['index.html', 'theme.js'])
  const visit = (name: string) => {
    const chunk = bundle[name]
    if (files.has(name) || chunk?.type !== 'chunk') return
    files.add(name)
    for (const style of chunk.viteMetadata?.importedCss ?? []) files.add(style)
    chunk.imports.forEach(visit)
  }
  for (const chunk of Object.values(bundle)) {
    if (chunk.type !== 'chunk') continue
    if (chunk.isEntry || chunk.facadeModuleId?.endsWith(firstPage)) visit(chunk.fileName)
  }
  return files
}
