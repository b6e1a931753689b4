import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NULL_REF } from '../db/database.ts'
import { GIB, MIB, addDisk, makeVm, settle, testPool, vbdRecord, vifRecord } from './test-pool.ts'
import type { TestPool } from './test-pool.ts'
import { diskNumber, freeDisks, linuxDevice } from './device-name.ts'
import { list, map } from './row.ts'

let t: TestPool

beforeEach(() => {
  t = testPool()
})

afterEach(() => t.pool.close())

const error = (...description: string[]) => ({ description })
const vbdsOf = (vm: string) => list(t.pool.db.must('VM', vm), 'VBDs')
const vifsOf = (vm: string) => list(t.pool.db.must('VM', vm), 'VIFs')
const emptyDrive = (vm: string) =>
  vbdRecord(vm, NULL_REF, { type: 'CD', mode: 'RO', empty: true, userdevice: '3' })

async function running(options = {}): Promise<string> {
  const vm = await makeVm(t, options)
  await t.run('VM.start', vm, false, false)
  await settle()
  return vm
}

describe('device names', () => {
  test.each([
    ['0', 0],
    ['xvda', 0],
    ['hdd', 3],
    ['xvdz', 25],
    ['xvdaa', 26],
    ['254', 254],
    ['autodetect', undefined],
    ['xyz', undefined],
  ])('%s is disk %s', (name, disk) => {
    expect(diskNumber(name)).toBe(disk)
  })

  test('numbers and names are each other’s inverse', () => {
    for (const disk of [0, 1, 25, 26, 27, 51, 52, 254])
      expect(diskNumber(linuxDevice(disk))).toBe(disk)
  })

  test('a free number is one that no name takes', () => {
    expect(freeDisks(['0', 'xvdb', '', 'hdd']).slice(0, 3)).toEqual([2, 4, 5])
  })
})

describe('VBD', () => {
  test('create finds a device and refuses a taken or bad one', async () => {
    const vm = await makeVm(t)
    const disk = await addDisk(t, t.shared, GIB)
    const vbd = await t.run('VBD.create', vbdRecord(vm, disk))
    expect(t.field('VBD', vbd, 'userdevice')).toBe('1')
    const again = (userdevice: string) => t.run('VBD.create', vbdRecord(vm, disk, { userdevice }))
    await expect(again('xvdb')).rejects.toMatchObject(error('DEVICE_ALREADY_EXISTS', 'xvdb'))
    await expect(again('nonsense')).rejects.toMatchObject(error('INVALID_DEVICE', 'nonsense'))
    expect(await t.ask('VM.get_allowed_VBD_devices', vm)).toEqual(
      Array.from({ length: 253 }, (_, i) => String(i + 2)),
    )
    expect(await t.ask('VM.get_allowed_VIF_devices', vm)).toEqual(
      Array.from({ length: 15 }, (_, i) => String(i + 1)),
    )
  })

  test('create refuses what cannot be attached so', async () => {
    const vm = await makeVm(t)
    const create = (vdi: string, fields: Record<string, string | boolean>) =>
      t.run('VBD.create', vbdRecord(vm, vdi, fields))
    await expect(create(NULL_REF, { empty: true })).rejects.toMatchObject(
      error('VBD_NOT_REMOVABLE_MEDIA', 'in constructor'),
    )
    await expect(create(NULL_REF, { type: 'CD', empty: true })).rejects.toMatchObject(
      error('VBD_CDS_MUST_BE_READONLY'),
    )
    const disk = await addDisk(t, t.shared, GIB)
    t.pool.db.write('VDI', disk, { read_only: true })
    await expect(create(disk, {})).rejects.toMatchObject(error('VDI_READONLY', disk))
    t.pool.db.write('VDI', disk, { type: 'ha_statefile' })
    await expect(create(disk, {})).rejects.toMatchObject(
      error('VDI_INCOMPATIBLE_TYPE', disk, 'ha_statefile'),
    )
  })

  test('plug and unplug of a running VM with tools', async () => {
    const vm = await running()
    const vbd = await t.run('VBD.create', vbdRecord(vm, await addDisk(t, t.shared, GIB)))
    await t.run('VBD.plug', vbd)
    expect(t.pool.db.must('VBD', vbd)).toMatchObject({ currently_attached: true, device: 'xvdb' })
    await expect(t.run('VBD.plug', vbd)).rejects.toMatchObject(
      error('DEVICE_ALREADY_ATTACHED', vbd),
    )
    await expect(t.run('VBD.destroy', vbd)).rejects.toMatchObject({ code: 'OPERATION_NOT_ALLOWED' })
    await t.run('VBD.unplug', vbd)
    await t.run('VBD.destroy', vbd)
    expect(t.pool.db.get('VBD', vbd)).toBeUndefined()
  })

  test('no hotplug without tools or without a domain', async () => {
    const vm = await running({ name: 'box', fields: { reference_label: '' } })
    const vbd = await t.run('VBD.create', vbdRecord(vm, await addDisk(t, t.shared, GIB)))
    await expect(t.run('VBD.plug', vbd)).rejects.toMatchObject(error('VM_MISSING_PV_DRIVERS', vm))
    await t.run('VM.hard_shutdown', vm)
    await expect(t.run('VBD.plug', vbd)).rejects.toMatchObject(
      error('VM_BAD_POWER_STATE', vm, 'running', 'halted'),
    )
  })

  test('discs are inserted and ejected, halted or running', async () => {
    const disc = await addDisk(t, t.iso, 700 * MIB)
    const vm = await makeVm(t)
    const drive = await t.run('VBD.create', emptyDrive(vm))
    for (const power of ['halted', 'running']) {
      if (power === 'running') await t.run('VM.start', vm, false, false)
      await expect(t.run('VBD.eject', drive)).rejects.toMatchObject(error('VBD_IS_EMPTY', drive))
      await t.run('VBD.insert', drive, disc)
      expect(t.pool.db.must('VBD', drive)).toMatchObject({ VDI: disc, empty: false })
      await expect(t.run('VBD.insert', drive, disc)).rejects.toMatchObject(
        error('VBD_NOT_EMPTY', drive),
      )
      await t.run('VBD.eject', drive)
      expect(t.pool.db.must('VBD', drive)).toMatchObject({ VDI: NULL_REF, empty: true })
    }
    const [disk = ''] = vbdsOf(vm)
    await expect(t.run('VBD.eject', disk)).rejects.toMatchObject(
      error('VBD_NOT_REMOVABLE_MEDIA', disk),
    )
  })

  test('one disc may be in many drives', async () => {
    const disc = await addDisk(t, t.iso, 700 * MIB)
    for (let i = 0; i < 2; i++) {
      const vm = await makeVm(t)
      await t.run('VBD.insert', await t.run('VBD.create', emptyDrive(vm)), disc)
      await t.run('VM.start', vm, false, false)
      expect(t.field('VM', vm, 'power_state')).toBe('Running')
    }
  })
})

describe('VIF', () => {
  test('create checks device and MAC (recordings 151 to 156)', async () => {
    const vm = await makeVm(t)
    const record = vifRecord(vm, t.lan, '0')
    const [vif = ''] = vifsOf(vm)
    expect(t.pool.db.must('VIF', vif)).toMatchObject({
      MAC_autogenerated: true,
      allowed_operations: ['attach'],
      currently_attached: false,
      locking_mode: 'network_default',
    })
    await expect(t.run('VIF.create', record)).rejects.toMatchObject(
      error('DEVICE_ALREADY_EXISTS', '0'),
    )
    await expect(
      t.run('VIF.create', { ...record, device: '1', MAC: 'zz:zz' }),
    ).rejects.toMatchObject(error('MAC_INVALID', 'zz:zz'))
    await expect(t.run('VIF.create', { ...record, device: 'x' })).rejects.toMatchObject(
      error('INVALID_DEVICE', 'x'),
    )
  })

  test('addresses come with the interface and go with it', async () => {
    const vm = await running()
    const networks = () => {
      const metrics = String(t.field('VM', vm, 'guest_metrics'))
      return map(t.pool.db.must('VM_guest_metrics', metrics), 'networks')
    }
    const vif = await t.run('VIF.create', vifRecord(vm, t.internal, '1'))
    expect(networks()).not.toHaveProperty('1/ip')
    await t.run('VIF.plug', vif)
    expect(networks()).toHaveProperty('1/ip')
    await t.run('VIF.configure_ipv4', vif, 'Static', '10.9.8.7/24', '10.9.8.1')
    expect(networks()['1/ip']).toBe('10.9.8.7')
    await t.run('VIF.unplug', vif)
    expect(networks()).not.toHaveProperty('1/ip')
    await t.run('VIF.destroy', vif)
    expect(vifsOf(vm)).toHaveLength(1)
  })

  test('bad addresses are refused', async () => {
    const vm = await makeVm(t)
    const [vif = ''] = vifsOf(vm)
    await expect(t.run('VIF.configure_ipv4', vif, 'Static', '10.9.8.7', '')).rejects.toMatchObject({
      code: 'INVALID_CIDR_ADDRESS_SPECIFIED',
    })
    await expect(t.run('VIF.set_ipv4_allowed', vif, ['300.1.1.1'])).rejects.toMatchObject({
      code: 'INVALID_IP_ADDRESS_SPECIFIED',
    })
    await t.run('VIF.set_ipv4_allowed', vif, ['192.0.2.7'])
    await t.run('VIF.add_ipv4_allowed', vif, '192.0.2.8')
    await t.run('VIF.remove_ipv4_allowed', vif, '192.0.2.7')
    expect(t.field('VIF', vif, 'ipv4_allowed')).toEqual(['192.0.2.8'])
  })
})
