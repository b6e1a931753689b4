import type { Locator, Page } from '@playwright/test'
import { expect, signedOut, test } from '../support/product.ts'
import { expectAnswer, expectPicture, screenOf } from '../support/screen.ts'

test.use({ storageState: signedOut })

/** Walks with the Tab key until this has the focus, as somebody without a pointer does. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  await expect(target).toBeVisible()
  for (let step = 0; step < 60; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press(key)
  }
  await expect(target, 'reached with the Tab key').toBeFocused()
}

test('without a pointer: sign in, find a VM, take a snapshot, use and leave its console', async ({
  page,
}) => {
  await page.goto('/')
  await expect(page.getByLabel('User name')).toBeFocused()
  await page.keyboard.type('admin')
  await page.keyboard.press('Tab')
  await page.keyboard.type('correct-horse-9')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Virtual machines' })).toBeVisible()

  await page.keyboard.press('Tab')
  await tabTo(page, page.getByRole('link', { name: 'Skip to content' }))
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('searchbox', { name: 'Filter' }))
  await page.keyboard.type('k8s')
  const rows = page.getByRole('row').filter({ hasText: 'k8s' })
  await expect(rows).toHaveCount(3)
  await tabTo(page, rows.first())
  await page.keyboard.press('ArrowDown')
  await expect(rows.nth(1)).toBeFocused()
  await page.keyboard.press('Space')
  await expect(rows.nth(1)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Escape')
  await expect(rows.nth(1)).toHaveAttribute('aria-selected', 'false')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('k8s-control')

  await tabTo(page, page.getByRole('button', { name: 'Snapshot…' }))
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Take a snapshot of k8s-control' })
  await expect(dialog.getByLabel('Name')).toBeFocused()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('by keyboard')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  // Back where one was.
  await expect(page.getByRole('button', { name: 'Snapshot…' })).toBeFocused()

  const tabs = page.getByRole('navigation', { name: 'Parts of this VM' })
  await tabTo(page, tabs.getByRole('link', { name: 'Snapshots' }))
  await page.keyboard.press('Enter')
  await expect(page.getByText('by keyboard')).toBeVisible()

  await tabTo(page, tabs.getByRole('link', { name: 'Console' }), 'Shift+Tab')
  await page.keyboard.press('Enter')
  await expectPicture(page)
  await tabTo(page, screenOf(page))
  await page.keyboard.press('Enter')
  await expectAnswer(page, () => page.keyboard.type('somebody-with-a-long-name', { delay: 20 }))
  // Tab belongs to the guest now.
  await page.keyboard.press('Tab')
  await expect(screenOf(page).locator('canvas')).toBeFocused()
  await page.keyboard.press('Control+Alt+Shift')
  await expect(page.getByRole('toolbar', { name: 'Console' })).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(screenOf(page).locator('canvas')).not.toBeFocused()
})

test('without a pointer: the tree leads to a VM, a menu is opened and left', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByLabel('User name')).toBeFocused()
  await page.keyboard.type('admin')
  await page.keyboard.press('Tab')
  await page.keyboard.type('correct-horse-9')
  await page.keyboard.press('Enter')
  const tree = page.getByRole('tree', { name: 'Infrastructure' })
  await tabTo(page, tree.getByRole('treeitem').first())
  await page.keyboard.press('ArrowRight')
  await page.keyboard.type('xen-hh-02')
  const host = tree.getByRole('treeitem', { name: 'xen-hh-02' })
  await expect(host).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(host).toHaveAttribute('aria-expanded', 'true')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/vms\/[0-9a-f-]{36}/)
  const more = page.locator('main header').getByRole('button', { name: 'More', exact: true })
  await tabTo(page, more)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menu')).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Escape')
  await expect(more).toBeFocused()
})
