import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NULL_REF } from '../db/database.ts'
import { GIB, MIB, addDisk, makeVm, settle, testPool, vbdRecord } from '../vm/test-pool.ts'
import type { TestPool } from '../vm/test-pool.ts'
import { list, text } from '../vm/row.ts'

let t: TestPool

beforeEach(() => {
  t = testPool()
})

afterEach(() => t.pool.close())

const vdi = (ref: string) => t.pool.db.must('VDI', ref)
const usage = (sr: string) => {
  const row = t.pool.db.must('SR', sr)
  return [Number(row['virtual_allocation']), Number(row['physical_utilisation'])]
}

describe('VDI', () => {
  test('create rounds up to whole blocks and counts in the SR', async () => {
    const disk = await addDisk(t, t.shared, GIB + 1)
    expect(vdi(disk)).toMatchObject({ virtual_size: GIB + 2 * MIB, managed: true, SR: t.shared })
    expect(text(vdi(disk), 'location')).toBe(text(vdi(disk), 'uuid'))
    expect(usage(t.shared)).toEqual([GIB + 2 * MIB, Number(vdi(disk)['physical_utilisation'])])
    await t.run('VDI.destroy', disk)
    expect(usage(t.shared)).toEqual([0, 0])
  })

  test('thick storage gives the space at once, thin storage as it is written', async () => {
    const [local = ''] = t.local
    await addDisk(t, local, GIB)
    await addDisk(t, t.shared, GIB)
    expect(usage(local)[1]).toBeGreaterThan(GIB)
    expect(usage(t.shared)[1]).toBeLessThan(MIB)
  })

  test('a full SR refuses', async () => {
    const [local = ''] = t.local
    await addDisk(t, local, 90 * GIB)
    const before = usage(local)
    await expect(addDisk(t, local, 20 * GIB)).rejects.toMatchObject({
      description: ['SR_BACKEND_FAILURE_44', '', 'There is insufficient space', ''],
    })
    expect(usage(local)).toEqual(before)
    expect(t.field('SR', local, 'current_operations')).toEqual({})
  })

  test('a size that is none (recording 162)', async () => {
    await expect(addDisk(t, t.shared, -5)).rejects.toMatchObject({ code: 'SR_BACKEND_FAILURE_78' })
  })

  test('grows and does not shrink', async () => {
    const disk = await addDisk(t, t.local[0] ?? '', GIB)
    await t.run('VDI.resize', disk, 2 * GIB)
    expect(vdi(disk)['virtual_size']).toBe(2 * GIB)
    expect(usage(t.local[0] ?? '')[0]).toBe(2 * GIB)
    await expect(t.run('VDI.resize', disk, GIB)).rejects.toMatchObject({
      code: 'SR_BACKEND_FAILURE_79',
    })
  })

  test('snapshot and clone share their source’s name and SR', async () => {
    const disk = await addDisk(t, t.shared, GIB)
    const snapshot = await t.run('VDI.snapshot', disk, {})
    expect(vdi(snapshot)).toMatchObject({
      is_a_snapshot: true,
      snapshot_of: disk,
      name_label: 'disk',
    })
    expect(vdi(disk)['snapshots']).toEqual([snapshot])
    const clone = await t.run('VDI.clone', snapshot, {})
    expect(vdi(clone)).toMatchObject({ is_a_snapshot: false, snapshot_of: NULL_REF, SR: t.shared })
  })

  test('copy goes where it is sent, and into what is big enough', async () => {
    const disk = await addDisk(t, t.shared, GIB)
    const copy = await t.run('VDI.copy', disk, t.local[0] ?? '', NULL_REF, NULL_REF)
    expect(vdi(copy)).toMatchObject({ SR: t.local[0], virtual_size: GIB })
    const small = await addDisk(t, t.shared, 512 * MIB)
    await expect(t.run('VDI.copy', disk, NULL_REF, NULL_REF, small)).rejects.toMatchObject({
      description: ['VDI_TOO_SMALL', small, String(GIB)],
    })
  })

  test('an attached disk is in use', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    const disk = text(t.pool.db.must('VBD', list(t.pool.db.must('VM', vm), 'VBDs')[0] ?? ''), 'VDI')
    for (const [operation, ...params] of [['destroy'], ['resize', 20 * GIB], ['forget']] as const) {
      await expect(t.run(`VDI.${operation}`, disk, ...params)).rejects.toMatchObject({
        description: ['VDI_IN_USE', disk, operation],
      })
    }
  })

  test('hidden parents are nobody’s business', async () => {
    const disk = await addDisk(t, t.shared, GIB)
    t.pool.db.write('VDI', disk, { managed: false })
    await expect(t.run('VDI.destroy', disk)).rejects.toMatchObject({
      description: ['VDI_NOT_MANAGED', disk],
    })
  })

  test('destroy takes the VBDs along, forget leaves them', async () => {
    const vm = await makeVm(t, { disk: false })
    const [one, two] = [await addDisk(t, t.shared, GIB), await addDisk(t, t.shared, GIB)]
    const gone = await t.run('VBD.create', vbdRecord(vm, one))
    const dangling = await t.run('VBD.create', vbdRecord(vm, two))
    await t.run('VDI.destroy', one)
    await t.run('VDI.forget', two)
    expect(t.pool.db.get('VBD', gone)).toBeUndefined()
    expect(t.field('VBD', dangling, 'VDI')).toBe(two)
  })

  test('moves under a running VM', async () => {
    const vm = await makeVm(t, { disk: false })
    const [local = ''] = t.local
    const disk = await addDisk(t, local, GIB)
    const vbd = await t.run('VBD.create', vbdRecord(vm, disk))
    await t.run('VM.start', vm, false, false)
    await settle()
    const moved = await t.run('VDI.pool_migrate', disk, t.shared, {})
    expect(t.field('VBD', vbd, 'VDI')).toBe(moved)
    expect(vdi(moved)).toMatchObject({ SR: t.shared, name_label: 'disk' })
    expect(t.pool.db.get('VDI', disk)).toBeUndefined()
    expect(usage(local)).toEqual([0, 0])
    expect(t.field('VM', vm, 'power_state')).toBe('Running')
  })
})

const create = (config: Record<string, string>) =>
  t.run('SR.create', t.hosts[0] ?? '', config, 0, 'new', '', 'NFS', 'user', true, {})

describe('SR', () => {
  test('create makes and plugs a connection on every host', async () => {
    const sr = await create({ server: 'filer', serverpath: '/vol' })
    const row = t.pool.db.must('SR', sr)
    expect(row).toMatchObject({ type: 'nfs', virtual_allocation: 0, physical_utilisation: 0 })
    expect(list(row, 'PBDs').map((pbd) => t.pool.db.must('PBD', pbd))).toMatchObject(
      t.hosts.map((host) => ({ host, currently_attached: true })),
    )
    expect(list(row, 'allowed_operations')).toContain('vdi_create')
    await addDisk(t, sr, GIB)
  })

  test('create that fails leaves nothing', async () => {
    const before = t.pool.db.count('SR')
    await expect(create({ server: 'filer' })).rejects.toMatchObject({
      code: 'SR_BACKEND_FAILURE_101',
    })
    expect(t.pool.db.count('SR')).toBe(before)
  })

  test('detach, forget, introduce, attach', async () => {
    const uuid = String(t.field('SR', t.shared, 'uuid'))
    await expect(t.run('SR.forget', t.shared)).rejects.toMatchObject({
      description: ['SR_HAS_PBD', t.shared],
    })
    for (const pbd of list(t.pool.db.must('SR', t.shared), 'PBDs')) await t.run('PBD.unplug', pbd)
    await t.run('SR.forget', t.shared)
    expect(t.pool.db.byUuid('SR', uuid)).toBeUndefined()
    const sr = await t.run('SR.introduce', uuid, 'back', '', 'nfs', 'user', true, {})
    await expect(
      t.run('SR.introduce', uuid, 'back', '', 'nfs', 'user', true, {}),
    ).rejects.toMatchObject({
      description: ['SR_UUID_EXISTS', uuid],
    })
    const record = { SR: sr, host: t.hosts[0] ?? '', device_config: {} }
    const pbd = await t.run('PBD.create', record)
    await expect(t.run('PBD.create', record)).rejects.toMatchObject({
      description: ['PBD_EXISTS', sr, t.hosts[0], pbd],
    })
    await expect(addDisk(t, sr, GIB)).rejects.toMatchObject({ description: ['SR_HAS_NO_PBDS', sr] })
    await t.run('PBD.plug', pbd)
    await expect(t.run('PBD.destroy', pbd)).rejects.toMatchObject({
      description: ['OPERATION_NOT_ALLOWED', 'PBD is currently attached'],
    })
  })

  test('destroy wants it empty, detached and connected', async () => {
    const [local = ''] = t.local
    const [pbd = ''] = list(t.pool.db.must('SR', local), 'PBDs')
    const disk = await addDisk(t, local, GIB)
    await expect(t.run('SR.destroy', local)).rejects.toMatchObject({
      description: ['SR_HAS_PBD', local],
    })
    await t.run('PBD.unplug', pbd)
    await expect(t.run('SR.destroy', local)).rejects.toMatchObject({
      description: ['SR_NOT_EMPTY'],
    })
    await t.run('PBD.plug', pbd)
    await t.run('VDI.destroy', disk)
    await t.run('PBD.unplug', pbd)
    await t.run('SR.destroy', local)
    expect(t.pool.db.get('SR', local)).toBeUndefined()
  })

  test('disks in use keep their storage attached', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    const host = t.field('VM', vm, 'resident_on')
    const disk = text(t.pool.db.must('VBD', list(t.pool.db.must('VM', vm), 'VBDs')[0] ?? ''), 'VDI')
    const pbds = list(t.pool.db.must('SR', t.shared), 'PBDs')
    const own = pbds.find((pbd) => t.field('PBD', pbd, 'host') === host) ?? ''
    await expect(t.run('PBD.unplug', own)).rejects.toMatchObject({
      description: ['VDI_IN_USE', disk],
    })
    for (const pbd of pbds.filter((other) => other !== own)) await t.run('PBD.unplug', pbd)
    expect(pbds.map((pbd) => t.field('PBD', pbd, 'currently_attached'))).toEqual(
      pbds.map((pbd) => pbd === own),
    )
  })

  test('scan counts again', async () => {
    await addDisk(t, t.shared, GIB)
    t.pool.db.write('SR', t.shared, { virtual_allocation: 5 })
    await t.run('SR.scan', t.shared)
    expect(usage(t.shared)[0]).toBe(GIB)
  })
})
