import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NULL_REF } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import { GIB, addDisk, makeVm, settle, testPool, vbdRecord, vifRecord } from './test-pool.ts'
import type { TestPool } from './test-pool.ts'
import { list, map, text } from './row.ts'
import { fromSnapshotMetadata, snapshotMetadata } from './snapshot-metadata.ts'

let t: TestPool

beforeEach(() => {
  t = testPool()
})

afterEach(() => t.pool.close())

const row = (vm: string) => t.pool.db.must('VM', vm)
const disks = (vm: string) => list(row(vm), 'VBDs').map((vbd) => String(t.field('VBD', vbd, 'VDI')))
const macs = (vm: string) => list(row(vm), 'VIFs').map((vif) => t.field('VIF', vif, 'MAC'))

describe('clone and copy', () => {
  test('a clone has its own identity, disks and addresses', async () => {
    const vm = await makeVm(t)
    const clone = await t.run('VM.clone', vm, 'twin')
    expect(row(clone)).toMatchObject({
      name_label: 'twin',
      power_state: 'Halted',
      is_a_template: false,
      is_a_snapshot: false,
      current_operations: {},
      parent: NULL_REF,
    })
    expect(map(row(clone), 'other_config')['mac_seed']).not.toBe(
      map(row(vm), 'other_config')['mac_seed'],
    )
    expect(macs(clone)).toHaveLength(1)
    expect(macs(clone)).not.toEqual(macs(vm))
    expect(disks(clone)[0]).not.toBe(disks(vm)[0])
    const [vbd = ''] = list(row(clone), 'VBDs')
    expect(t.field('VBD', vbd, 'other_config')).toEqual({ owner: '' })
    expect(list(row(clone), 'allowed_operations')).toContain('start')
    expect(t.pool.messages.all()[0]?.[1].name).toBe('VM_CLONED')
  })

  test('a clone of a default template remembers it and is none', async () => {
    const template = await makeVm(t, { name: 'Debian 12', disk: false })
    t.pool.db.write('VM', template, {
      is_a_template: true,
      is_default_template: true,
      other_config: { mac_seed: 'x', default_template: 'true' },
    })
    const clone = await t.run('VM.clone', template, 'new')
    expect(row(clone)).toMatchObject({ is_a_template: true, is_default_template: false })
    const otherConfig = map(row(clone), 'other_config')
    expect(otherConfig).toMatchObject({ base_template_name: 'Debian 12' })
    expect(otherConfig).not.toHaveProperty('default_template')
  })

  test('a copy may go to another SR', async () => {
    const vm = await makeVm(t)
    const copy = await t.run('VM.copy', vm, 'far', t.local[0] ?? '')
    expect(disks(copy).map((vdi) => t.field('VDI', vdi, 'SR'))).toEqual([t.local[0]])
  })

  test('nothing is left of a clone that fails half-way', async () => {
    const vm = await makeVm(t)
    const second = await addDisk(t, t.local[0] ?? '', GIB)
    await t.run('VBD.create', vbdRecord(vm, second))
    t.pool.db.write('SR', t.local[0] ?? '', { physical_utilisation: 100 * GIB })
    const counts = () =>
      ['VM', 'VDI', 'VBD', 'VIF', 'VM_metrics'].map((cls) => t.pool.db.count(cls))
    const before = counts()
    const used = t.field('SR', t.shared, 'virtual_allocation')
    await expect(t.run('VM.clone', vm, 'no')).rejects.toMatchObject({
      code: 'SR_BACKEND_FAILURE_44',
    })
    expect(counts()).toEqual(before)
    expect(t.field('SR', t.shared, 'virtual_allocation')).toBe(used)
    expect(row(vm)['current_operations']).toEqual({})
  })
})

describe('snapshots', () => {
  test('are templates of their VM with disks of the moment', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    const snapshot = await t.run('VM.snapshot', vm, 'before update', [])
    expect(row(snapshot)).toMatchObject({
      name_label: 'before update',
      is_a_template: true,
      is_a_snapshot: true,
      snapshot_of: vm,
      power_state: 'Halted',
      resident_on: NULL_REF,
      domid: -1,
      snapshot_info: {
        'power-state-at-snapshot': 'Running',
        'disk-snapshot-type': 'crash_consistent',
      },
      transportable_snapshot_id: '',
    })
    expect(row(vm)).toMatchObject({
      power_state: 'Running',
      snapshots: [snapshot],
      parent: snapshot,
    })
    const [vdi = ''] = disks(snapshot)
    expect(t.pool.db.must('VDI', vdi)).toMatchObject({
      is_a_snapshot: true,
      snapshot_of: disks(vm)[0],
    })
    expect(macs(snapshot)).toEqual(macs(vm))
    const [vbd = ''] = list(row(snapshot), 'VBDs')
    expect(t.field('VBD', vbd, 'currently_attached')).toBe(false)
  })

  test('form a tree that revert branches and destroy closes', async () => {
    const vm = await makeVm(t)
    const one = await t.run('VM.snapshot', vm, 'one', [])
    const two = await t.run('VM.snapshot', vm, 'two', [])
    expect([row(one)['parent'], row(two)['parent'], row(vm)['parent']]).toEqual([
      NULL_REF,
      one,
      two,
    ])
    await t.run('VM.revert', one)
    expect(row(vm)['parent']).toBe(one)
    const three = await t.run('VM.snapshot', vm, 'three', [])
    expect(row(three)['parent']).toBe(one)
    expect(list(row(one), 'children').toSorted()).toEqual([two, three].toSorted())
    await t.run('VM.destroy', one)
    expect([row(two)['parent'], row(three)['parent']]).toEqual([NULL_REF, NULL_REF])
  })

  test('may leave disks out', async () => {
    const vm = await makeVm(t)
    const extra = await addDisk(t, t.shared, GIB)
    await t.run('VBD.create', vbdRecord(vm, extra))
    const snapshot = await t.run('VM.snapshot', vm, 'small', [extra])
    expect(list(row(snapshot), 'VBDs')).toHaveLength(1)
  })

  test('quiesced ones are refused', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    await expect(t.run('VM.snapshot_with_quiesce', vm, 'no')).rejects.toMatchObject({
      description: ['VM_SNAPSHOT_WITH_QUIESCE_NOT_SUPPORTED', vm],
    })
  })
})

describe('checkpoint', () => {
  test('holds the memory, and the VM goes on where it was', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    await settle()
    const before = row(vm)['resident_on']
    const checkpoint = await t.run('VM.checkpoint', vm, 'live')
    expect(row(checkpoint)).toMatchObject({ power_state: 'Suspended', is_a_snapshot: true })
    expect(map(row(checkpoint), 'snapshot_info')['power-state-at-snapshot']).toBe('Running')
    expect(t.pool.db.get('VDI', text(row(checkpoint), 'suspend_VDI'))).toBeDefined()
    expect(row(vm)).toMatchObject({
      power_state: 'Running',
      resident_on: before,
      suspend_VDI: NULL_REF,
    })
    await t.run('VM.revert', checkpoint)
    expect(row(vm)['power_state']).toBe('Suspended')
    await t.run('VM.resume', vm, false, false)
    expect(row(vm)['power_state']).toBe('Running')
    expect(t.pool.db.get('VDI', text(row(checkpoint), 'suspend_VDI'))).toBeDefined()
  })
})

describe('revert', () => {
  test('brings back settings, disks and interfaces', async () => {
    const vm = await makeVm(t)
    const before = { ...row(vm) }
    const mac = macs(vm)
    const snapshot = await t.run('VM.snapshot', vm, 'good', [])
    const [original = ''] = disks(vm)
    await t.run('VM.set_VCPUs_at_startup', vm, 2)
    await t.run('VM.set_memory_limits', vm, GIB, 4 * GIB, 2 * GIB, 3 * GIB)
    await t.run('VM.set_name_label', vm, 'changed')
    await t.run('VDI.resize', original, 20 * GIB)
    await t.run('VBD.create', vbdRecord(vm, await addDisk(t, t.shared, GIB)))
    await t.run('VIF.create', vifRecord(vm, t.internal, '3'))
    const left = disks(vm)[1] ?? ''
    await t.run('VM.start', vm, false, false)

    await t.run('VM.revert', snapshot)
    expect(row(vm)).toMatchObject({
      power_state: 'Halted',
      name_label: before['name_label'],
      uuid: before['uuid'],
      VCPUs_at_startup: before['VCPUs_at_startup'],
      memory_static_max: before['memory_static_max'],
      memory_dynamic_min: before['memory_dynamic_min'],
      is_a_template: false,
      is_a_snapshot: false,
      current_operations: {},
    })
    expect(disks(vm)).toHaveLength(1)
    const [reverted = ''] = disks(vm)
    expect(t.pool.db.must('VDI', reverted)).toMatchObject({
      virtual_size: 10 * GIB,
      is_a_snapshot: false,
    })
    expect(t.pool.db.get('VDI', original)).toBeUndefined()
    expect(t.pool.db.must('VDI', disks(snapshot)[0] ?? '')['snapshot_of']).toBe(reverted)
    // A disk made later is kept, attached to nothing.
    expect(t.pool.db.must('VDI', left)['VBDs']).toEqual([])
    expect(macs(vm)).toEqual(mac)
    expect(t.pool.messages.all()[0]?.[1].name).toBe('VM_SNAPSHOT_REVERTED')
    await t.run('VM.start', vm, false, false)
    expect(row(vm)['power_state']).toBe('Running')
  })

  test('makes a destroyed VM again', async () => {
    const vm = await makeVm(t)
    const uuid = text(row(vm), 'uuid')
    const snapshot = await t.run('VM.snapshot', vm, 'last', [])
    await t.run('VM.destroy', vm)
    await t.run('VM.revert', snapshot)
    const again = t.pool.db.byUuid('VM', uuid) ?? ''
    expect(row(again)).toMatchObject({
      name_label: 'debian-1',
      is_a_template: false,
      power_state: 'Halted',
    })
    expect(row(snapshot)['snapshot_of']).toBe(again)
    expect(disks(again)).toHaveLength(1)
  })

  test('that fails leaves the VM halted and tells', async () => {
    const vm = await makeVm(t)
    const snapshot = await t.run('VM.snapshot', vm, 'x', [])
    await t.run('VM.start', vm, false, false)
    for (const pbd of list(t.pool.db.must('SR', t.shared), 'PBDs')) {
      t.pool.db.write('PBD', pbd, { currently_attached: false })
    }
    await expect(t.run('VM.revert', snapshot)).rejects.toEqual(
      new XapiError('VM_REVERT_FAILED', snapshot, vm),
    )
    expect(row(vm)).toMatchObject({ power_state: 'Halted', current_operations: {} })
    expect(disks(vm)).toHaveLength(1)
  })
})

describe('templates', () => {
  const XML = (sr: string) =>
    `<provision><disk device="0" size="${8 * GIB}" sr="${sr}" bootable="true" type="system"/></provision>`

  async function template(disksXml: string): Promise<string> {
    const vm = await makeVm(t, { disk: false })
    t.pool.db.write('VM', vm, {
      is_a_template: true,
      other_config: { mac_seed: 'x', disks: disksXml, postinstall: '' },
    })
    return t.run('VM.clone', vm, 'new')
  }

  test('provision makes the disks and turns the template into a VM', async () => {
    const vm = await template(XML(String(t.field('SR', t.shared, 'uuid'))))
    await t.run('VM.provision', vm)
    expect(row(vm)['is_a_template']).toBe(false)
    expect(map(row(vm), 'other_config')).not.toHaveProperty('disks')
    const [vbd = ''] = list(row(vm), 'VBDs')
    expect(t.pool.db.must('VBD', vbd)).toMatchObject({ bootable: true, unpluggable: false })
    expect(t.pool.db.must('VDI', disks(vm)[0] ?? '')).toMatchObject({
      virtual_size: 8 * GIB,
      type: 'system',
      name_description: 'Created by template provisioner',
    })
    await t.run('VM.start', vm, false, false)
    expect(row(vm)['power_state']).toBe('Running')
  })

  test('a template without an SR is no template any more (recordings 143, 144)', async () => {
    const vm = await template(XML(''))
    await expect(t.run('VM.provision', vm)).rejects.toMatchObject({
      description: ['UUID_INVALID', 'sr', ''],
    })
    await expect(t.run('VM.provision', vm)).rejects.toMatchObject({
      description: ['PROVISION_ONLY_ALLOWED_ON_TEMPLATE'],
    })
  })

  test('destroy takes devices and leaves disks', async () => {
    const vm = await makeVm(t)
    const [disk = ''] = disks(vm)
    await t.run('VM.destroy', vm)
    expect(['VM', 'VBD', 'VIF', 'VM_metrics'].map((cls) => t.pool.db.count(cls))).toEqual([
      0, 0, 0, 0,
    ])
    expect(t.pool.db.must('VDI', disk)['VBDs']).toEqual([])
  })
})

test('snapshot metadata keeps quotes and backslashes', () => {
  const metadata = snapshotMetadata({ uuid: 'u', name_label: String.raw`it's a \ name` })
  expect(fromSnapshotMetadata(metadata, 'name_label')).toBe(String.raw`it's a \ name`)
  expect(fromSnapshotMetadata(metadata, 'uuid')).toBe('u')
  expect(fromSnapshotMetadata('', 'uuid')).toBeUndefined()
})
