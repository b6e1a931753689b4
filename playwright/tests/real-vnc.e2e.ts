import { Dump } from '../support/dump.ts'
import { openVm } from '../support/pages.ts'
import { expect, test as base } from '../support/product.ts'
import { canvasOf, expectAnswer, expectPicture, typeInto } from '../support/screen.ts'
import { hasVncServer, VncServer } from '../support/vnc-server.ts'

const database = 'fixtures/dumps/two-hosts-appliances.xml'
const vm = new Dump(new URL(`../../${database}`, import.meta.url))
  .vms()
  .find((row) => row.power_state === 'Running')
const geometry = { width: 1000, height: 700 }

const test = base.extend<{ vnc: VncServer }>({
  // Playwright wants the pattern even where a fixture needs no other.
  // oxlint-disable-next-line no-empty-pattern
  vnc: async ({}, use) => {
    const vnc = await VncServer.start(geometry)
    await use(vnc)
    await vnc.close()
  },
  ownPool: async ({ vnc }, use) =>
    use(['--database', database, '--console', `${vm?.uuid}=vnc://127.0.0.1:${vnc.port}`]),
})

/** X11 keycodes of a US keyboard, as TigerVNC has it. */
const keycodes = { Escape: 9, i: 31, Enter: 36, Control: 37, h: 43 }

test.skip(!hasVncServer, 'Xtigervnc is not here: apt-get install tigervnc-standalone-server')

test('a real VNC server is shown as it is, and hears what is typed', async ({ page, vnc }) => {
  await openVm(page, vm?.name__label ?? '', 'Console')
  await expectPicture(page)
  const bar = page.getByRole('toolbar', { name: 'Console' })
  await expect(bar.getByText('1000 × 700', { exact: true })).toBeVisible()
  const pixel = (x: number, y: number) =>
    canvasOf(page).evaluate(
      (canvas: HTMLCanvasElement, [left, top]) => [
        ...(canvas.getContext('2d')?.getImageData(left ?? 0, top ?? 0, 1, 1).data ?? []),
      ],
      [x, y],
    )
  await expect.poll(() => pixel(100, 600)).toEqual([0x30, 0x60, 0xc0, 0xff])
  await expect.poll(() => pixel(900, 600)).toEqual([0x20, 0x30, 0x40, 0xff])

  await expectAnswer(page, async () => {
    await typeInto(page, 'hi')
    await page.keyboard.press('Enter')
  })
  await expect.poll(() => vnc.keys).toEqual([keycodes.h, keycodes.i, keycodes.Enter])
  await expect.poll(() => pixel(520, 25)).toEqual([0xe0, 0xa0, 0x30, 0xff])

  // Keys that no browser hands over, from the menu: they arrive held together.
  await bar.getByRole('button', { name: 'Keys' }).click()
  await page.getByRole('menuitem', { name: 'Ctrl + Esc' }).click()
  await expect.poll(() => vnc.keys.slice(3)).toEqual([keycodes.Control, keycodes.Escape])
})
