import { expect, type Locator, type Page } from '@playwright/test'

/** A row of a list by the name in it. */
export function row(page: Page, name: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })
}

/** The VM list, filtered to what `filter` finds. */
export async function openList(page: Page, filter = ''): Promise<void> {
  await page.goto(`/vms${filter && `?q=${encodeURIComponent(filter)}`}`)
  await expect(page.getByRole('grid', { name: 'Virtual machines' })).not.toHaveAttribute(
    'aria-busy',
    'true',
  )
}

/** A VM's page, reached as a person does: through the list. */
export async function openVm(
  page: Page,
  name: string,
  tab?: 'Console' | 'Snapshots',
): Promise<void> {
  await openList(page, name)
  await row(page, name).getByRole('link', { name, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
  if (tab) {
    await page
      .getByRole('navigation', { name: 'Parts of this VM' })
      .getByRole('link', { name: tab })
      .click()
  }
}

/** Selects VMs of the list one by one, each found with the filter: the list draws only the rows in sight. */
export async function select(page: Page, names: readonly string[]): Promise<void> {
  const filter = page.getByRole('searchbox', { name: 'Filter' })
  for (const name of names) {
    await filter.fill(name)
    await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check()
  }
  await filter.fill('')
}

/** Opens the menu of a row or a page and chooses. */
export async function choose(page: Page, opener: Locator, entry: string): Promise<void> {
  await opener.click()
  await page.getByRole('menuitem', { name: entry, exact: true }).click()
}

/** The VM's state in the head of its page. */
export function stateOnPage(page: Page, state: string): Locator {
  return page
    .getByRole('main')
    .locator('header')
    .filter({ has: page.getByRole('heading', { level: 1 }) })
    .getByText(state, { exact: true })
}
