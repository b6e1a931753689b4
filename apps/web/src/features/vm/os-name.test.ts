import { expect, test } from 'vitest'
import { shortOsName } from './os-name.ts'

test.each([
  ['Debian GNU/Linux 12 (bookworm)', 'Debian 12'],
  ['Ubuntu 24.04.3 LTS', 'Ubuntu 24.04'],
  ['Rocky Linux 9.6 (Blue Onyx)', 'Rocky Linux 9.6'],
  ['Microsoft Windows Server 2022 Standard', 'Windows 2022'],
  ['Microsoft Windows 10 Enterprise|C:\\Windows|\\Device\\Harddisk0', 'Windows 10'],
  ['(unknown)', '(unknown)'],
])('%s is %s', (name, short) => {
  expect(shortOsName(name)).toBe(short)
})
