import { connect } from 'node:tls'
import type { Page } from '@playwright/test'
import { choose } from '../support/pages.ts'
import { expect, test } from '../support/product.ts'
import { poolPassword, SimulatedPool } from '../support/servers.ts'

test.use({ ownPool: [] })
test.describe.configure({ timeout: 120_000 })

/** What the server really shows, asked without the product. */
function fingerprintOf(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    // To read a self-signed certificate it has to be let through; nothing is sent.
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256)
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

function connectionRow(page: Page, pool: SimulatedPool) {
  return page.getByRole('row').filter({ hasText: pool.address })
}

/** Fills the form for a pool; the caller sends it. */
async function fillPool(page: Page, pool: SimulatedPool, password: string) {
  await page.getByRole('button', { name: 'Add a pool…' }).click()
  const form = page.getByRole('dialog', { name: 'Add a pool' })
  await form.getByLabel('Address').fill(pool.address)
  await form.getByLabel('Password', { exact: true }).fill(password)
  await form.getByLabel('Label').fill('Second site')
  return form
}

test('a pool is added, disconnected, edited, checked after a new certificate, and removed', async ({
  page,
  product,
}) => {
  const second = await SimulatedPool.start(['--tls', '--hosts', '2', '--vms', '6', '--seed', '7'])
  try {
    await page.goto('/pools')
    await expect(connectionRow(page, product.pool)).toContainText('Connected')

    await test.step('its certificate is confirmed; a wrong password keeps what was typed', async () => {
      const form = await fillPool(page, second, 'wrong')
      await form.getByRole('button', { name: 'Continue' }).click()
      const question = page.getByRole('dialog', { name: 'Is this the right server?' })
      await expect(question).toContainText(await fingerprintOf(second.port))
      await question.getByRole('button', { name: 'It is: connect' }).click()
      await expect(form.getByRole('alert')).toHaveText(
        'The pool refused the user name or password.',
      )
      await expect(form.getByLabel('Address')).toHaveValue(second.address)
      await expect(form.getByLabel('Label')).toHaveValue('Second site')
      await form.getByLabel('Password', { exact: true }).fill(poolPassword)
      await form.getByRole('button', { name: 'Continue' }).click()
      // The same certificate is not asked about twice.
      await expect(form).toBeHidden()
      await expect(connectionRow(page, second)).toContainText('Connected')
      await expect(page.getByText('2, 2 connected')).toBeVisible()
    })

    await test.step('the same pool again is refused', async () => {
      const form = await fillPool(page, second, poolPassword)
      await form.getByRole('button', { name: 'Continue' }).click()
      const question = page.getByRole('dialog', { name: 'Is this the right server?' })
      await question.getByRole('button', { name: 'It is: connect' }).click()
      await expect(form.getByRole('alert')).toHaveText('This pool is already registered.')
      await expect(form.getByLabel('Address')).toHaveValue(second.address)
      await form.getByRole('button', { name: 'Cancel' }).click()
    })

    const actions = connectionRow(page, second).getByRole('button', { name: /^Actions on / })
    await test.step('disconnected and connected', async () => {
      await choose(page, actions, 'Disconnect')
      await expect(connectionRow(page, second)).toContainText('Disconnected')
      await connectionRow(page, second).getByRole('button', { name: 'Connect' }).click()
      await expect(connectionRow(page, second)).toContainText('Connected')
    })

    await test.step('edited', async () => {
      await choose(page, actions, 'Edit…')
      const form = page.getByRole('dialog', { name: 'Edit connection' })
      await form.getByLabel('Label').fill('Third site')
      await form.getByRole('button', { name: 'Save' }).click()
      await expect(form).toBeHidden()
      await page.reload()
      await choose(page, actions, 'Edit…')
      await expect(form.getByLabel('Label')).toHaveValue('Third site')
      await expect(form.getByLabel('Password', { exact: true })).toHaveValue('')
      await form.getByRole('button', { name: 'Cancel' }).click()
    })

    await test.step('another certificate is told, and can be confirmed', async () => {
      const before = await fingerprintOf(second.port)
      await second.restart()
      const now = await fingerprintOf(second.port)
      expect(now).not.toBe(before)
      await connectionRow(page, second).getByRole('button', { name: 'Check certificate…' }).click()
      const form = page.getByRole('dialog', { name: 'Edit connection' })
      await form.getByRole('button', { name: 'Save' }).click()
      const question = page.getByRole('dialog', { name: 'Is this the right server?' })
      await expect(question).toContainText('It is not the certificate that was confirmed before.')
      await expect(question).toContainText(now)
      await question.getByRole('button', { name: 'It is: connect' }).click()
      await expect(connectionRow(page, second)).toContainText('Connected')
    })

    await test.step('removed', async () => {
      await choose(page, actions, 'Remove…')
      await page
        .getByRole('alertdialog', { name: /^Remove / })
        .getByRole('button', { name: 'Remove' })
        .click()
      await expect(connectionRow(page, second)).toHaveCount(0)
      await expect(page.getByText('1, 1 connected')).toBeVisible()
    })
  } finally {
    await second.kill()
  }
})

test('an address where nothing answers is told in the form', async ({ page, product }) => {
  await page.goto('/pools')
  await expect(connectionRow(page, product.pool)).toContainText('Connected')
  const nobody = new SimulatedPool(9, [])
  const form = await fillPool(page, nobody, 'any')
  await form.getByRole('button', { name: 'Continue' }).click()
  await expect(form.getByRole('alert')).not.toBeEmpty()
  await expect(form.getByLabel('Address')).toHaveValue(nobody.address)
  await expect(form.getByLabel('Password', { exact: true })).toHaveValue('any')
})

test('a pool that configuration names cannot be edited here, and says so', async ({
  page,
  product,
}) => {
  await page.goto('/pools')
  await connectionRow(page, product.pool)
    .getByRole('button', { name: /^Actions on / })
    .click()
  for (const name of ['Edit…', 'Remove…']) {
    const entry = page.getByRole('menuitem', { name })
    await expect(entry).toBeDisabled()
    await expect(entry).toHaveAccessibleName(/configur/i)
  }
})
