import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, test } from '../support/product.ts'

/** English texts whose Chinese is another: where one of them stands on a page, something was not translated. */
function translatedTexts(): Set<string> {
  const catalog = readFileSync(
    new URL('../../apps/web/src/locales/zh-Hans.po', import.meta.url),
    'utf8',
  )
  const pairs = catalog.matchAll(/^msgid "(.*)"\nmsgstr "(.*)"$/gm)
  const texts = new Set<string>()
  for (const [, english = '', chinese = ''] of pairs) {
    // Those with parts to fill in never stand on a page as they are.
    if (english !== chinese && !/[{<]/.test(english)) texts.add(english.replaceAll('\\"', '"'))
  }
  return texts
}

/** Everything that is read or read out. */
function textsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const texts: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) texts.push(walker.currentNode.textContent?.trim() ?? '')
    for (const element of document.querySelectorAll('[aria-label],[title],[placeholder]')) {
      for (const name of ['aria-label', 'title', 'placeholder']) {
        texts.push(element.getAttribute(name)?.trim() ?? '')
      }
    }
    return texts.filter((text) => text !== '')
  })
}

const english = translatedTexts()
/** Lingui shows six characters of a hash for a text that a catalog lacks. */
const hash = /^(?=.*[a-z])(?=.*[A-Z0-9+/])[A-Za-z0-9+/]{6}$/

async function expectChinese(page: Page, names: string): Promise<void> {
  // Names that people gave are whatever they are.
  const texts = (await textsOf(page)).filter((text) => !names.includes(JSON.stringify(text)))
  expect(texts.filter((text) => english.has(text) || hash.test(text))).toEqual([])
  expect(texts.some((text) => /\p{Script=Han}/u.test(text))).toBe(true)
}

test('every main page is in Chinese once it is chosen, and stays so', async ({ page }) => {
  expect(english.size).toBeGreaterThan(200)
  await page.goto('/vms')
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('menuitem', { name: '简体中文' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('虚拟机')
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans')
  const names = await (await page.request.get('/api/v1/inventory')).text()

  for (const path of [
    '/vms',
    '/hosts',
    '/storages',
    '/networks',
    '/templates',
    '/tasks',
    '/pools',
    '/account',
  ]) {
    await test.step(path, async () => {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
      await expectChinese(page, names)
    })
  }
  for (const list of ['/hosts', '/storages', '/networks', '/pools']) {
    await test.step(`first of ${list}`, async () => {
      await page.goto(list)
      await page.getByRole('grid').getByRole('link').first().click()
      await expect(page).toHaveURL(/[0-9a-f-]{36}/)
      await expectChinese(page, names)
    })
  }
  await page.goto('/vms?q=staging-web')
  await page.getByRole('grid').getByRole('link', { name: 'staging-web' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('staging-web')
  await expectChinese(page, names)
  await page.getByRole('link', { name: '快照' }).click()
  await expectChinese(page, names)
  await page.getByRole('link', { name: '控制台' }).click()
  await expect(page.locator('canvas')).toBeVisible()
  await expectChinese(page, names)
  const buttons = page.locator('main header').first().getByRole('button')
  await buttons.last().click()
  await expect(page.getByRole('menu')).toBeVisible()
  await expectChinese(page, names)
})

test.describe('a browser that asks for Chinese', () => {
  test.use({ locale: 'zh-CN', storageState: { cookies: [], origins: [] } })

  test('gets it from the sign-in on', async ({ page }) => {
    await page.goto('/')
    await expect(page.getByRole('button', { name: '登录' })).toBeVisible()
    await expectChinese(page, '')
    await page.getByRole('button', { name: '登录' }).click()
    await expect(page.getByRole('alert')).toHaveText(/\p{Script=Han}/u)
  })
})
