import { defineConfig, type ReporterDescription } from '@playwright/test'
import { findChromium, howToGetChromium } from './support/chromium.ts'

const chromium = findChromium()
if (chromium === undefined) {
  process.stderr.write(`${howToGetChromium}\n`)
  process.exit(1)
}

const reporter: ReporterDescription[] = [['list']]
// Its value is the file's name, which the reporter reads by itself.
if (process.env.PLAYWRIGHT_JSON_OUTPUT_NAME) reporter.push(['json'])

/** The built product in a browser: simulator, BFF and web as processes of their own (support/product.ts). */
export default defineConfig({
  testDir: 'tests',
  testMatch: '*.e2e.ts',
  outputDir: 'results',
  forbidOnly: Boolean(process.env.CI),
  // A test that passes only when tried again has failed.
  retries: 0,
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter,
  use: {
    actionTimeout: 20_000,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1440, height: 900 },
    trace: process.env.CI ? 'off' : 'retain-on-failure',
    launchOptions: {
      executablePath: chromium,
      // Chromium refuses its sandbox to root, which containers often are.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
})
