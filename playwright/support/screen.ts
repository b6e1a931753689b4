import { expect, type Locator, type Page } from '@playwright/test'

/** The graphical console of the page that is open. */
export function screenOf(page: Page): Locator {
  return page.getByRole('group', { name: /^Screen of / })
}

export function canvasOf(page: Page): Locator {
  return screenOf(page).locator('canvas').first()
}

/** How many colours are on the screen: a blank one has one. */
async function colours(canvas: Locator): Promise<number> {
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const context = element.getContext('2d')
    if (!context || element.width === 0 || element.height === 0) return 0
    const { data } = context.getImageData(0, 0, element.width, element.height)
    return new Set(new Uint32Array(data.buffer)).size
  })
}

/** Waits until the guest has drawn something, and its size is shown. */
export async function expectPicture(page: Page): Promise<void> {
  const bar = page.getByRole('toolbar', { name: 'Console' })
  await expect(bar.getByText('Connected', { exact: true })).toBeVisible()
  await expect(bar.getByText(/^\d{3,4} × \d{3,4}$/)).toBeVisible()
  await expect.poll(() => colours(canvasOf(page)), 'colours on the screen').toBeGreaterThan(1)
}

/** More than a blinking cursor. */
const aFewLetters = 150

/** Keeps what is on the screen, to tell later how many pixels differ. */
async function photograph(canvas: Locator) {
  const before = await canvas.evaluateHandle((element: HTMLCanvasElement) =>
    element.getContext('2d')?.getImageData(0, 0, element.width, element.height),
  )
  return () =>
    canvas.evaluate((element: HTMLCanvasElement, old) => {
      const now = element.getContext('2d')?.getImageData(0, 0, element.width, element.height)
      if (!old || !now || now.width !== old.width || now.height !== old.height) return Infinity
      const [a, b] = [new Uint32Array(old.data.buffer), new Uint32Array(now.data.buffer)]
      return a.reduce((count, pixel, index) => count + (pixel === b[index] ? 0 : 1), 0)
    }, before)
}

/** Waits until the screen has come to rest but for a cursor: a guest that boots draws by itself. */
async function atRest(canvas: Locator): Promise<void> {
  let difference = await photograph(canvas)
  await expect
    .poll(
      async () => {
        const changed = await difference()
        difference = await photograph(canvas)
        return changed
      },
      { message: 'pixels that change by themselves', intervals: [700] },
    )
    .toBeLessThan(aFewLetters)
}

/** Does something and waits until the guest has answered with a picture that is another. */
export async function expectAnswer(page: Page, act: () => Promise<void>): Promise<void> {
  const canvas = canvasOf(page)
  await atRest(canvas)
  const difference = await photograph(canvas)
  await act()
  await expect.poll(difference, 'pixels that the guest has drawn anew').toBeGreaterThan(aFewLetters)
}

/** Types a line into the console, letter by letter, as a person does. */
export async function typeInto(page: Page, text: string): Promise<void> {
  await screenOf(page).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.type(text, { delay: 20 })
}
