import { expect, test } from 'vitest'
import { makeVm, testPool } from './test-pool.ts'
import { profileByName } from './guest-profiles.ts'

test.each([
  ['Windows Server 2019 (64-bit)', 'Microsoft Windows Server 2019 Standard'],
  ['Windows Server 2008 R2 (64-bit)', 'Microsoft Windows Server 2008 R2 Standard'],
  ['Windows XP SP3 (32-bit) (2)', 'Microsoft Windows XP Professional'],
  ['Windows 2000 SP4 (32-bit) (1)', 'Microsoft Windows 2000 Professional'],
  ['Windows Vista JA', 'Microsoft Windows Vista Business'],
  ['windows-11', 'Microsoft Windows 11 Pro'],
  ['Windows 8.1', 'Microsoft Windows 8.1 Pro'],
  ['my windows box', 'Microsoft Windows Server 2022 Standard'],
  ['debian-12', 'Debian GNU/Linux 12'],
  ['Ubuntu Jammy Jellyfish 22.04', 'Ubuntu 22.04 LTS'],
  ['CentOS 5 (32-bit) (2)', 'CentOS Linux 5'],
])('a new guest called %s reports %s', async (label, system) => {
  const t = testPool()
  const vm = await makeVm(t)
  t.pool.db.write('VM', vm, { name_label: label, reference_label: '', other_config: {} })
  const profile = profileByName(t.pool.db, t.pool.db.must('VM', vm))
  await t.pool.close()
  expect(profile?.os_version['name']?.split('|')[0]).toBe(system)
})
