import { expect, test } from '../support/product.ts'
import { choose, openVm, stateOnPage } from '../support/pages.ts'

test('a snapshot is taken, the VM changes, and it goes back', async ({ page }) => {
  await openVm(page, 'vpn', 'Snapshots')
  const head = page.locator('main header').first()
  await expect(page.getByText('No snapshots')).toBeVisible()
  await head.getByRole('button', { name: 'Snapshot…' }).click()
  const take = page.getByRole('dialog', { name: 'Take a snapshot of vpn' })
  await take.getByLabel('Name').fill('before the change')
  await take.getByLabel('Description').fill('WireGuard as it was')
  await take.getByRole('button', { name: 'Take snapshot' }).click()
  await expect(take).toBeHidden()
  const list = page.getByRole('list', { name: 'Snapshots, the oldest first' })
  await expect(list.getByText('before the change')).toBeVisible()
  await expect(list.getByText('WireGuard as it was')).toBeVisible()

  // The change: another name. A revert gives the old one back (VM.revert, XenAPI).
  await page.getByRole('button', { name: 'Name: vpn' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('vpn-changed')
  await page.getByRole('textbox', { name: 'Name' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Name: vpn-changed' })).toBeVisible()

  await list.getByRole('button', { name: 'Revert…' }).click()
  const question = page.getByRole('alertdialog', { name: /^Revert vpn-changed to/ })
  await question.getByText('Take a snapshot first').click()
  await expect(question.getByText(/Everything written to its disks since/)).toBeVisible()
  await question.getByRole('button', { name: 'Revert', exact: true }).click()
  await expect(question).toBeHidden()
  await expect(page.getByRole('button', { name: 'Name: vpn', exact: true })).toBeVisible()
  await expect(stateOnPage(page, 'Halted')).toBeVisible()
  await expect(list.getByText('before the change')).toBeVisible()
})

test('a VM is deleted with its disks; the question names what is lost', async ({ page }) => {
  const disks = async () => {
    const reply = await page.request.get('/api/v1/disks')
    const text = await reply.text()
    return text
  }
  await openVm(page, 'print')
  expect(await disks()).toContain('print root')
  await choose(
    page,
    page.locator('main header').getByRole('button', { name: 'More', exact: true }),
    'Delete…',
  )
  const question = page.getByRole('alertdialog', { name: 'Delete print?' })
  await expect(question.getByText('They cannot be brought back.')).toBeVisible()
  await expect(question.getByRole('listitem').filter({ hasText: 'print root' })).toContainText(
    '60 GiB',
  )
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await question.getByRole('button', { name: 'Delete VM' }).click()
  await expect(question).toBeHidden()
  await expect(page.getByRole('main')).toContainText(/print.*(gone|deleted|no longer)/i)
  await expect.poll(disks).not.toContain('print root')
})

test('a VM is deleted and its disks stay', async ({ page }) => {
  await openVm(page, 'dns-2')
  const head = page.locator('main header').first()
  const more = head.getByRole('button', { name: 'More', exact: true })
  // While it runs it cannot be: the entry says why.
  await more.click()
  await expect(page.getByRole('menuitem', { name: 'Delete…' })).toBeDisabled()
  await page.keyboard.press('Escape')
  await head.getByRole('button', { name: 'Shut down', exact: true }).click()
  await expect(stateOnPage(page, 'Halted')).toBeVisible()
  await choose(page, more, 'Delete…')
  const question = page.getByRole('alertdialog', { name: 'Delete dns-2?' })
  await question.getByText('Keep the disks').click()
  await expect(question.getByRole('listitem')).toHaveCount(0)
  await question.getByRole('button', { name: 'Delete VM' }).click()
  await expect(page.getByRole('main')).toContainText(/dns-2.*(gone|deleted|no longer)/i)
  expect(await (await page.request.get('/api/v1/disks')).text()).toContain('dns-2 root')
})
