/**
 * `npm run translations`: fails when a catalog does not say what the source says now, or a string has no translation,
 * and names them. Extracts into copies of the catalogs; the catalogs themselves stay as they are.
 */
import { formatter } from '@lingui/format-po'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const source = 'en'
const locales = ['en', 'zh-Hans']
const catalogs = join(import.meta.dirname, '../src/locales')
const po = formatter({ lineNumbers: false })

interface Entry {
  text: string
  translation: string
}

async function read(folder: string, locale: string): Promise<Map<string, Entry>> {
  const filename = join(folder, `${locale}.po`)
  const catalog = await po.parse(readFileSync(filename, 'utf8'), {
    locale,
    sourceLocale: source,
    filename,
  })
  return new Map(
    Object.entries(catalog)
      .filter(([, entry]) => !entry.obsolete)
      .map(([id, { message, translation }]) => [
        id,
        { text: message ?? id, translation: translation ?? '' },
      ]),
  )
}

/** What is wrong with one catalog, a line each. */
async function problemsOf(locale: string, extracted: string): Promise<string[]> {
  const had = await read(catalogs, locale)
  const has = await read(extracted, locale)
  const problems: string[] = []
  for (const [id, { text }] of has) {
    if (!had.has(id)) problems.push(`${locale}.po lacks: ${text}`)
    else if (locale !== source && had.get(id)?.translation === '')
      problems.push(`${locale}.po does not translate: ${text}`)
  }
  for (const [id, { text }] of had) {
    if (!has.has(id)) problems.push(`${locale}.po has what nothing says any more: ${text}`)
  }
  return problems
}

const extracted = mkdtempSync(join(tmpdir(), 'translations-'))
try {
  cpSync(catalogs, extracted, { recursive: true })
  execFileSync('lingui', ['extract', '--clean'], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, XENDECK_CATALOGS: extracted },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const problems = (
    await Promise.all(locales.map((locale) => problemsOf(locale, extracted)))
  ).flat()
  if (problems.length > 0) {
    console.error(problems.join('\n'))
    console.error(
      '\nRun `npm run extract --workspace @xendeck/web`, then translate what is empty in the catalogs.',
    )
    process.exitCode = 1
  }
} finally {
  rmSync(extracted, { recursive: true })
}
