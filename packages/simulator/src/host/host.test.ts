import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createPool } from '../create.ts'
import { GIB, makeVm, settle, testPool } from '../vm/test-pool.ts'
import type { TestPool } from '../vm/test-pool.ts'
import {
  allowedHostOperations,
  allowedPoolOperations,
  hostOperationError,
} from './host-operations.ts'
import { refreshAllowedOperations } from './refresh.ts'

let t: TestPool

beforeEach(() => {
  t = testPool()
})

afterEach(() => t.pool.close())

const first = () => t.hosts[0] ?? ''

describe('maintenance', () => {
  test('evacuation moves every guest, in tasks of its own', async () => {
    const vms = [await makeVm(t), await makeVm(t)]
    for (const vm of vms) await t.run('VM.start_on', vm, first(), false, false)
    await settle()
    await t.run('host.disable', first(), true)
    await t.run('host.evacuate', first(), 'OpaqueRef:NULL', 0)
    expect(t.field('host', first(), 'resident_VMs')).toEqual([])
    for (const vm of vms) expect(t.field('VM', vm, 'power_state')).toBe('Running')
    expect(t.field('host', first(), 'current_operations')).toEqual({})
  })

  test('what cannot leave is told before anything moves', async () => {
    const free = await makeVm(t)
    const stuck = await makeVm(t, { name: 'box', fields: { reference_label: '' } })
    for (const vm of [free, stuck]) await t.run('VM.start_on', vm, first(), false, false)
    await settle()
    expect(await t.ask('host.get_vms_which_prevent_evacuation', first())).toEqual({
      [stuck]: ['VM_LACKS_FEATURE', stuck],
    })
    await expect(t.run('host.evacuate', first(), 'OpaqueRef:NULL', 0)).rejects.toMatchObject({
      description: ['VM_LACKS_FEATURE', stuck],
    })
    expect(t.field('VM', free, 'resident_on')).toBe(first())
  })

  test('a reboot wants a disabled, empty host, and enables it again', async () => {
    await expect(t.run('host.reboot', first())).rejects.toMatchObject({
      description: ['HOST_NOT_DISABLED'],
    })
    await t.run('host.disable', first(), true)
    await t.run('host.reboot', first())
    await expect.poll(() => t.field('host', first(), 'enabled')).toBe(true)
    expect(t.field('host', first(), 'current_operations')).toEqual({})
  })

  test('a disabled host takes no VMs', async () => {
    for (const host of t.hosts.slice(1)) await t.run('host.disable', host, true)
    for (let i = 0; i < 3; i++) {
      const vm = await makeVm(t)
      await t.run('VM.start', vm, false, false)
      expect(t.field('VM', vm, 'resident_on')).toBe(first())
    }
  })

  test('a host that is shut down is dead', async () => {
    await t.run('host.disable', first(), true)
    await t.run('host.shutdown', first())
    const metrics = String(t.field('host', first(), 'metrics'))
    await expect.poll(() => t.field('host_metrics', metrics, 'live')).toBe(false)
    expect(t.field('host', first(), 'enabled')).toBe(false)
  })
})

describe('allowed operations', () => {
  const view = { ref: 'h', enabled: true, live: true, powerOnMode: '', currentOperations: {} }

  test('of an enabled host', () => {
    expect(allowedHostOperations(view)).toEqual([
      'provision',
      'evacuate',
      'vm_start',
      'vm_resume',
      'vm_migrate',
      'enable',
    ])
  })

  test('VMs do not come while VMs go', () => {
    const evacuating = { ...view, currentOperations: { t: 'evacuate' } }
    expect(hostOperationError(evacuating, 'vm_migrate')).toEqual([
      'OTHER_OPERATION_IN_PROGRESS',
      'host',
      'h',
      'evacuate',
      't',
    ])
    expect(hostOperationError(evacuating, 'vm_start')).toBeUndefined()
  })

  test('a dead host may be powered on where it knows how', () => {
    expect(hostOperationError({ ...view, live: false }, 'power_on')).toEqual([
      'HOST_POWER_ON_MODE_DISABLED',
    ])
    expect(
      hostOperationError({ ...view, live: false, powerOnMode: 'iLO' }, 'power_on'),
    ).toBeUndefined()
  })

  test('of the pool', () => {
    const pool = { haEnabled: false, hasCluster: false, currentOperations: {} }
    expect(allowedPoolOperations(pool)).toContain('ha_enable')
    expect(allowedPoolOperations(pool)).not.toContain('ha_disable')
    expect(allowedPoolOperations({ ...pool, currentOperations: { t: 'ha_enable' } })).toEqual([])
  })

  test('are recomputed for a whole pool, and a second time change nothing', () => {
    const pool = createPool({ seed: 2, timeScale: 0 })
    const sr = pool.db.create('SR', { type: 'nfs', physical_size: 100 * GIB })
    for (let i = 0; i < 500; i++) {
      const vm = pool.db.create('VM', {
        name_label: `vm${i}`,
        power_state: i % 2 ? 'Running' : 'Halted',
      })
      const VDI = pool.db.create('VDI', { SR: sr, managed: true, type: 'user' })
      pool.db.create('VBD', {
        VM: vm,
        VDI,
        type: 'Disk',
        mode: 'RW',
        currently_attached: i % 2 === 1,
      })
    }
    refreshAllowedOperations(pool)
    for (const [, vm] of pool.db.all('VM')) {
      const expected = vm['power_state'] === 'Halted' ? 'start' : 'hard_shutdown'
      expect(vm['allowed_operations']).toContain(expected)
    }
    const { generation } = pool.db
    refreshAllowedOperations(pool)
    expect(pool.db.generation).toBe(generation)
  })
})
