/** What allowed_operations lists succeeds, what it lacks is refused: VMs and devices in every state. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NULL_REF } from '../db/database.ts'
import type { Value } from '../db/database.ts'
import { GIB, addDisk, makeVm, settle, testPool, vbdRecord, vifRecord } from './test-pool.ts'
import type { TestPool } from './test-pool.ts'
import { list } from './row.ts'

let t: TestPool

beforeEach(() => {
  t = testPool()
})

afterEach(() => t.pool.close())

type Operations = Readonly<Record<string, (ref: string) => [method: string, ...params: Value[]]>>

/** Listed operations that a message of the simulator runs. */
const VM: Operations = {
  snapshot: (vm) => ['VM.snapshot', vm, 's', []],
  clone: (vm) => ['VM.clone', vm, 'c'],
  copy: (vm) => ['VM.copy', vm, 'c', NULL_REF],
  revert: (vm) => ['VM.revert', vm],
  checkpoint: (vm) => ['VM.checkpoint', vm, 'c'],
  snapshot_with_quiesce: (vm) => ['VM.snapshot_with_quiesce', vm, 'c'],
  provision: (vm) => ['VM.provision', vm],
  start: (vm) => ['VM.start', vm, false, false],
  start_on: (vm) => ['VM.start_on', vm, t.hosts[1] ?? '', false, false],
  pause: (vm) => ['VM.pause', vm],
  unpause: (vm) => ['VM.unpause', vm],
  clean_shutdown: (vm) => ['VM.clean_shutdown', vm],
  clean_reboot: (vm) => ['VM.clean_reboot', vm],
  hard_shutdown: (vm) => ['VM.hard_shutdown', vm],
  hard_reboot: (vm) => ['VM.hard_reboot', vm],
  suspend: (vm) => ['VM.suspend', vm],
  resume: (vm) => ['VM.resume', vm, false, false],
  resume_on: (vm) => ['VM.resume_on', vm, t.hosts[1] ?? '', false, false],
  pool_migrate: (vm) => ['VM.pool_migrate', vm, t.hosts[1] ?? '', {}],
  changing_dynamic_range: (vm) => ['VM.set_memory_dynamic_range', vm, GIB, GIB],
  changing_static_range: (vm) => ['VM.set_memory_static_range', vm, GIB / 2, GIB],
  changing_shadow_memory: (vm) => ['VM.set_HVM_shadow_multiplier', vm, 2],
  changing_VCPUs_live: (vm) => ['VM.set_VCPUs_number_live', vm, 2],
  destroy: (vm) => ['VM.destroy', vm],
}

const SHAPES: Readonly<Record<string, () => Promise<string>>> = {
  halted: () => makeVm(t),
  'running with tools': () => started(),
  'running without tools': () => started({ name: 'box', fields: { reference_label: '' } }),
  paused: async () => after(await started(), 'VM.pause'),
  suspended: async () => after(await started(), 'VM.suspend'),
  template: async () => after(await makeVm(t), 'VM.set_is_a_template', true),
  snapshot: async () => t.run('VM.snapshot', await makeVm(t), 's', []),
  checkpoint: async () => t.run('VM.checkpoint', await started(), 's'),
}

async function started(options = {}): Promise<string> {
  const vm = await makeVm(t, options)
  await t.run('VM.start_on', vm, t.hosts[0] ?? '', false, false)
  await settle()
  return vm
}

async function after(vm: string, method: string, ...params: Value[]): Promise<string> {
  await t.run(method, vm, ...params)
  return vm
}

/**
 * Runs the operation and compares with what the object's allowed_operations said before.
 * @returns `agrees`, or what happened instead
 */
async function verdict(cls: string, ref: string, operation: string, call: [string, ...Value[]]) {
  const listed = list(t.pool.db.must(cls, ref), 'allowed_operations').includes(operation)
  const [method, ...params] = call
  const outcome = await t.run(method, ...params).then(
    () => 'done',
    (error: Error) => error.message,
  )
  if (listed === (outcome === 'done')) return 'agrees'
  return listed ? `listed, but ${outcome}` : 'not listed, but done'
}

describe.each(Object.keys(SHAPES))('VM: %s', (shape) => {
  test.each(Object.keys(VM))('%s', async (operation) => {
    const vm = (await SHAPES[shape]?.()) ?? ''
    expect(await verdict('VM', vm, operation, VM[operation]?.(vm) ?? [''])).toBe('agrees')
  })
})

const VBD: Operations = {
  plug: (vbd) => ['VBD.plug', vbd],
  unplug: (vbd) => ['VBD.unplug', vbd],
  unplug_force: (vbd) => ['VBD.unplug_force', vbd],
  eject: (vbd) => ['VBD.eject', vbd],
}

const VIF: Operations = {
  plug: (vif) => ['VIF.plug', vif],
  unplug: (vif) => ['VIF.unplug', vif],
}

const VDI: Operations = {
  clone: (vdi) => ['VDI.clone', vdi, {}],
  copy: (vdi) => ['VDI.copy', vdi, t.shared, NULL_REF, NULL_REF],
  resize: (vdi) => ['VDI.resize', vdi, 20 * GIB],
  resize_online: (vdi) => ['VDI.resize_online', vdi, 20 * GIB],
  snapshot: (vdi) => ['VDI.snapshot', vdi, {}],
  destroy: (vdi) => ['VDI.destroy', vdi],
  forget: (vdi) => ['VDI.forget', vdi],
  update: (vdi) => ['VDI.update', vdi],
}

const DRIVE = { type: 'CD', mode: 'RO', userdevice: '3' }

describe.each(['halted', 'running with tools', 'running without tools', 'paused', 'suspended'])(
  'devices of a VM that is %s',
  (shape) => {
    const setUp = async () => {
      const vm = (await SHAPES[shape]?.()) ?? ''
      const row = t.pool.db.must('VM', vm)
      const [vbd = ''] = list(row, 'VBDs')
      const [vif = ''] = list(row, 'VIFs')
      return { vm, vbd, vif, vdi: String(t.field('VBD', vbd, 'VDI')) }
    }

    test.each(Object.keys(VBD))('%s of its disk', async (operation) => {
      const { vbd } = await setUp()
      expect(await verdict('VBD', vbd, operation, VBD[operation]?.(vbd) ?? [''])).toBe('agrees')
    })

    test.each(Object.keys(VBD))('%s of a new disk', async (operation) => {
      const { vm } = await setUp()
      const vbd = await t.run('VBD.create', vbdRecord(vm, await addDisk(t, t.shared, GIB)))
      expect(await verdict('VBD', vbd, operation, VBD[operation]?.(vbd) ?? [''])).toBe('agrees')
    })

    test.each(Object.keys(VBD))('%s of a disc', async (operation) => {
      const { vm } = await setUp()
      const disc = await addDisk(t, t.iso, GIB)
      const vbd = await t.run('VBD.create', vbdRecord(vm, disc, DRIVE))
      expect(await verdict('VBD', vbd, operation, VBD[operation]?.(vbd) ?? [''])).toBe('agrees')
    })

    test('insert into an empty drive', async () => {
      const { vm } = await setUp()
      const disc = await addDisk(t, t.iso, GIB)
      const vbd = await t.run('VBD.create', vbdRecord(vm, NULL_REF, { ...DRIVE, empty: true }))
      expect(await verdict('VBD', vbd, 'insert', ['VBD.insert', vbd, disc])).toBe('agrees')
    })

    test.each(Object.keys(VIF))('%s of its interface', async (operation) => {
      const { vif } = await setUp()
      expect(await verdict('VIF', vif, operation, VIF[operation]?.(vif) ?? [''])).toBe('agrees')
    })

    test.each(Object.keys(VIF))('%s of a new interface', async (operation) => {
      const { vm } = await setUp()
      const vif = await t.run('VIF.create', vifRecord(vm, t.lan, '5'))
      expect(await verdict('VIF', vif, operation, VIF[operation]?.(vif) ?? [''])).toBe('agrees')
    })

    test.each(Object.keys(VDI))('%s of the disk itself', async (operation) => {
      const { vdi } = await setUp()
      expect(await verdict('VDI', vdi, operation, VDI[operation]?.(vdi) ?? [''])).toBe('agrees')
    })
  },
)

describe.each(['nfs', 'lvm', 'iso'])('VDI on %s', (type) => {
  test.each(Object.keys(VDI))('%s', async (operation) => {
    const sr = { nfs: t.shared, lvm: t.local[0] ?? '', iso: t.iso }[type] ?? ''
    const vdi = await addDisk(t, sr, GIB)
    expect(await verdict('VDI', vdi, operation, VDI[operation]?.(vdi) ?? [''])).toBe('agrees')
  })
})
