import type { Page } from '@playwright/test'
import { expect, signedOut, test } from '../support/product.ts'
import { canvasOf, expectAnswer, screenOf } from '../support/screen.ts'

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(() => {
        const root = document.scrollingElement
        return root ? root.scrollWidth - root.clientWidth : -1
      }),
    )
    .toBe(0)
  // Nor does anything reach past the edge behind a clip.
  expect(await page.evaluate(() => window.innerWidth)).toBe(390)
}

test.describe('signed out', () => {
  test.use({ storageState: signedOut })

  test('signs in, finds a VM through the drawer and works its console by touch', async ({
    page,
  }) => {
    await page.goto('/')
    await expectNoSidewaysScroll(page)
    await page.getByLabel('User name').fill('admin')
    await page.getByLabel('Password', { exact: true }).fill('correct-horse-9')
    await page.getByRole('button', { name: 'Sign in' }).tap()
    await expect(page.getByRole('heading', { name: 'Virtual machines' })).toBeVisible()

    await page.getByRole('button', { name: 'Navigation' }).tap()
    const drawer = page.getByRole('dialog', { name: 'Navigation' })
    await expect(drawer.getByRole('tree', { name: 'Infrastructure' })).toBeVisible()
    await drawer.getByRole('link', { name: 'Hosts' }).tap()
    await expect(drawer).toBeHidden()
    await expect(page.getByRole('heading', { name: 'Hosts' })).toBeVisible()
    await page.getByRole('button', { name: 'Navigation' }).tap()
    await drawer.getByRole('link', { name: /^Virtual machines/ }).tap()

    const first = page.getByRole('row').filter({ hasText: 'backup' })
    // Two lines, large enough for a finger.
    expect((await first.boundingBox())?.height).toBeGreaterThanOrEqual(44)
    await expect(first).toContainText('Running')
    await expect(first).toContainText('xen-hh-03')
    await first.getByRole('link', { name: 'backup' }).tap()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('backup')
    await expectNoSidewaysScroll(page)
    await page.getByRole('link', { name: 'Console' }).tap()
    await expect(screenOf(page)).toBeVisible()
    await expectNoSidewaysScroll(page)

    const keys = page.getByRole('toolbar', { name: 'Keys' })
    await expect(keys.getByRole('button', { name: 'Esc' })).toBeEnabled()
    await expect(canvasOf(page)).toBeVisible()
    await expectAnswer(page, async () => {
      await keys.getByRole('button', { name: 'Keyboard' }).tap()
      await page.keyboard.insertText('somebody-with-a-long-name')
    })
    await expectAnswer(page, async () => {
      await keys.getByRole('button', { name: 'Ctrl', exact: true }).tap()
      await keys.getByRole('button', { name: 'Keyboard' }).tap()
      await page.keyboard.insertText('c')
    })
  })
})

test('a selection has its actions behind one button', async ({ page }) => {
  await page.goto('/vms?q=rescue')
  await page.getByRole('checkbox', { name: 'Select rescue' }).tap()
  const bar = page.getByRole('toolbar', { name: 'Actions on the selection' })
  await bar.getByRole('button', { name: 'Actions' }).tap()
  await expect(page.getByRole('menuitem', { name: 'Start', exact: true })).toBeEnabled()
  await expectNoSidewaysScroll(page)
})

test('no page scrolls sideways', async ({ page }) => {
  const paths = [
    '/vms',
    '/hosts',
    '/storages',
    '/networks',
    '/templates',
    '/tasks',
    '/pools',
    '/account',
    '/ui',
  ]
  for (const path of paths) {
    await test.step(path, async () => {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expectNoSidewaysScroll(page)
    })
  }
  for (const list of ['/vms', '/hosts', '/storages', '/networks', '/pools']) {
    await test.step(`first of ${list}`, async () => {
      await page.goto(list)
      await page.getByRole('grid').getByRole('link').first().tap()
      await expect(page).toHaveURL(/[0-9a-f-]{36}/)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expectNoSidewaysScroll(page)
    })
  }
})
