import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { GIB, addDisk, makeVm, settle, testPool, vbdRecord } from './test-pool.ts'
import type { TestPool } from './test-pool.ts'
import { guestReboot, guestShutdown } from './guest-events.ts'
import { freeMemory } from './host-memory.ts'
import { NULL_REF } from '../db/database.ts'
import { list, map, text } from './row.ts'

let t: TestPool

beforeEach(() => {
  t = testPool()
})

afterEach(() => t.pool.close())

const state = (vm: string) => t.field('VM', vm, 'power_state')
const messages = () => t.pool.messages.all().map(([, message]) => message.name)

describe('start', () => {
  test('gives the VM a domain, devices, metrics and consoles', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    const row = t.pool.db.must('VM', vm)
    expect(row).toMatchObject({
      power_state: 'Running',
      domid: 1,
      scheduled_to_be_resident_on: NULL_REF,
      current_operations: {},
      memory_target: GIB,
      platform: { timeoffset: '0', 'device-model': 'qemu-upstream-compat' },
    })
    expect(t.hosts).toContain(row['resident_on'])
    const [vbd] = list(row, 'VBDs')
    expect(t.pool.db.must('VBD', vbd ?? '')).toMatchObject({
      currently_attached: true,
      device: 'xvda',
      current_operations: {},
    })
    expect(t.pool.db.must('VM_metrics', text(row, 'metrics'))).toMatchObject({
      VCPUs_number: 1,
      current_domain_type: 'hvm',
      hvm: true,
      memory_actual: GIB,
    })
    const consoles = list(row, 'consoles').map((ref) => t.pool.db.must('console', ref))
    expect(consoles.map((console) => console['protocol'])).toEqual(['rfb', 'vt100'])
    for (const console of consoles) {
      expect(console['location']).toBe(
        `${t.pool.hostUrl(text(row, 'resident_on'))}/console?uuid=${text(console, 'uuid')}`,
      )
    }
    expect(messages()).toEqual(['VM_STARTED'])
    expect(t.pool.messages.all()[0]?.[1].body).toMatch(
      /^VM 'debian-1' \(uuid: .*\) started on host: host\d \(uuid: .*\)$/,
    )
  })

  test('takes memory of the host, which comes back', async () => {
    const vm = await makeVm(t)
    const free = () =>
      t.hosts.map((host) =>
        Number(t.field('host_metrics', String(t.field('host', host, 'metrics')), 'memory_free')),
      )
    const before = free()
    await t.run('VM.start_on', vm, t.hosts[1] ?? '', false, false)
    const used = GIB + Number(t.field('VM', vm, 'memory_overhead'))
    expect(free()).toEqual(before.map((bytes, i) => (i === 1 ? bytes - used : bytes)))
    await t.run('VM.hard_shutdown', vm)
    expect(free()).toEqual(before)
  })

  test('prefers the affinity host', async () => {
    for (const host of t.hosts) {
      const vm = await makeVm(t, { fields: { affinity: host } })
      await t.run('VM.start', vm, false, false)
      expect(t.field('VM', vm, 'resident_on')).toBe(host)
    }
  })

  test('paused on request', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, true, false)
    expect(state(vm)).toBe('Paused')
    await t.run('VM.unpause', vm)
    expect(state(vm)).toBe('Running')
  })

  test('a template is refused with its name', async () => {
    const vm = await makeVm(t)
    await t.run('VM.set_is_a_template', vm, true)
    await expect(t.run('VM.start', vm, false, false)).rejects.toMatchObject({
      description: ['VM_IS_TEMPLATE', vm, 'start'],
    })
  })

  test('two VMs cannot write one disk', async () => {
    const disk = await addDisk(t, t.shared, GIB)
    const one = await makeVm(t, { disk: false })
    const two = await makeVm(t, { disk: false })
    for (const vm of [one, two]) await t.run('VBD.create', vbdRecord(vm, disk))
    await t.run('VM.start', one, false, false)
    await expect(t.run('VM.start', two, false, false)).rejects.toMatchObject({
      description: ['VDI_IN_USE', disk],
    })
    expect(state(two)).toBe('Halted')
  })
})

describe('the guest agent', () => {
  test('reports after the start, and only then the guest can be asked to stop', async () => {
    t = testPool({ timeScale: 0.004 })
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    const metrics = String(t.field('VM', vm, 'guest_metrics'))
    expect(t.field('VM_guest_metrics', metrics, 'os_version')).toEqual({})
    await expect(t.run('VM.clean_shutdown', vm)).rejects.toMatchObject({
      description: ['VM_LACKS_FEATURE', vm],
    })
    await expect
      .poll(() => t.field('VM_guest_metrics', metrics, 'os_version'))
      .toMatchObject({ distro: 'debian', major: '12' })
    const row = t.pool.db.must('VM_guest_metrics', metrics)
    expect(Object.keys(map(row, 'networks')).toSorted()).toEqual(['0/ip', '0/ipv4/0', '0/ipv6/0'])
    expect(t.field('VM', vm, 'allowed_operations')).toContain('clean_shutdown')
    await t.run('VM.clean_shutdown', vm)
    expect(state(vm)).toBe('Halted')
  })

  test('a guest says the same after a restart', async () => {
    const vm = await makeVm(t)
    const seen = () => {
      const {
        uuid: _uuid,
        last_updated: _time,
        ...rest
      } = t.pool.db.must('VM_guest_metrics', String(t.field('VM', vm, 'guest_metrics')))
      return rest
    }
    await t.run('VM.start', vm, false, false)
    await settle()
    const first = seen()
    await t.run('VM.set_name_label', vm, 'no system in this name')
    await t.run('VM.hard_reboot', vm)
    await settle()
    expect(seen()).toEqual(first)
  })

  test('a VM without a known system has no tools', async () => {
    const vm = await makeVm(t, { name: 'appliance', fields: { reference_label: '' } })
    await t.run('VM.start', vm, false, false)
    await settle()
    expect(t.field('VM', vm, 'allowed_operations')).not.toContain('clean_shutdown')
  })
})

describe('stopping', () => {
  test('hard shutdown takes everything from the VM', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    await t.run('VM.hard_shutdown', vm)
    const row = t.pool.db.must('VM', vm)
    expect(row).toMatchObject({
      power_state: 'Halted',
      domid: -1,
      resident_on: NULL_REF,
      consoles: [],
    })
    expect(t.pool.db.count('console')).toBe(0)
    for (const vbd of list(row, 'VBDs'))
      expect(t.field('VBD', vbd, 'currently_attached')).toBe(false)
    expect(messages()).toContain('VM_SHUTDOWN')
  })

  test('a reboot keeps the host and makes a new domain and consoles', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    await settle()
    const before = { ...t.pool.db.must('VM', vm) }
    await t.run('VM.clean_reboot', vm)
    const after = t.pool.db.must('VM', vm)
    expect(after['resident_on']).toBe(before['resident_on'])
    expect(after['domid']).not.toBe(before['domid'])
    expect(after['consoles']).not.toEqual(before['consoles'])
  })

  test('pause and unpause', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    await t.run('VM.pause', vm)
    expect(state(vm)).toBe('Paused')
    await expect(t.run('VM.pause', vm)).rejects.toMatchObject({
      description: ['VM_BAD_POWER_STATE', vm, 'running', 'paused'],
    })
    await t.run('VM.hard_shutdown', vm)
    expect(state(vm)).toBe('Halted')
  })

  test('power_state_reset is for VMs of dead hosts', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    const host = String(t.field('VM', vm, 'resident_on'))
    await expect(t.run('VM.power_state_reset', vm)).rejects.toMatchObject({
      description: ['HOST_IS_LIVE', host],
    })
    t.pool.db.write('host_metrics', String(t.field('host', host, 'metrics')), { live: false })
    await t.run('VM.power_state_reset', vm)
    expect(state(vm)).toBe('Halted')
  })

  test.each([
    ['destroy', 'Halted'],
    ['restart', 'Running'],
  ])('a guest that powers off: %s', async (action, expected) => {
    const vm = await makeVm(t, { fields: { actions_after_shutdown: action } })
    await t.run('VM.start', vm, false, false)
    await guestShutdown(t.pool, vm)
    expect(state(vm)).toBe(expected)
  })

  test('a guest that reboots goes on in a new domain', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    const domid = t.field('VM', vm, 'domid')
    await guestReboot(t.pool, vm)
    expect(state(vm)).toBe('Running')
    expect(t.field('VM', vm, 'domid')).not.toBe(domid)
  })
})

describe('suspend and resume', () => {
  test('the memory goes to a disk, the devices stay attached', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    await settle()
    await t.run('VM.suspend', vm)
    const row = t.pool.db.must('VM', vm)
    expect(row).toMatchObject({
      power_state: 'Suspended',
      domid: -1,
      resident_on: NULL_REF,
      consoles: [],
    })
    const image = t.pool.db.must('VDI', text(row, 'suspend_VDI'))
    expect(image).toMatchObject({ type: 'suspend', SR: t.shared, name_label: 'Suspend image' })
    expect(Number(image['virtual_size'])).toBeGreaterThan(GIB * 1.26)
    expect(t.field('VBD', list(row, 'VBDs')[0] ?? '', 'currently_attached')).toBe(true)

    await t.run('VM.resume', vm, false, false)
    expect(t.pool.db.must('VM', vm)).toMatchObject({
      power_state: 'Running',
      suspend_VDI: NULL_REF,
    })
    expect(t.pool.db.get('VDI', text(row, 'suspend_VDI'))).toBeUndefined()
  })

  test('hard shutdown of a suspended VM deletes its image', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    await settle()
    await t.run('VM.suspend', vm)
    const image = String(t.field('VM', vm, 'suspend_VDI'))
    await t.run('VM.hard_shutdown', vm)
    expect(state(vm)).toBe('Halted')
    expect(t.pool.db.get('VDI', image)).toBeUndefined()
  })

  test('no room for the image', async () => {
    const vm = await makeVm(t)
    await t.run('VM.start', vm, false, false)
    await settle()
    t.pool.db.write('SR', t.shared, { physical_size: 1, physical_utilisation: 1 })
    await expect(t.run('VM.suspend', vm)).rejects.toMatchObject({
      description: ['SR_SUSPEND_SPACE_INSUFFICIENT', t.shared],
    })
    expect(state(vm)).toBe('Running')
  })
})

describe('placement', () => {
  test('no host can run it', async () => {
    const vm = await makeVm(t, { memory: 64 * GIB })
    await expect(t.run('VM.start', vm, false, false)).rejects.toMatchObject({
      description: ['NO_HOSTS_AVAILABLE'],
    })
    const [host = ''] = t.hosts
    const needed = 64 * GIB + Number(t.field('VM', vm, 'memory_overhead'))
    await expect(t.run('VM.start_on', vm, host, false, false)).rejects.toMatchObject({
      description: [
        'HOST_NOT_ENOUGH_FREE_MEMORY',
        String(needed),
        String(freeMemory(t.pool.db, host)),
      ],
    })
    expect(t.field('VM', vm, 'current_operations')).toEqual({})
    expect(t.field('VM', vm, 'scheduled_to_be_resident_on')).toBe(NULL_REF)
  })

  test('a pool of one host says why', async () => {
    t = testPool({ hosts: 1 })
    const vm = await makeVm(t)
    const [host = ''] = t.hosts
    await t.run('host.disable', host, true)
    await expect(t.run('VM.start', vm, false, false)).rejects.toMatchObject({
      description: ['HOST_DISABLED', host],
    })
  })

  test('local disks and host-only networks bind a VM to a host', async () => {
    const vm = await makeVm(t, { disk: false })
    const disk = await addDisk(t, t.local[2] ?? '', GIB)
    await t.run('VBD.create', vbdRecord(vm, disk))
    await t.run('VM.start', vm, false, false)
    expect(t.field('VM', vm, 'resident_on')).toBe(t.hosts[2])
    const other = await makeVm(t, { disk: false })
    await t.run('VBD.create', vbdRecord(other, await addDisk(t, t.local[1] ?? '', GIB)))
    await expect(t.run('VM.assert_can_boot_here', other, t.hosts[0] ?? '')).rejects.toMatchObject({
      description: ['VM_REQUIRES_SR', other, t.local[1]],
    })
  })

  test('a network without PIFs stays on the host that uses it', async () => {
    const move = async (vm: string) => {
      const [vif = ''] = list(t.pool.db.must('VM', vm), 'VIFs')
      await t.run('VIF.move', vif, t.internal)
    }
    const one = await makeVm(t)
    const two = await makeVm(t)
    await move(one)
    await move(two)
    await t.run('VM.start_on', one, t.hosts[0] ?? '', false, false)
    await expect(t.run('VM.start_on', two, t.hosts[1] ?? '', false, false)).rejects.toMatchObject({
      description: ['VM_REQUIRES_NETWORK', two, t.internal],
    })
    await t.run('VM.start', two, false, false)
    expect(t.field('VM', two, 'resident_on')).toBe(t.hosts[0])
  })

  test('more VCPUs than the host has', async () => {
    const vm = await makeVm(t, { fields: { VCPUs_max: 16 } })
    await expect(t.run('VM.start_on', vm, t.hosts[0] ?? '', false, false)).rejects.toMatchObject({
      description: ['HOST_NOT_ENOUGH_PCPUS', '16', '8'],
    })
  })
})

describe('migration', () => {
  test('moves domain, memory and consoles', async () => {
    const vm = await makeVm(t)
    const [from = '', to = ''] = t.hosts
    await t.run('VM.start_on', vm, from, false, false)
    await settle()
    const before = list(t.pool.db.must('VM', vm), 'consoles')
    const freeBefore = freeMemory(t.pool.db, from)
    await t.run('VM.pool_migrate', vm, to, { live: 'true' })
    const row = t.pool.db.must('VM', vm)
    expect(row).toMatchObject({
      resident_on: to,
      power_state: 'Running',
      scheduled_to_be_resident_on: NULL_REF,
    })
    expect(list(row, 'consoles')).toHaveLength(2)
    expect(before.some((console) => t.pool.db.get('console', console))).toBe(false)
    expect(freeMemory(t.pool.db, from)).toBeGreaterThan(freeBefore)
    expect(t.pool.messages.all()[0]?.[1].body).toMatch(
      / migrated from host 'host1' \(uuid: .*\) to host 'host2' \(uuid: .*\)$/,
    )
  })

  test('needs tools unless forced', async () => {
    const vm = await makeVm(t, { name: 'appliance', fields: { reference_label: '' } })
    await t.run('VM.start_on', vm, t.hosts[0] ?? '', false, false)
    await settle()
    await expect(t.run('VM.pool_migrate', vm, t.hosts[1] ?? '', {})).rejects.toMatchObject({
      description: ['VM_LACKS_FEATURE', vm],
    })
    await t.run('VM.pool_migrate', vm, t.hosts[1] ?? '', { force: 'true' })
    expect(t.field('VM', vm, 'resident_on')).toBe(t.hosts[1])
  })
})
