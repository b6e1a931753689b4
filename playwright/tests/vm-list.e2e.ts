import { expect, test } from '../support/product.ts'
import { choose, openList, row, select } from '../support/pages.ts'

test('the list filters, sorts and keeps both in the address', async ({ page }) => {
  await openList(page)
  const grid = page.getByRole('grid', { name: 'Virtual machines' })
  const names = grid.getByRole('link')
  await page.getByRole('searchbox', { name: 'Filter' }).fill('k8s')
  await expect(names).toHaveText(['k8s-control', 'k8s-worker-1', 'k8s-worker-2'])
  await expect(page.getByText(/^3 of \d+$/)).toBeVisible()

  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click()
  await expect(names).toHaveText(['k8s-worker-2', 'k8s-worker-1', 'k8s-control'])
  await page.getByRole('columnheader', { name: 'Memory' }).getByRole('button').click()
  await expect(names.first()).toHaveText('k8s-control')

  await page.reload()
  await expect(names).toHaveCount(3)
  await expect(names.first()).toHaveText('k8s-control')
  await expect(page.getByRole('columnheader', { name: 'Memory' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  )
})

test('a filter that finds nothing says so and can be cleared', async ({ page }) => {
  await openList(page, 'no-such-vm')
  await expect(page.getByText('No VM matches')).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(row(page, 'backup')).toBeVisible()
})

test('what happens in the pool shows by itself, in every open page', async ({ page, context }) => {
  await openList(page, 'build-arm-cross')
  const other = await context.newPage()
  await openList(other, 'build-arm-cross')
  await expect(row(page, 'build-arm-cross')).toContainText('Halted')
  await choose(
    page,
    row(page, 'build-arm-cross').getByRole('button', { name: 'Actions on build-arm-cross' }),
    'Start',
  )
  for (const each of [page, other]) {
    await expect(row(each, 'build-arm-cross')).toContainText('Running')
    await expect(row(each, 'build-arm-cross')).toContainText(/xen-hh-0[123]/)
  }
})

test('several VMs are shut down at once, with a result for each', async ({ page }) => {
  const names = ['web-2', 'web-3', 'cache-1']
  await openList(page)
  await select(page, names)
  const bar = page.getByRole('toolbar', { name: 'Actions on the selection' })
  await expect(bar.getByText('3 selected')).toBeVisible()
  await bar.getByRole('button', { name: 'Shut down' }).click()

  const question = page.getByRole('alertdialog', { name: 'Shut down 3 VMs?' })
  for (const name of names) await expect(question.getByText(name, { exact: true })).toBeVisible()
  await question.getByRole('button', { name: 'Shut down 3 VMs' }).click()

  const results = page.getByRole('dialog', { name: 'Shut down: 3 VMs' })
  for (const name of names) {
    const line = results.getByRole('listitem').filter({ hasText: name })
    await expect(line.getByText('Done')).toBeVisible()
  }
  await expect(results.getByText('3 done, 0 failed')).toBeVisible()
  await results.getByRole('button', { name: 'Close' }).last().click()
  for (const name of names) {
    await page.getByRole('searchbox', { name: 'Filter' }).fill(name)
    await expect(row(page, name)).toContainText('Halted')
  }
})

test('a bulk action reports what failed beside what was done', async ({ page, product }) => {
  await openList(page, 'k8s-worker')
  await page.getByRole('checkbox', { name: 'Select k8s-worker-1' }).check()
  await page.getByRole('checkbox', { name: 'Select k8s-worker-2' }).check()
  const fault = {
    fault: 'fail',
    method: 'VM.suspend',
    code: 'SR_FULL',
    params: ['1', '2'],
    times: 1,
  }
  for (const method of ['VM.suspend', 'Async.VM.suspend']) {
    const reply = await page.request.post(`${product.pool.address}/simulator/faults`, {
      data: { ...fault, method },
    })
    expect(reply.status()).toBe(204)
  }
  const bar = page.getByRole('toolbar', { name: 'Actions on the selection' })
  await bar.getByRole('button', { name: 'Suspend' }).click()
  await page.getByRole('button', { name: 'Suspend 2 VMs' }).click()
  const results = page.getByRole('dialog', { name: 'Suspend: 2 VMs' })
  await expect(results.getByText('1 done, 1 failed')).toBeVisible()
  const failed = results.getByRole('listitem').filter({ hasText: 'Failed' })
  await expect(failed).toHaveCount(1)
  // Once the pool can again, the failed one is tried again from here.
  await page.request.post(`${product.pool.address}/simulator/faults`, { data: { fault: 'clear' } })
  await results.getByRole('button', { name: 'Retry 1 failed' }).click()
  await expect(results.getByText('2 done, 0 failed')).toBeVisible()
})

test('a disabled action says why', async ({ page }) => {
  await openList(page, 'rescue')
  await page.getByRole('checkbox', { name: 'Select rescue' }).check()
  const bar = page.getByRole('toolbar', { name: 'Actions on the selection' })
  const shutDown = bar.getByRole('button', { name: 'Shut down' })
  await expect(shutDown).toBeDisabled()
  await expect(shutDown).toHaveAccessibleDescription('Already halted')
  await row(page, 'rescue').getByRole('button', { name: 'Actions on rescue' }).click()
  // An entry's reason stands beside its verb and is read with it.
  await expect(page.getByRole('menuitem', { name: 'Suspend Only when running' })).toBeDisabled()
})
