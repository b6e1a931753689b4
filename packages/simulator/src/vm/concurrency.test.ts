import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Row } from '../db/database.ts'
import { makeVm, settle, testPool } from './test-pool.ts'
import type { TestPool } from './test-pool.ts'
import { list, map } from './row.ts'

let t: TestPool

beforeEach(() => {
  // Slow enough to look in between, fast enough for a test.
  t = testPool({ timeScale: 0.05 })
})

afterEach(() => t.pool.close())

const operations = (vm: string) =>
  Object.values(map(t.pool.db.must('VM', vm), 'current_operations'))
const status = (task: string) => t.field('task', task, 'status')

test('an operation and its devices show who holds them, until it ends', async () => {
  const vm = await makeVm(t)
  const task = t.start('VM.start', vm, false, false)
  await settle()
  expect(operations(vm)).toEqual(['start'])
  const [vbd = ''] = list(t.pool.db.must('VM', vm), 'VBDs')
  expect(t.field('VBD', vbd, 'current_operations')).toEqual({ [task]: 'attach' })
  expect(t.field('VM', vm, 'allowed_operations')).not.toContain('start')
  expect(t.field('VBD', vbd, 'allowed_operations')).not.toContain('attach')
  await expect.poll(() => status(task)).toBe('success')
  expect(operations(vm)).toEqual([])
  expect(t.field('VBD', vbd, 'current_operations')).toEqual({})
})

test('a second operation waits for the first, inside the server', async () => {
  const vm = await makeVm(t)
  const start = t.start('VM.start', vm, false, false)
  await settle()
  expect(operations(vm)).toEqual(['start'])
  // Halted, so the state fits; the snapshot meets the start and waits.
  const snapshot = t.start('VM.snapshot', vm, 'meanwhile', [])
  await settle()
  expect(status(snapshot)).toBe('pending')
  await expect.poll(() => status(snapshot)).toBe('success')
  expect(status(start)).toBe('success')
  expect(list(t.pool.db.must('VM', vm), 'snapshots')).toHaveLength(1)
})

test('a wait ends when its task is cancelled', async () => {
  const vm = await makeVm(t)
  t.start('VM.start', vm, false, false)
  await settle()
  expect(operations(vm)).toEqual(['start'])
  const waiting = t.start('VM.snapshot', vm, 'never', [])
  await settle()
  expect(t.field('task', waiting, 'allowed_operations')).toEqual(['cancel'])
  t.pool.tasks.cancel(waiting, 'OpaqueRef:someone')
  await expect.poll(() => status(waiting)).toBe('cancelled')
  expect(t.field('task', waiting, 'error_info')).toEqual(['TASK_CANCELLED', waiting])
})

test('a cancelled start leaves the VM as it was', async () => {
  const vm = await makeVm(t)
  const before = { ...t.pool.db.must('VM', vm) }
  const task = t.start('VM.start', vm, false, false)
  await settle()
  expect(t.hosts).toContain(t.field('VM', vm, 'scheduled_to_be_resident_on'))
  t.pool.tasks.cancel(task, 'OpaqueRef:someone')
  await expect.poll(() => status(task)).toBe('cancelled')
  const after = t.pool.db.must('VM', vm)
  const fields = [
    'power_state',
    'domid',
    'resident_on',
    'scheduled_to_be_resident_on',
    'consoles',
    'current_operations',
    'allowed_operations',
  ]
  const pick = (row: Row) => fields.map((field) => [field, row[field]])
  expect(pick(after)).toEqual(pick(before))
})

test('a cancelled migration stays, a cancelled suspend leaves no image', async () => {
  const vm = await makeVm(t)
  await t.run('VM.start_on', vm, t.hosts[0] ?? '', false, false)
  await expect.poll(() => t.field('VM', vm, 'allowed_operations')).toContain('suspend')
  const disks = t.pool.db.count('VDI')
  for (const [method, ...params] of [
    ['VM.pool_migrate', t.hosts[1] ?? '', {}],
    ['VM.suspend'],
  ] as const) {
    const task = t.start(method, vm, ...params)
    await settle()
    t.pool.tasks.cancel(task, 'OpaqueRef:someone')
    await expect.poll(() => status(task)).toBe('cancelled')
    expect(t.field('VM', vm, 'power_state')).toBe('Running')
    expect(t.field('VM', vm, 'resident_on')).toBe(t.hosts[0])
    expect(t.pool.db.count('VDI')).toBe(disks)
  }
})

test('hard shutdown cancels what is in its way', async () => {
  const vm = await makeVm(t)
  await t.run('VM.start', vm, false, false)
  await expect.poll(() => t.field('VM', vm, 'allowed_operations')).toContain('suspend')
  const suspend = t.start('VM.suspend', vm)
  await settle()
  expect(operations(vm)).toEqual(['suspend'])
  await t.run('VM.hard_shutdown', vm)
  expect(t.field('VM', vm, 'power_state')).toBe('Halted')
  expect(status(suspend)).toBe('cancelled')
  expect(operations(vm)).toEqual([])
})

test('progress moves while a VM migrates, and it changes host near the end', async () => {
  const vm = await makeVm(t)
  await t.run('VM.start_on', vm, t.hosts[0] ?? '', false, false)
  await expect.poll(() => t.field('VM', vm, 'allowed_operations')).toContain('pool_migrate')
  const seen: number[] = []
  const early = new Set<unknown>()
  let task = ''
  const stop = t.pool.db.listen((cls) => {
    if (cls !== 'task' || task === '') return
    const progress = Number(t.pool.db.get('task', task)?.['progress'])
    seen.push(progress)
    if (progress < 0.9) early.add(t.field('VM', vm, 'resident_on'))
  })
  task = t.start('VM.pool_migrate', vm, t.hosts[1] ?? '', {})
  await expect.poll(() => status(task)).toBe('success')
  stop()
  expect(new Set(seen).size).toBeGreaterThan(5)
  expect([...early]).toEqual([t.hosts[0]])
  expect(t.field('VM', vm, 'resident_on')).toBe(t.hosts[1])
})
