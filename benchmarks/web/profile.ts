import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Page } from '@playwright/test'

/** Runs `act` and writes the page's CPU profile of that time to `<path>.cpuprofile`. */
export async function profiled(
  page: Page,
  path: string,
  act: () => Promise<unknown>,
): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Profiler.enable')
  await session.send('Profiler.setSamplingInterval', { interval: 500 })
  await session.send('Profiler.start')
  await act()
  const { profile } = await session.send('Profiler.stop')
  await session.detach()
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.cpuprofile`, JSON.stringify(profile))
}
