/**
 * The console in a browser with a pool of 5,000 VMs: what the first load costs, and what the main thread does while
 * somebody works with the list and the pool changes under it.
 *
 *     node benchmarks/web/run.ts [--vms 5000] [--hosts 16] [--minutes 5] [--only WORD] [--profile DIRECTORY]
 *
 * Needs the built web (`npm run build`; XENDECK_WEB_DIR names another build) and Chromium (CHROMIUM_PATH names it where
 * it is not in /usr/bin). `--only` does the steps with that word in
 * their names; `--profile` keeps a CPU profile of each step for DevTools.
 */
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import { pause } from '../lib/figures.ts'
import { account, poolShown, signIn, startConsole, startPool } from '../lib/product.ts'
import { Writer } from '../lib/writer.ts'
import { profiled } from './profile.ts'
import { Gauge, line, watch, type Measured } from './measure.ts'

const { values } = parseArgs({
  options: {
    vms: { type: 'string', default: '5000' },
    hosts: { type: 'string', default: '16' },
    minutes: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    profile: { type: 'string' },
  },
})
const vms = Number(values.vms)
const RATE = 500

const pool = await startPool(Number(values.hosts), vms)
const server = await startConsole(pool.address, process.env.XENDECK_WEB_DIR)
await poolShown(await signIn(server.url), vms)
const writer = await Writer.connect(pool.address)
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--enable-precise-memory-info'],
})
const context = await browser.newContext({
  viewport: { width: 1440, height: 900 },
  locale: 'en-US',
})
const page = await context.newPage()
page.setDefaultTimeout(15_000)
await watch(page)
const gauge = await Gauge.of(page)
const rows: Record<string, Record<string, number | string>> = {}

async function step(name: string, act: () => Promise<unknown>): Promise<Measured | undefined> {
  if (!name.includes(values.only)) return undefined
  const measured = await gauge.during(() =>
    values.profile === undefined
      ? act()
      : profiled(page, `${values.profile}/${name.replaceAll(/\W+/g, '-')}`, act),
  )
  rows[name] = line(measured)
  return measured
}

/** Until the list shows rows. */
const listed = () => page.locator('[role=row][data-row-id]').first().waitFor({ timeout: 60_000 })

// First load: requests and bytes as they went over the wire.
let requests = 0
let bytes = 0
let largest = ['', 0] as [string, number]
page.on('requestfinished', (request) => {
  void request.sizes().then(({ responseBodySize, responseHeadersSize }) => {
    const size = responseBodySize + responseHeadersSize
    requests += 1
    bytes += size
    if (size > largest[1]) largest = [new URL(request.url()).pathname, size]
  })
})
await page.goto(server.url)
await page.getByLabel('User name').fill(account.username)
await page.getByLabel('Password', { exact: true }).fill(account.password)
await page.waitForLoadState('networkidle')
let listTime = 0
const loading = await gauge.after(async () => {
  const start = performance.now()
  await page.keyboard.press('Enter')
  await listed()
  listTime = performance.now() - start
  await page.waitForTimeout(3_000)
})
rows['sign in, list of all VMs'] = line(loading)
const firstLoad =
  `First load, sign-in and list: ${requests} requests, ${Math.round(bytes / 1024)} KiB, of which ` +
  `${Math.round(largest[1] / 1024)} KiB are ${largest[0]}; from Enter to rows ${Math.round(listTime)} ms.`

const grid = page.getByRole('grid')
const scroll = async (milliseconds: number) => {
  await grid.evaluate(
    (element, duration) =>
      new Promise<void>((done) => {
        const start = performance.now()
        const distance = element.scrollHeight - element.clientHeight
        const frame = (now: number) => {
          const share = Math.min(1, (now - start) / duration)
          element.scrollTop = distance * share
          if (share < 1) requestAnimationFrame(frame)
          else done()
        }
        requestAnimationFrame(frame)
      }),
    milliseconds,
  )
}
const toTop = () => grid.evaluate((element) => void (element.scrollTop = 0))
/** A wheel turned without haste, about four rows a frame. */
const wheel = async (turns: number) => {
  const box = await grid.boundingBox()
  if (box) await page.mouse.move(box.x + 200, box.y + 200)
  for (let turn = 0; turn < turns; turn += 1) {
    await page.mouse.wheel(0, 120)
    await pause(16)
  }
}
const filter = page.getByPlaceholder(/Filter/)
const selectAll = page.getByRole('checkbox', { name: 'Select all' }).first()
const live = async (act: () => Promise<unknown>) => {
  writer.start(RATE)
  await pause(500)
  try {
    await act()
  } finally {
    writer.rest()
  }
}

await step('idle, the pool as it lives', () => pause(5_000))
await step('scroll by wheel', () => wheel(200))
await toTop()
await step('scroll all rows in 10 s', () => scroll(10_000))
await toTop()
await step('filter, letter by letter', async () => {
  await filter.pressSequentially('web running', { delay: 80 })
  await pause(500)
  await filter.fill('')
  await pause(500)
})
await step('sort by six columns', async () => {
  for (const name of ['State', 'Address', 'Host', 'Memory', 'OS', 'Name']) {
    await page.getByRole('button', { name, exact: true }).first().click()
    await pause(400)
  }
})
await step('select all', async () => {
  await selectAll.click()
  await pause(1_000)
})
await step('all selected, the pool as it lives', () => pause(4_000))
await live(() => step(`all selected, ${RATE} changes/s`, () => pause(5_000)))
await selectAll.click()
await step('open a row menu, 5 times', async () => {
  for (let turn = 0; turn < 5; turn += 1) {
    await page
      .getByRole('button', { name: /^Actions on/ })
      .nth(3 + turn)
      .click()
    await page.getByRole('menu').waitFor()
    await pause(200)
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
  }
})
await step('unfold and fold four hosts in the tree', async () => {
  const hosts = page.getByRole('tree').locator('[aria-level="2"]')
  for (let turn = 0; turn < 4; turn += 1) {
    const twisty = hosts.nth(turn).locator('[data-twisty]')
    await twisty.click()
    await pause(300)
    await twisty.click()
    await pause(100)
  }
})
await live(() => step(`${RATE} changes/s, list at rest`, () => pause(8_000)))
await live(() => step(`${RATE} changes/s, scroll all rows in 10 s`, () => scroll(10_000)))
await toTop()
await live(() =>
  step(`${RATE} changes/s, filter`, async () => {
    await filter.pressSequentially('db prod', { delay: 80 })
    await pause(1_000)
    await filter.fill('')
    await pause(500)
  }),
)
const heapBefore = await gauge.heap()
const minutes = Number(values.minutes)
writer.start(RATE)
await step(`${minutes} min of ${RATE} changes/s`, () => pause(minutes * 60_000))
writer.rest()
await pause(1_000)
const heapAfter = await gauge.heap()
const cost = await server.child.cost()

console.log(`${vms} VMs on ${values.hosts} hosts, ${browser.version()}, Node ${process.version}\n`)
console.log(firstLoad)
console.table(rows)
console.log(
  `Heap of the page: ${Math.round(heapBefore)} MB, after ${minutes} more minutes and ${writer.done} changes ` +
    `${Math.round(heapAfter)} MB. Server: heap ${Math.round(cost.heap)} MB, resident ${Math.round(cost.rss)} MB.`,
)
await browser.close()
await writer.close()
await server.stop()
await pool.child.stop()
