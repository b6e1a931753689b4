import { readdirSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { Dump, namesOf } from '../support/dump.ts'
import { choose, openVm, row, stateOnPage } from '../support/pages.ts'
import { expect, test } from '../support/product.ts'
import { expectPicture } from '../support/screen.ts'

// Each has a product of its own.
test.describe.configure({ mode: 'parallel' })

const folder = new URL('../../fixtures/dumps/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.xml'))

/** That a list shows exactly these names: as many rows, and each name as often as it should be there. */
async function expectRows(page: Page, list: string, names: readonly string[]): Promise<void> {
  const grid = page.getByRole('grid', { name: list })
  // Its head is a row too.
  await expect(grid).toHaveAttribute('aria-rowcount', String(names.length + 1))
  for (const name of new Set(names)) {
    const count = names.filter((each) => each === name).length
    await expect(grid.getByText(name, { exact: true }), name).toHaveCount(count)
  }
}

for (const file of files) {
  test.describe(file, () => {
    // Tall enough for every row of the longest list: lists draw only what is in sight.
    test.use({
      ownPool: ['--database', `fixtures/dumps/${file}`],
      viewport: { width: 1440, height: 4000 },
    })

    test('everything in the database is there, and its VMs start and stop', async ({ page }) => {
      const dump = new Dump(new URL(file, folder))
      const vms = dump.vms()
      const running = vms.filter((vm) => vm.power_state === 'Running')
      expect(vms.length).toBeGreaterThan(0)

      await page.goto('/vms')
      await expectRows(page, 'Virtual machines', namesOf(vms))
      await expect(page.getByText(`${vms.length}, ${running.length} running`)).toBeVisible()
      for (const vm of vms) {
        await expect(row(page, vm.name__label ?? '').first()).toContainText(
          /Running|Halted|Suspended|Paused/,
        )
      }
      await page.goto('/hosts')
      await expectRows(page, 'Hosts', namesOf(dump.rows('host')))
      await page.goto('/storages')
      await expectRows(page, 'Storage', namesOf(dump.rows('SR')))
      await page.goto('/networks')
      await expectRows(page, 'Networks', namesOf(dump.rows('network')))
      await page.goto('/templates')
      await page
        .locator('label')
        .filter({ has: page.getByRole('switch') })
        .click()
      await expectRows(page, 'Templates', namesOf(dump.templates()))
      for (const vm of vms) {
        const snapshots = dump.snapshotsOf(vm)
        if (snapshots.length === 0) continue
        await openVm(page, vm.name__label ?? '', 'Snapshots')
        const list = page.getByRole('list', { name: 'Snapshots, the oldest first' })
        await expect(list.getByRole('button', { name: 'Revert…' })).toHaveCount(snapshots.length)
        for (const name of namesOf(snapshots)) {
          await expect(list.getByText(name, { exact: true }).first()).toBeVisible()
        }
      }

      const halted = vms.find((vm) => vm.power_state === 'Halted')
      const name = (halted ?? vms[0])?.name__label ?? ''
      await openVm(page, name, 'Console')
      const head = page.locator('main header').first()
      if (!halted) {
        await choose(
          page,
          head.getByRole('button', { name: 'More', exact: true }),
          'Force shut down…',
        )
        await page.getByRole('alertdialog').getByRole('button', { name: 'Force shut down' }).click()
      }
      await expect(stateOnPage(page, 'Halted')).toBeVisible()
      await head.getByRole('button', { name: 'Start', exact: true }).click()
      await expect(stateOnPage(page, 'Running')).toBeVisible()
      await expectPicture(page)
    })
  })
}
