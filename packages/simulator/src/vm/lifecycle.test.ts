import { describe, expect, test } from 'vitest'
import { VM_OPERATIONS, allowedVmOperations, vmOperationError } from './lifecycle.ts'
import type { PowerState, VmView } from './lifecycle.ts'

const REF = 'OpaqueRef:vm'

function view(changes: Partial<VmView> = {}): VmView {
  return {
    ref: REF,
    powerState: 'Halted',
    isTemplate: false,
    isDefaultTemplate: false,
    isSnapshot: false,
    isControlDomain: false,
    isDomainZero: false,
    blockedOperations: {},
    currentOperations: {},
    allowCloneSuspended: false,
    nomigrate: false,
    nestedVirt: false,
    bootedPv: false,
    hasPvDrivers: true,
    features: {},
    onBootReset: false,
    onBootResetCached: false,
    hasPci: false,
    hasVgpu: false,
    hasVusb: false,
    isSystemDomain: false,
    vtpmCount: 0,
    ...changes,
  }
}

const strict = { strict: true }
const error = (changes: Partial<VmView>, operation: string) =>
  vmOperationError(view(changes), operation, strict)

/** PROTOCOL 5.1, written down once more: H, P, R, S for the four states. */
const TABLE: Readonly<Record<string, string>> = {
  snapshot: 'HPRS',
  clone: 'H',
  copy: 'H',
  create_template: 'HS',
  revert: 'HPRS',
  checkpoint: 'PRS',
  snapshot_with_quiesce: 'R',
  provision: 'H',
  start: 'H',
  start_on: 'H',
  pause: 'R',
  unpause: 'P',
  clean_shutdown: 'R',
  clean_reboot: 'R',
  hard_shutdown: 'PRS',
  power_state_reset: 'HPRS',
  hard_reboot: 'PR',
  suspend: 'R',
  csvm: 'S',
  resume: 'S',
  resume_on: 'S',
  pool_migrate: 'R',
  migrate_send: 'HRS',
  get_boot_record: 'PRS',
  send_sysrq: 'R',
  send_trigger: 'R',
  query_services: 'HPRS',
  shutdown: 'PRS',
  call_plugin: 'R',
  changing_memory_live: 'R',
  awaiting_memory_live: 'R',
  changing_dynamic_range: 'HR',
  changing_static_range: 'H',
  changing_memory_limits: 'H',
  changing_shadow_memory: 'H',
  changing_shadow_memory_live: 'R',
  changing_VCPUs: 'H',
  changing_VCPUs_live: 'R',
  changing_NVRAM: 'H',
  assert_operation_valid: 'HPRS',
  data_source_op: 'R',
  update_allowed_operations: 'HPRS',
  make_into_template: 'H',
  import: '',
  export: 'HS',
  metadata_export: 'HPRS',
  reverting: 'HPRS',
  destroy: 'HS',
  create_vtpm: 'H',
  sysprep: 'R',
}

const STATES: readonly PowerState[] = ['Halted', 'Paused', 'Running', 'Suspended']

describe('power states', () => {
  test('the table covers every operation', () => {
    expect([...VM_OPERATIONS].toSorted()).toEqual(Object.keys(TABLE).toSorted())
  })

  for (const [operation, letters] of Object.entries(TABLE)) {
    for (const powerState of STATES) {
      const allowed = letters.includes(powerState.charAt(0))
      test(`${operation} on a ${powerState} VM: ${allowed ? 'state is right' : 'refused'}`, () => {
        const code = error({ powerState }, operation)?.[0]
        expect(code === 'VM_BAD_POWER_STATE').toBe(!allowed)
      })
    }
  }

  test.each([
    ['clean_shutdown', 'Halted', 'running', 'halted'],
    ['destroy', 'Running', 'halted, suspended', 'running'],
    ['hard_shutdown', 'Halted', 'paused, suspended, running', 'halted'],
    ['clone', 'Running', 'halted', 'running'],
  ] as const)('%s on %s says what was expected', (operation, powerState, expected, actual) => {
    expect(error({ powerState }, operation)).toEqual(['VM_BAD_POWER_STATE', REF, expected, actual])
  })

  test('a suspended snapshot may be cloned, a suspended VM when the pool allows it', () => {
    const suspended = { powerState: 'Suspended' } as const
    expect(error(suspended, 'clone')?.[0]).toBe('VM_BAD_POWER_STATE')
    expect(error({ ...suspended, allowCloneSuspended: true }, 'clone')).toBeUndefined()
    expect(error({ ...suspended, isSnapshot: true, isTemplate: true }, 'clone')).toBeUndefined()
  })
})

describe('kinds of VM', () => {
  const template = { isTemplate: true }
  const snapshot = { isTemplate: true, isSnapshot: true }
  const control = { isControlDomain: true, powerState: 'Running' } as const

  test('an operation that is not for templates names them', () => {
    expect(error(template, 'start')).toEqual(['VM_IS_TEMPLATE', REF, 'start'])
    expect(error({ ...template, isDefaultTemplate: true }, 'destroy')).toEqual([
      'VM_IS_TEMPLATE',
      REF,
      'destroy',
    ])
    expect(error(template, 'destroy')).toBeUndefined()
  })

  test('an operation that is not for snapshots names them', () => {
    expect(error(snapshot, 'start')).toEqual(['VM_IS_SNAPSHOT', REF, 'start'])
    expect(error(snapshot, 'revert')).toBeUndefined()
  })

  test('only templates are provisioned, only snapshots reverted to', () => {
    expect(error({}, 'provision')).toEqual(['PROVISION_ONLY_ALLOWED_ON_TEMPLATE'])
    expect(error({}, 'revert')).toEqual(['REVERT_ONLY_ALLOWED_ON_SNAPSHOT'])
  })

  test('control domains are left alone', () => {
    const refusal = 'This operation is not allowed on a control domain'
    expect(error(control, 'hard_shutdown')).toEqual(['OPERATION_NOT_ALLOWED', refusal])
    expect(error({ ...control, isDomainZero: true }, 'changing_VCPUs')).toEqual([
      'OPERATION_NOT_ALLOWED',
      'This operation is not allowed on dom0',
    ])
    expect(error(control, 'changing_memory_limits')).toBeUndefined()
  })
})

describe('order of checks', () => {
  const busy = { currentOperations: { 'OpaqueRef:t': 'clean_reboot' } }

  test('blocked before power state before concurrency before kind', () => {
    const everything = { ...busy, isTemplate: true, blockedOperations: { start: 'maintenance' } }
    expect(error(everything, 'start')).toEqual(['OPERATION_BLOCKED', REF, 'maintenance'])
    expect(
      error({ ...everything, powerState: 'Running', blockedOperations: {} }, 'start')?.[0],
    ).toBe('VM_BAD_POWER_STATE')
    expect(error({ ...everything, blockedOperations: {} }, 'start')).toEqual([
      'OTHER_OPERATION_IN_PROGRESS',
      'VM',
      REF,
      'clean_reboot',
      'OpaqueRef:t',
    ])
  })

  test('several operations in progress are listed', () => {
    const two = { currentOperations: { 'OpaqueRef:a': 'clone', 'OpaqueRef:b': 'export' } }
    expect(error(two, 'start')?.slice(3)).toEqual(['{clone,export}', '{OpaqueRef:a,OpaqueRef:b}'])
    expect(error(two, 'copy')).toBeUndefined()
  })

  test('hard shutdown comes through everything but itself', () => {
    const running = { powerState: 'Running', ...busy } as const
    expect(error(running, 'hard_shutdown')).toBeUndefined()
    expect(error(running, 'hard_reboot')).toBeUndefined()
    const ending = { powerState: 'Running', currentOperations: { t: 'hard_shutdown' } } as const
    expect(error(ending, 'hard_shutdown')?.[0]).toBe('OTHER_OPERATION_IN_PROGRESS')
    expect(error(ending, 'hard_reboot')?.[0]).toBe('OTHER_OPERATION_IN_PROGRESS')
  })
})

describe('what the guest must help with', () => {
  const bare = { powerState: 'Running', hasPvDrivers: false } as const

  test.each(['clean_shutdown', 'clean_reboot', 'suspend', 'pool_migrate', 'changing_VCPUs_live'])(
    '%s needs tools',
    (operation) => {
      expect(error(bare, operation)).toEqual(['VM_LACKS_FEATURE', REF])
      expect(error({ ...bare, bootedPv: true }, operation)).toBeUndefined()
    },
  )

  test('one feature is enough for its operation', () => {
    const features = { 'feature-shutdown': '1' }
    expect(error({ ...bare, features }, 'clean_reboot')).toBeUndefined()
    expect(error({ ...bare, features }, 'suspend')?.[0]).toBe('VM_LACKS_FEATURE')
  })

  test('a forced migration does not ask', () => {
    expect(vmOperationError(view(bare), 'pool_migrate', { strict: false })).toBeUndefined()
  })

  test('a reason not to suspend is passed on', () => {
    const features = { 'data-cant-suspend-reason': 'UEFI' }
    expect(error({ powerState: 'Running', features }, 'suspend')).toEqual([
      'VM_NON_SUSPENDABLE',
      REF,
      'UEFI',
    ])
  })
})

test.each([
  [{ powerState: 'Running', nomigrate: true }, 'suspend', ['VM_IS_IMMOBILE', REF]],
  [{ nestedVirt: true }, 'changing_dynamic_range', ['VM_IS_USING_NESTED_VIRT', REF]],
  [{ onBootReset: true }, 'snapshot', ['VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION']],
  [{ powerState: 'Running', hasPci: true }, 'suspend', ['VM_HAS_PCI_ATTACHED', REF]],
  [{ hasVusb: true }, 'snapshot', ['VM_HAS_VUSBS', REF]],
  [{ appliance: 'A' }, 'make_into_template', ['VM_IS_PART_OF_AN_APPLIANCE', REF, 'A']],
  [{ vtpmCount: 1 }, 'create_vtpm', ['VTPM_MAX_AMOUNT_REACHED', '1']],
  [{}, 'query_services', ['NOT_SYSTEM_DOMAIN', REF]],
] as const)('%o refuses %s', (changes, operation, failure) => {
  expect(error(changes as Partial<VmView>, operation)).toEqual(failure)
})

describe('allowed_operations as recorded from xapi', () => {
  const sorted = (changes: Partial<VmView>) => allowedVmOperations(view(changes)).toSorted()

  test('halted VM (recording 168)', () => {
    expect(sorted({})).toEqual(
      'changing_NVRAM changing_dynamic_range changing_shadow_memory changing_static_range clone copy create_vtpm destroy export make_into_template metadata_export migrate_send snapshot start start_on'.split(
        ' ',
      ),
    )
  })

  test('running HVM without tools (recording 202)', () => {
    expect(sorted({ powerState: 'Running', hasPvDrivers: false })).toEqual(
      'changing_dynamic_range hard_reboot hard_shutdown metadata_export pause snapshot sysprep'.split(
        ' ',
      ),
    )
  })

  test('running with tools (recording 262)', () => {
    expect(sorted({ powerState: 'Running' })).toEqual(
      'changing_VCPUs_live changing_dynamic_range checkpoint clean_reboot clean_shutdown hard_reboot hard_shutdown metadata_export migrate_send pause pool_migrate snapshot suspend sysprep'.split(
        ' ',
      ),
    )
  })

  test('default template (recording 136)', () => {
    expect(sorted({ isTemplate: true, isDefaultTemplate: true })).toEqual(
      'changing_NVRAM changing_dynamic_range changing_shadow_memory changing_static_range clone copy export metadata_export provision'.split(
        ' ',
      ),
    )
  })

  test('halted snapshot', () => {
    expect(sorted({ isTemplate: true, isSnapshot: true })).toEqual(
      'clone copy destroy export metadata_export revert'.split(' '),
    )
  })
})
