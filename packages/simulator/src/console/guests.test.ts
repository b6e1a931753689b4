import { expect, test } from 'vitest'
import { createPool } from '../create.ts'
import { populateGenerated } from '../pools/index.ts'
import { Guests } from './guests.ts'
import { TextScreen } from './screen/text-screen.ts'

test('a picture that was given up is drawn again as it was, and only a few are kept', () => {
  const pool = createPool({ seed: 1, timeScale: 0 })
  populateGenerated(pool, { hosts: 2, vms: 60, seed: 1 })
  const guests = new Guests(pool, () => undefined)
  const linux = [...pool.db.all('VM')]
    .filter(([, vm]) => vm['power_state'] === 'Running' && vm['is_control_domain'] !== true)
    .map(([ref]) => ref)
    .filter((ref) => guests.guest(ref).machine.facts().system.family === 'linux')
  const [first = '', ...others] = linux
  expect(others.length).toBeGreaterThan(20)
  const before = guests.screen(first)
  if (!(before instanceof TextScreen)) throw new Error('not a text screen')
  for (const key of 'root\rsecret\recho kept\r')
    before.key(key === '\r' ? 0xff0d : (key.codePointAt(0) ?? 0), true)
  expect(before.text()).toMatch(/kept\n.*# ?$/)
  for (const other of others) guests.screen(other)
  const after = guests.screen(first)
  if (!(after instanceof TextScreen)) throw new Error('not a text screen')
  expect(after).not.toBe(before)
  expect(after.text()).toBe(before.text())
  // A reboot is another guest; its disk is the same.
  guests.guest(first).files.write('/root/note', 'still here')
  const vm = pool.db.must('VM', first)
  pool.db.write('VM_metrics', String(vm['metrics']), { start_time: '20200101T00:00:00Z' })
  guests.sweep()
  const rebooted = guests.screen(first)
  if (!(rebooted instanceof TextScreen)) throw new Error('not a text screen')
  expect(rebooted.text()).toMatch(/login:$/)
  expect(guests.guest(first).files.read('/root/note')).toBe('still here')
  guests.stop()
})
