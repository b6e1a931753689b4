import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { choose, openVm, row } from '../support/pages.ts'
import { expect, signedOut, test } from '../support/product.ts'
import { expectPicture, screenOf } from '../support/screen.ts'

// They only look, so two workers may share them.
test.describe.configure({ mode: 'parallel' })

/** Nothing that axe calls serious or critical; told in a line a finding, with the element. */
async function expectAccessible(page: Page): Promise<void> {
  // What fades in is judged when it is there; what turns for ever is not waited for.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
        .map((animation) => animation.finished.catch(() => {})),
    ),
  )
  const { violations } = await new AxeBuilder({ page }).analyze()
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} (${node.failureSummary})`))
  expect(grave).toEqual([])
}

const lists = [
  '/vms',
  '/hosts',
  '/storages',
  '/networks',
  '/templates',
  '/tasks',
  '/pools',
  '/account',
  '/no-such-page',
]

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })

    test('the sign-in', async ({ browser, product }) => {
      const context = await browser.newContext({ storageState: signedOut, colorScheme })
      const page = await context.newPage()
      await page.goto(product.server.url)
      await expect(page.getByLabel('User name')).toBeVisible()
      await expectAccessible(page)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(page.getByRole('alert')).not.toBeEmpty()
      await expectAccessible(page)
      await context.close()
    })

    test('every list and page without an object', async ({ page }) => {
      for (const path of lists) {
        await test.step(path, async () => {
          await page.goto(path)
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
          await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
          await expectAccessible(page)
        })
      }
    })

    test('every component in every state', async ({ page }) => {
      await page.goto('/ui')
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expectAccessible(page)
    })

    test('the pages of a host, a storage, a network and a pool', async ({ page }) => {
      for (const list of ['/hosts', '/storages', '/networks', '/pools']) {
        await test.step(list, async () => {
          await page.goto(list)
          await page.getByRole('grid').getByRole('link').first().click()
          await expect(page).toHaveURL(/[0-9a-f-]{36}/)
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
          await expectAccessible(page)
        })
      }
    })

    test('the pages of a VM, and its consoles', async ({ page }) => {
      await openVm(page, 'staging-web')
      await expectAccessible(page)
      const tabs = page.getByRole('navigation', { name: 'Parts of this VM' })
      await tabs.getByRole('link', { name: 'Snapshots' }).click()
      await expect(page.getByText('You are here')).toBeVisible()
      await expectAccessible(page)
      await tabs.getByRole('link', { name: 'Console' }).click()
      await expectPicture(page)
      await expectAccessible(page)
      await page
        .getByRole('toolbar', { name: 'Console' })
        .getByText('Text', { exact: true })
        .click()
      await expect(screenOf(page)).toContainText('login:')
      await expectAccessible(page)
    })

    test('the dialogs and menus of VMs', async ({ page }) => {
      await openVm(page, 'staging-web', 'Snapshots')
      const head = page.locator('main header').first()
      const more = head.getByRole('button', { name: 'More', exact: true })
      const closed = async () => {
        await page.keyboard.press('Escape')
        await expect(page.getByRole('dialog').or(page.getByRole('alertdialog'))).toHaveCount(0)
      }
      await more.click()
      await expect(page.getByRole('menu')).toBeVisible()
      await expectAccessible(page)
      await page.keyboard.press('Escape')
      await head.getByRole('button', { name: 'Snapshot…' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await expectAccessible(page)
      await closed()
      for (const entry of ['Migrate…', 'Edit tags…', 'Force shut down…']) {
        await test.step(entry, async () => {
          await choose(page, more, entry)
          await expect(page.getByRole('dialog').or(page.getByRole('alertdialog'))).toBeVisible()
          await expectAccessible(page)
          await closed()
        })
      }
      await page.getByRole('button', { name: 'Revert…' }).first().click()
      await expect(page.getByRole('alertdialog')).toBeVisible()
      await expectAccessible(page)
      await closed()
      await openVm(page, 'win11-test')
      await choose(page, more, 'Delete…')
      await expect(page.getByRole('alertdialog')).toBeVisible()
      await expectAccessible(page)
    })

    test('a selection, the tasks and notices, adding a pool', async ({ page }) => {
      await page.goto('/vms?q=opnsense-lab')
      await page.getByRole('checkbox', { name: 'Select opnsense-lab' }).check()
      await expect(row(page, 'opnsense-lab')).toHaveAttribute('aria-selected', 'true')
      await expectAccessible(page)
      for (const name of ['Tasks', 'Notices']) {
        await page.getByRole('banner').getByRole('button', { name }).click()
        await expect(page.getByRole('dialog')).toBeVisible()
        await expectAccessible(page)
        await page.keyboard.press('Escape')
      }
      await page.goto('/pools')
      await page.getByRole('button', { name: 'Add a pool…' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await page.getByRole('button', { name: 'Continue' }).click()
      await expect(page.getByText('Give the address of a host of the pool')).toBeVisible()
      await expectAccessible(page)
    })

    test.describe('on a phone', () => {
      test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

      test('the list, the drawer and a VM', async ({ page }) => {
        await page.goto('/vms')
        await expect(page.getByRole('row').nth(1)).toBeVisible()
        await expectAccessible(page)
        await page.getByRole('button', { name: 'Navigation' }).tap()
        await expect(page.getByRole('dialog', { name: 'Navigation' })).toBeVisible()
        await expectAccessible(page)
        await page.getByRole('button', { name: 'Close' }).tap()
        await page.getByRole('link', { name: 'backup' }).tap()
        await expect(page.getByRole('heading', { level: 1 })).toContainText('backup')
        await expectAccessible(page)
        await page.getByRole('link', { name: 'Console' }).tap()
        await expect(page.getByRole('toolbar', { name: 'Keys' })).toBeVisible()
        await expectAccessible(page)
      })
    })
  })
}
