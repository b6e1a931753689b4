import { ConsoleServer } from '../support/servers.ts'
import { expect, signedOut, test } from '../support/product.ts'

test.use({ storageState: signedOut })

test('the first start prints a one-time password that has to be changed', async ({
  page,
  product,
}) => {
  const server = await ConsoleServer.start([product.pool], { adminPassword: '' })
  try {
    const oneTime = server.oneTimePassword
    expect(oneTime).toMatch(/^\S{10,}$/)
    await page.goto(server.url)
    await page.getByLabel('User name').fill('admin')
    await page.getByLabel('Password', { exact: true }).fill(oneTime ?? '')
    await page.getByRole('button', { name: 'Sign in' }).click()

    await expect(page.getByRole('heading', { name: 'Choose your own password' })).toBeVisible()
    // No other address leads past it.
    await page.goto(`${server.url}/hosts`)
    await expect(page.getByRole('heading', { name: 'Choose your own password' })).toBeVisible()
    await page.getByLabel('Present password').fill(oneTime ?? '')
    await page.getByLabel('New password', { exact: true }).fill('mine-and-long')
    await page.getByLabel('New password again').fill('mine-and-wrong')
    await expect(page.getByText('Not the same as above.')).toBeVisible()
    await page.getByLabel('New password again').fill('mine-and-long')
    await page.getByRole('button', { name: 'Change password' }).click()
    await expect(page.getByRole('heading', { name: 'Hosts' })).toBeVisible()

    await page.getByRole('button', { name: 'admin' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByLabel('User name').fill('admin')
    await page.getByLabel('Password', { exact: true }).fill(oneTime ?? '')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('alert')).toHaveText('User name or password is wrong.')
    await page.getByLabel('Password', { exact: true }).fill('mine-and-long')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('heading', { name: 'Hosts' })).toBeVisible()
  } finally {
    await server.close()
  }
})

test('a wrong password says so; signing out ends the session', async ({ page }) => {
  await page.goto('/vms')
  await page.getByLabel('User name').fill('admin')
  await page.getByLabel('Password', { exact: true }).fill('not-this-one')
  await page.getByLabel('Password', { exact: true }).press('Enter')
  await expect(page.getByRole('alert')).toHaveText('User name or password is wrong.')
  await expect(page.getByLabel('User name')).toHaveValue('admin')

  await page.getByLabel('Password', { exact: true }).fill('correct-horse-9')
  await page.getByLabel('Password', { exact: true }).press('Enter')
  await expect(page.getByRole('heading', { name: 'Virtual machines' })).toBeVisible()

  const [cookie] = await page.context().cookies()
  await page.getByRole('button', { name: 'admin' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  // The server has forgotten it: a copy of the cookie opens nothing.
  const reply = await page.request.get('/api/v1/vms', {
    headers: { Cookie: `${cookie?.name}=${cookie?.value}` },
  })
  expect(reply.status()).toBe(401)
})
