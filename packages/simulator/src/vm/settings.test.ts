import { afterEach, beforeEach, expect, test } from 'vitest'
import { GIB, makeVm, settle, testPool } from './test-pool.ts'
import type { TestPool } from './test-pool.ts'

let t: TestPool

beforeEach(() => {
  t = testPool()
})

afterEach(() => t.pool.close())

const ORDER = { description: ['MEMORY_CONSTRAINT_VIOLATION_ORDER'] }

test('memory limits keep their order (recording 172)', async () => {
  const vm = await makeVm(t)
  await expect(t.run('VM.set_memory_limits', vm, 4 * GIB, GIB, GIB, 2 * GIB)).rejects.toMatchObject(
    ORDER,
  )
  await t.run('VM.set_memory_limits', vm, GIB, 4 * GIB, 2 * GIB, 3 * GIB)
  expect(t.pool.db.must('VM', vm)).toMatchObject({
    memory_static_min: GIB,
    memory_static_max: 4 * GIB,
    memory_dynamic_min: 2 * GIB,
    memory_dynamic_max: 3 * GIB,
    memory_target: 2 * GIB,
  })
  await expect(t.run('VM.set_memory_dynamic_max', vm, 5 * GIB)).rejects.toMatchObject(ORDER)
  await t.run('VM.set_memory', vm, 2 * GIB)
  expect(t.field('VM', vm, 'memory_static_max')).toBe(2 * GIB)
})

test('a running VM balloons and its host sees it', async () => {
  const vm = await makeVm(t)
  await t.run('VM.set_memory_limits', vm, GIB / 2, 4 * GIB, GIB, 4 * GIB)
  await t.run('VM.start', vm, false, false)
  const metrics = String(t.field('VM', vm, 'metrics'))
  const host = String(t.field('VM', vm, 'resident_on'))
  const free = () =>
    Number(t.field('host_metrics', String(t.field('host', host, 'metrics')), 'memory_free'))
  const before = free()
  expect(t.field('VM_metrics', metrics, 'memory_actual')).toBe(4 * GIB)
  await t.run('VM.set_memory_dynamic_range', vm, GIB, 2 * GIB)
  expect(t.field('VM_metrics', metrics, 'memory_actual')).toBe(2 * GIB)
  expect(free() - before).toBe(2 * GIB)
  await expect(t.run('VM.set_memory_static_max', vm, 8 * GIB)).rejects.toMatchObject({
    description: ['VM_BAD_POWER_STATE', vm, 'halted', 'running'],
  })
})

test('VCPUs (recording 173)', async () => {
  const vm = await makeVm(t)
  await expect(t.run('VM.set_VCPUs_at_startup', vm, 99)).rejects.toMatchObject({
    description: [
      'INVALID_VALUE',
      'VCPU values must satisfy: 0 < VCPUs_at_startup ≤ VCPUs_max',
      '99',
    ],
  })
  await t.run('VM.set_VCPUs_max', vm, 4)
  await t.run('VM.start', vm, false, false)
  await settle()
  await t.run('VM.set_VCPUs_number_live', vm, 3)
  expect(t.field('VM_metrics', String(t.field('VM', vm, 'metrics')), 'VCPUs_number')).toBe(3)
})

test('blocking an operation shows and holds', async () => {
  const vm = await makeVm(t)
  await t.run('VM.add_to_blocked_operations', vm, 'start', 'no')
  expect(t.field('VM', vm, 'allowed_operations')).not.toContain('start')
  await expect(t.run('VM.start', vm, false, false)).rejects.toMatchObject({
    description: ['OPERATION_BLOCKED', vm, 'no'],
  })
  await expect(t.run('VM.add_to_blocked_operations', vm, 'start', 'no')).rejects.toMatchObject({
    description: ['MAP_DUPLICATE_KEY', 'VM', 'blocked_operations', vm, 'start'],
  })
  await t.run('VM.remove_from_blocked_operations', vm, 'start')
  expect(t.field('VM', vm, 'allowed_operations')).toContain('start')
})

test('BIOS strings are copied once', async () => {
  const vm = await makeVm(t)
  const [host = ''] = t.hosts
  t.pool.db.write('host', host, { bios_strings: { 'bios-vendor': 'Dell' } })
  await t.run('VM.copy_bios_strings', vm, host)
  expect(t.field('VM', vm, 'bios_strings')).toEqual({ 'bios-vendor': 'Dell' })
  await expect(t.run('VM.copy_bios_strings', vm, host)).rejects.toMatchObject({
    description: ['VM_BIOS_STRINGS_ALREADY_SET'],
  })
})

test('what is no setting of a running VM', async () => {
  const vm = await makeVm(t)
  await t.run('VM.set_HVM_boot_policy', vm, '')
  expect(t.field('VM', vm, 'domain_type')).toBe('pv')
  await t.run('VM.start', vm, false, false)
  await expect(t.run('VM.set_HVM_boot_policy', vm, 'BIOS order')).rejects.toMatchObject({
    description: ['VM_BAD_POWER_STATE', vm, 'halted', 'running'],
  })
  await expect(t.run('VM.set_ha_restart_priority', vm, 'soon')).rejects.toMatchObject({
    description: ['INVALID_VALUE', 'ha_restart_priority', 'soon'],
  })
})

test.each(['order', 'start_delay', 'shutdown_delay'])(
  '%s is not negative (recording 380)',
  async (field) => {
    const vm = await makeVm(t)
    await expect(t.run(`VM.set_${field}`, vm, -1)).rejects.toMatchObject({
      description: ['INVALID_VALUE', `${field} must be non-negative`, '-1'],
    })
    await t.run(`VM.set_${field}`, vm, 3)
    expect(t.field('VM', vm, field)).toBe(3)
  },
)
