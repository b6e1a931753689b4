/** Every test: unit and integration (Vitest), then the built product in a browser (Playwright). */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium, howToGetChromium } from '../playwright/support/chromium.ts'
import { run } from './lib/processes.ts'
import { requireNode } from './lib/runtime.ts'
import {
  add,
  closingLine,
  none,
  playwrightTotals,
  vitestTotals,
  type Totals,
} from './lib/totals.ts'

requireNode()

const reports = mkdtempSync(join(tmpdir(), 'xendeck-test-'))

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** A runner that ends badly without naming a failed test has failed once. */
function checked(totals: Totals, exitCode: number): Totals {
  return exitCode !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals
}

async function unit(): Promise<Totals> {
  const file = join(reports, 'vitest.json')
  const code = await run('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  return checked(vitestTotals(read(file)), code)
}

async function endToEnd(): Promise<Totals> {
  const browser = findChromium()
  if (!browser) {
    console.error(`\n${howToGetChromium}`)
    return { ...none, failed: 1 }
  }
  const built = await run('turbo', [
    'run',
    'build',
    '--filter=@xendeck/web',
    '--output-logs=errors-only',
  ])
  if (built !== 0) return { ...none, failed: 1 }
  const file = join(reports, 'playwright.json')
  const code = await run('npm', ['run', '--silent', 'test:e2e'], {
    env: { CHROMIUM_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  })
  return checked(playwrightTotals(read(file)), code)
}

const totals = add(await unit(), await endToEnd())
rmSync(reports, { recursive: true, force: true })
console.log(`\n${closingLine(totals)}`)
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1
