import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeVm, testPool } from './test-pool.ts'
import type { TestPool } from './test-pool.ts'

let t: TestPool

beforeEach(() => {
  t = testPool()
})

afterEach(() => t.pool.close())

test('a halted VM has at most one, where the licence allows any', async () => {
  const vm = await makeVm(t)
  await expect(t.run('VTPM.create', vm, false)).rejects.toMatchObject({
    description: ['FEATURE_RESTRICTED', 'restrict_vtpm'],
  })
  t.pool.db.write('pool', t.pool.ref, { restrictions: { restrict_vtpm: 'false' } })
  const vtpm = await t.run('VTPM.create', vm, true)
  expect(t.field('VM', vm, 'VTPMs')).toEqual([vtpm])
  expect(t.field('VM', vm, 'allowed_operations')).not.toContain('create_vtpm')
  await expect(t.run('VTPM.create', vm, false)).rejects.toMatchObject({
    description: ['VTPM_MAX_AMOUNT_REACHED', '1'],
  })
  await t.run('VM.start', vm, false, false)
  await expect(t.run('VTPM.destroy', vtpm)).rejects.toMatchObject({
    description: ['VM_BAD_POWER_STATE', vm, 'halted', 'running'],
  })
  await t.run('VM.hard_shutdown', vm)
  await t.run('VTPM.destroy', vtpm)
  expect(t.field('VM', vm, 'VTPMs')).toEqual([])
})

test('maximise_memory fits memory and overhead into the total', async () => {
  const vm = await makeVm(t)
  const total = 4 * 2 ** 30
  const most = Number(await t.ask('VM.maximise_memory', vm, total, true))
  expect(most).toBeGreaterThan(total * 0.9)
  await t.run('VM.set_memory_static_max', vm, most)
  expect(most + Number(await t.ask('VM.compute_memory_overhead', vm))).toBeLessThanOrEqual(total)
  expect(most + 2 ** 20 + Number(await t.ask('VM.compute_memory_overhead', vm))).toBeGreaterThan(
    total - 2 ** 20,
  )
})
