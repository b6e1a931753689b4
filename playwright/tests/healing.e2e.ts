import { openList, openVm, row } from '../support/pages.ts'
import { expect, test } from '../support/product.ts'
import { expectAnswer, expectPicture, typeInto } from '../support/screen.ts'

// Each pulls plugs: of a product of its own.
test.use({ ownPool: [] })

test('a pool that dies is told, and comes back by itself; what was typed stays', async ({
  page,
  product,
}) => {
  await openVm(page, 'mail')
  await page.locator('main header').getByRole('button', { name: 'Snapshot…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Take a snapshot of mail' })
  await dialog.getByLabel('Name').fill('typed before the loss')
  await product.pool.kill()

  await expect(
    page.getByText(/^The pool .+ is (reconnecting|unreachable)\. Shown as last seen/),
  ).toBeAttached()
  await expect(dialog.getByLabel('Name')).toHaveValue('typed before the loss')
  // Sending it now says what is wrong, and loses nothing either.
  await dialog.getByRole('button', { name: 'Take snapshot' }).click()
  await expect(dialog.getByRole('alert')).not.toBeEmpty()
  await dialog.getByLabel('Description').fill('and this during it')

  await product.pool.start()
  await expect(page.getByText(/Shown as last seen/)).toHaveCount(0)
  await expect(dialog.getByLabel('Name')).toHaveValue('typed before the loss')
  await expect(dialog.getByLabel('Description')).toHaveValue('and this during it')
  await dialog.getByRole('button', { name: 'Take snapshot' }).click()
  await expect(dialog).toBeHidden()
  await page.getByRole('link', { name: 'Snapshots' }).click()
  await expect(page.getByText('typed before the loss')).toBeVisible()
})

test('the lists keep what was last seen of a dead pool, and are live again after it', async ({
  page,
  product,
}) => {
  await openList(page, 'web-1')
  await product.pool.kill()
  await expect(
    page
      .getByRole('tree')
      .getByText(/reconnecting|unreachable/)
      .first(),
  ).toBeVisible()
  await expect(row(page, 'web-1')).toContainText('Running')
  await product.pool.start()
  await expect(page.getByRole('tree').getByText(/reconnecting|unreachable/)).toHaveCount(0)
  await page.getByRole('checkbox', { name: 'Select web-1' }).check()
  await page
    .getByRole('toolbar', { name: 'Actions on the selection' })
    .getByRole('button', { name: 'Shut down' })
    .click()
  await expect(row(page, 'web-1')).toContainText('Halted')
})

test('a server that dies is told, and the page heals by itself; what was typed stays', async ({
  page,
  product,
}) => {
  await openVm(page, 'mail')
  await page.locator('main header').getByRole('button', { name: 'Snapshot…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Take a snapshot of mail' })
  await dialog.getByLabel('Name').fill('typed before the loss')
  await product.server.kill()
  const banner = page.getByText(/Connection to the server lost|The server does not answer/)
  await expect(banner).toBeAttached()
  await dialog.getByRole('button', { name: 'Take snapshot' }).click()
  await expect(dialog.getByRole('alert')).not.toBeEmpty()
  await product.server.start()
  await expect(banner).toHaveCount(0)
  await expect(dialog.getByLabel('Name')).toHaveValue('typed before the loss')
  await dialog.getByRole('button', { name: 'Take snapshot' }).click()
  await expect(dialog).toBeHidden()
  await page.getByRole('link', { name: 'Snapshots' }).click()
  await expect(page.getByText('typed before the loss')).toBeVisible()
  // The session is still the same, and so is the feed: a change made elsewhere arrives.
  await page.getByRole('link', { name: /^Virtual machines/ }).click()
  await expect(page.getByText(/^\d+, \d+ running$/)).toBeVisible()
})

test('a console survives the death of its server', async ({ page, product }) => {
  await openVm(page, 'git', 'Console')
  await expectPicture(page)
  await product.server.kill()
  const bar = page.getByRole('toolbar', { name: 'Console' })
  await expect(bar.getByText('Connected', { exact: true })).toBeHidden()
  await product.server.start()
  await expectPicture(page)
  await expectAnswer(page, () => typeInto(page, 'somebody-with-a-long-name'))
})

test('a console survives the death of its pool', async ({ page, product }) => {
  await openVm(page, 'git', 'Console')
  await expectPicture(page)
  await product.pool.kill()
  const bar = page.getByRole('toolbar', { name: 'Console' })
  await expect(bar.getByText('Connected', { exact: true })).toBeHidden()
  await product.pool.start()
  await expectPicture(page)
  await expectAnswer(page, () => typeInto(page, 'somebody-with-a-long-name'))
})

test('a session that ended elsewhere asks to sign in, over the page that stays', async ({
  page,
  product,
}) => {
  await openVm(page, 'mail')
  await page.locator('main header').getByRole('button', { name: 'Snapshot…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Take a snapshot of mail' })
  await dialog.getByLabel('Name').fill('typed before the end')
  const { csrfToken } = await (await page.request.get('/api/v1/session')).json()
  const ended = await page.request.delete('/api/v1/session', {
    headers: { 'X-CSRF-Token': csrfToken, Origin: product.server.url },
  })
  expect(ended.ok()).toBe(true)
  const overlay = page.getByRole('dialog', { name: 'Sign in' })
  await expect(overlay.getByLabel('User name')).toHaveValue('admin')
  await overlay.getByLabel('Password', { exact: true }).fill('correct-horse-9')
  await overlay.getByRole('button', { name: 'Sign in' }).click()
  await expect(overlay).toBeHidden()
  await expect(dialog.getByLabel('Name')).toHaveValue('typed before the end')
  await dialog.getByRole('button', { name: 'Take snapshot' }).click()
  await expect(dialog).toBeHidden()
})
