import { expect, test } from '../support/product.ts'
import { openVm, stateOnPage } from '../support/pages.ts'
import { expectAnswer, expectPicture, screenOf, typeInto } from '../support/screen.ts'

test('a VM is started from its page, and its console draws and answers keys', async ({ page }) => {
  await openVm(page, 'old-shop', 'Console')
  await expect(screenOf(page).getByText('The VM is halted')).toBeVisible()
  await page.locator('main header').getByRole('button', { name: 'Start', exact: true }).click()
  await expect(stateOnPage(page, 'Running')).toBeVisible()
  // Nobody has to connect it.
  await expectPicture(page)
  await expectAnswer(page, () => typeInto(page, 'somebody-with-a-long-name'))
  await expectAnswer(page, () => page.keyboard.press('Enter'))
})

test('the screen fits or is shown 1:1, takes Ctrl-Alt-Del, and fills the display', async ({
  page,
}) => {
  // Windows, whose lock screen waits for these keys.
  await openVm(page, 'dc-1', 'Console')
  await expectPicture(page)
  const bar = page.getByRole('toolbar', { name: 'Console' })
  const canvas = screenOf(page).locator('canvas').first()
  const isFitting = async () => {
    const [inner, outer] = [await canvas.boundingBox(), await screenOf(page).boundingBox()]
    return (
      inner !== null &&
      outer !== null &&
      inner.width <= outer.width + 1 &&
      inner.height <= outer.height + 1
    )
  }
  await expect.poll(isFitting).toBe(true)
  await bar.getByRole('button', { name: 'Fit' }).click()
  await expect
    .poll(() =>
      canvas.evaluate((element: HTMLCanvasElement) => element.clientWidth - element.width),
    )
    .toBe(0)
  await bar.getByRole('button', { name: '1 : 1' }).click()
  await expect.poll(isFitting).toBe(true)
  await expectAnswer(page, () => bar.getByRole('button', { name: 'Ctrl-Alt-Del' }).click())
  await bar.getByRole('button', { name: 'Full screen' }).click()
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true)
  await bar.getByRole('button', { name: 'Leave full screen' }).click()
  await expect.poll(() => page.evaluate(() => document.fullscreenElement)).toBeNull()
})

test('the text console logs in and its shell answers', async ({ page }) => {
  await openVm(page, 'mx-2', 'Console')
  await page.getByRole('toolbar', { name: 'Console' }).getByText('Text', { exact: true }).click()
  const screen = screenOf(page)
  await expect(screen).toContainText('mx-2 login:')
  await typeInto(page, 'root\n')
  await expect(screen).toContainText('Password:')
  await page.keyboard.type('anything\n')
  await expect(screen).toContainText('root@mx-2')
  await page.keyboard.type('echo xendeck-$USER-$HOME\n')
  await expect(screen).toContainText('xendeck-root-/root')
  await page.keyboard.type('hostname > /tmp/name; cat /tmp/name /tmp/none\n')
  await expect(screen).toContainText('No such file or directory')

  // The choice is remembered, and what was printed is still there for who comes back.
  await page.reload()
  await expect(screen).toContainText('xendeck-root-/root')
})

test.describe('a console comes back by itself', () => {
  test('after its VM was restarted', async ({ page }) => {
    await openVm(page, 'wiki', 'Console')
    await expectPicture(page)
    const head = page.locator('main header').first()
    await head.getByRole('button', { name: 'Restart', exact: true }).click()
    const bar = page.getByRole('toolbar', { name: 'Console' })
    await expect(bar.getByText('Connected', { exact: true })).toBeHidden()
    await expectPicture(page)
    await expectAnswer(page, () => typeInto(page, 'somebody-with-a-long-name'))
  })

  test('after its VM moved to another host', async ({ page }) => {
    await openVm(page, 'ldap', 'Console')
    await expectPicture(page)
    const host = page
      .locator('main header')
      .first()
      .getByRole('link', { name: /^xen-hh-/ })
    const before = await host.textContent()
    await page.locator('main header').getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Migrate…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Migrate ldap' })
    await dialog.getByRole('radio', { disabled: false }).first().check({ force: true })
    await dialog.getByRole('button', { name: 'Migrate' }).click()
    await expect(host).not.toHaveText(before ?? '')
    await expectPicture(page)
    await expectAnswer(page, () => typeInto(page, 'somebody-with-a-long-name'))
  })
})
