import { existsSync } from 'node:fs'

/** Where distributions put Chromium and its kin; `CHROMIUM_PATH` comes first. */
const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

export const howToGetChromium =
  'Browser tests need Chromium: `apt-get install -y chromium` (Debian, Ubuntu), or set CHROMIUM_PATH to the browser that is there.'

/** The browser that end-to-end tests drive; undefined where there is none. */
export function findChromium(): string | undefined {
  return places.find((place) => place !== undefined && existsSync(place))
}
