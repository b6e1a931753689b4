import { expect, signedOut, test } from '../support/product.ts'
import { row } from '../support/pages.ts'

test.use({ storageState: signedOut })

/** Bytes over the wire, and requests: from the empty cache to the VM list (docs/architecture.md). */
const mostBytes = 300 * 1024
const mostRequests = 12

test('sign-in and VM list together need little', async ({ page }) => {
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  const urls: string[] = []
  let bytes = 0
  network.on('Network.requestWillBeSent', ({ request }) => urls.push(request.url))
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await page.goto('/')
  await page.getByLabel('User name').fill('admin')
  await page.getByLabel('Password', { exact: true }).fill('correct-horse-9')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(row(page, 'backup')).toContainText('Running')
  await page.waitForLoadState('networkidle')

  test.info().annotations.push({
    type: 'first load',
    description: `${(bytes / 1024).toFixed(0)} KiB in ${urls.length} requests`,
  })
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThanOrEqual(mostBytes)
  expect(urls.length, urls.join('\n')).toBeLessThanOrEqual(mostRequests)
  // The consoles' code is large: it loads when one is opened.
  expect(urls.filter((url) => /console|novnc|xterm|rfb/i.test(url))).toEqual([])
})
