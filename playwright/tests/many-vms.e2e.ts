import { expect, test } from '../support/product.ts'
import { openList } from '../support/pages.ts'

test.use({ ownPool: ['--hosts', '16', '--vms', '5000', '--seed', '1'] })

test('5,000 VMs are listed, filtered and selected', async ({ page }) => {
  await openList(page)
  const grid = page.getByRole('grid', { name: 'Virtual machines' })
  await expect(grid).toHaveAttribute('aria-rowcount', '5001')
  await expect(page.getByText(/^5,000, [\d,]+ running$/)).toBeVisible()
  // Only what is in sight is drawn.
  expect(await grid.getByRole('row').count()).toBeLessThan(200)

  await grid.getByRole('row').nth(1).focus()
  await page.keyboard.press('End')
  await expect(grid.locator('[aria-rowindex="5001"]')).toBeFocused()
  const last = (await grid.locator('[aria-rowindex="5001"]').getByRole('link').textContent()) ?? ''

  const filter = page.getByRole('searchbox', { name: 'Filter' })
  await filter.fill(last)
  await expect(page.getByText(/^[\d,]+ of 5,000$/)).toBeVisible()
  await expect(grid.getByRole('link', { name: last, exact: true })).toBeVisible()
  await filter.fill('')

  await page.getByRole('checkbox', { name: 'Select all' }).check()
  const bar = page.getByRole('toolbar', { name: 'Actions on the selection' })
  await expect(bar.getByText('5000 selected').or(bar.getByText('5,000 selected'))).toBeVisible()
  await filter.fill(last)
  await expect(bar.getByText(/\(4,?99\d not shown\)/)).toBeVisible()
  await bar.getByRole('button', { name: 'Clear' }).click()
  await expect(bar).toBeHidden()
})
