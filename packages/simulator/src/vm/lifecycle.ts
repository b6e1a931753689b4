/**
 * When a VM operation is allowed: the power state table and the order of checks of xapi's
 * `check_operation_error` (PROTOCOL sections 5.1 and 5.2). Pure: everything it looks at is in the
 * view.
 */
import type { Failure } from './row.ts'

export type PowerState = 'Halted' | 'Paused' | 'Running' | 'Suspended'

/** Everything the checks look at. */
export interface VmView {
  readonly ref: string
  readonly powerState: PowerState
  readonly isTemplate: boolean
  /** is_default_template, or other_config.default_template = true. */
  readonly isDefaultTemplate: boolean
  readonly isSnapshot: boolean
  readonly isControlDomain: boolean
  /** Domain 0 of a host; control domains also exist beside it (driver domains). */
  readonly isDomainZero: boolean
  /** Operation to the reason given by whoever blocked it. */
  readonly blockedOperations: Readonly<Record<string, string>>
  /** Task reference to operation. */
  readonly currentOperations: Readonly<Record<string, string>>
  /** pool.other_config allow_clone_suspended_vm = true. */
  readonly allowCloneSuspended: boolean
  /** VM_metrics.nomigrate, nested virtualisation, or the platform keys that ask for them. */
  readonly nomigrate: boolean
  readonly nestedVirt: boolean
  /** VM_metrics.current_domain_type is pv, pv_in_pvh or pvh. */
  readonly bootedPv: boolean
  /** The guest reported a PV driver version. */
  readonly hasPvDrivers: boolean
  /** VM_guest_metrics.other: feature-shutdown and so on. */
  readonly features: Readonly<Record<string, string>>
  /** VDI.sm_config of the VM's disks. */
  readonly onBootReset: boolean
  readonly onBootResetCached: boolean
  readonly hasPci: boolean
  readonly hasVgpu: boolean
  readonly hasVusb: boolean
  /** Valid references only. */
  readonly appliance?: string
  readonly protectionPolicy?: string
  readonly snapshotSchedule?: string
  readonly isSystemDomain: boolean
  readonly vtpmCount: number
}

export interface CheckOptions {
  /** true when computing allowed_operations; false lets a forced pool_migrate pass. */
  readonly strict: boolean
}

const HALTED: readonly PowerState[] = ['Halted']
const RUNNING: readonly PowerState[] = ['Running']
const SUSPENDED: readonly PowerState[] = ['Suspended']
const ALL: readonly PowerState[] = ['Halted', 'Paused', 'Suspended', 'Running']

/** PROTOCOL 5.1; the order inside a list is the one error parameters show. */
const POWER_STATES: Readonly<Record<string, readonly PowerState[]>> = {
  import: [],
  changing_VCPUs: HALTED,
  changing_static_range: HALTED,
  changing_memory_limits: HALTED,
  changing_shadow_memory: HALTED,
  changing_NVRAM: HALTED,
  make_into_template: HALTED,
  provision: HALTED,
  start: HALTED,
  start_on: HALTED,
  create_vtpm: HALTED,
  unpause: ['Paused'],
  csvm: SUSPENDED,
  resume: SUSPENDED,
  resume_on: SUSPENDED,
  awaiting_memory_live: RUNNING,
  call_plugin: RUNNING,
  clean_reboot: RUNNING,
  clean_shutdown: RUNNING,
  changing_memory_live: RUNNING,
  changing_shadow_memory_live: RUNNING,
  changing_VCPUs_live: RUNNING,
  data_source_op: RUNNING,
  pause: RUNNING,
  pool_migrate: RUNNING,
  send_sysrq: RUNNING,
  send_trigger: RUNNING,
  snapshot_with_quiesce: RUNNING,
  sysprep: RUNNING,
  suspend: RUNNING,
  changing_dynamic_range: ['Halted', 'Running'],
  clone: HALTED,
  copy: HALTED,
  create_template: ['Halted', 'Suspended'],
  destroy: ['Halted', 'Suspended'],
  export: ['Halted', 'Suspended'],
  hard_reboot: ['Paused', 'Running'],
  checkpoint: ['Paused', 'Suspended', 'Running'],
  get_boot_record: ['Paused', 'Suspended', 'Running'],
  shutdown: ['Paused', 'Suspended', 'Running'],
  hard_shutdown: ['Paused', 'Suspended', 'Running'],
  migrate_send: ['Halted', 'Suspended', 'Running'],
  assert_operation_valid: ALL,
  metadata_export: ALL,
  power_state_reset: ALL,
  revert: ALL,
  reverting: ALL,
  snapshot: ALL,
  update_allowed_operations: ALL,
  query_services: ALL,
}

/** All values of the vm_operations enum. */
export const VM_OPERATIONS: readonly string[] = Object.keys(POWER_STATES)

/** Valid when asked for, but never in allowed_operations (PROTOCOL 5.2, end). */
const NEVER_LISTED = new Set([
  'create_template',
  'power_state_reset',
  'csvm',
  'get_boot_record',
  'send_sysrq',
  'send_trigger',
  'query_services',
  'shutdown',
  'call_plugin',
  'changing_memory_live',
  'awaiting_memory_live',
  'changing_memory_limits',
  'changing_shadow_memory_live',
  'changing_VCPUs',
  'assert_operation_valid',
  'data_source_op',
  'update_allowed_operations',
  'import',
  'reverting',
])

const LISTED = VM_OPERATIONS.filter((operation) => !NEVER_LISTED.has(operation))

/** Power states in which the operation may start, as xapi would list them in the error. */
export function allowedPowerStates(view: VmView, operation: string): readonly PowerState[] {
  const states = POWER_STATES[operation] ?? []
  switch (operation) {
    case 'changing_VCPUs':
    case 'changing_static_range':
    case 'changing_memory_limits':
      return view.isControlDomain ? [...states, 'Running'] : states
    case 'clone':
    case 'copy':
      return view.isSnapshot || view.allowCloneSuspended ? [...states, 'Suspended'] : states
    default:
      return states
  }
}

/** Sets of operations that run beside each other. */
const PARALLEL = [['clone', 'copy', 'export'], ['snapshot', 'checkpoint'], ['get_boot_record']]

/** The single operation in progress that lets the other one start. */
const TRANSITIONS: readonly (readonly [running: string, started: string])[] = [
  ['snapshot_with_quiesce', 'snapshot'],
  ['migrate_send', 'metadata_export'],
  ['migrate_send', 'clean_shutdown'],
  ['migrate_send', 'clean_reboot'],
]

function mayRunBeside(operation: string, running: readonly string[]): boolean {
  if (PARALLEL.some((set) => set.includes(operation) && running.every((r) => set.includes(r)))) {
    return true
  }
  if (operation === 'hard_shutdown') return !running.includes('hard_shutdown')
  if (operation === 'hard_reboot') {
    return !running.some((r) => r === 'hard_shutdown' || r === 'hard_reboot')
  }
  return (
    running.length === 1 &&
    TRANSITIONS.some(([current, next]) => current === running[0] && next === operation)
  )
}

const TEMPLATE_OPERATIONS = new Set([
  'changing_dynamic_range',
  'changing_static_range',
  'changing_memory_limits',
  'changing_shadow_memory',
  'changing_VCPUs',
  'changing_NVRAM',
  'clone',
  'copy',
  'export',
  'metadata_export',
  'provision',
])

const SNAPSHOT_OPERATIONS = new Set([
  'revert',
  'clone',
  'copy',
  'export',
  'destroy',
  'hard_shutdown',
  'metadata_export',
])

const CONTROL_DOMAIN_OPERATIONS = new Set([
  'data_source_op',
  'changing_memory_live',
  'awaiting_memory_live',
  'metadata_export',
  'changing_dynamic_range',
  'changing_memory_limits',
  'changing_static_range',
  'start',
  'start_on',
  'changing_VCPUs',
  'destroy',
])

const MOVES_OR_SAVES = new Set(['suspend', 'checkpoint', 'pool_migrate', 'migrate_send'])

function isTemplateOperation(view: VmView, operation: string): boolean {
  if (TEMPLATE_OPERATIONS.has(operation)) return true
  return (operation === 'destroy' || operation === 'migrate_send') && !view.isDefaultTemplate
}

/** Step 8: what a control domain may not do. */
function controlDomainError(view: VmView, operation: string): Failure | undefined {
  if (view.isDomainZero && (operation === 'changing_VCPUs' || operation === 'destroy')) {
    return ['OPERATION_NOT_ALLOWED', 'This operation is not allowed on dom0']
  }
  if (view.isControlDomain && !CONTROL_DOMAIN_OPERATIONS.has(operation)) {
    return ['OPERATION_NOT_ALLOWED', 'This operation is not allowed on a control domain']
  }
  return undefined
}

/** Step 9: what the guest has to help with. */
function featureError(view: VmView, operation: string, strict: boolean): Failure | undefined {
  const live = view.powerState === 'Running' || view.powerState === 'Paused'
  const implicit = !live || view.bootedPv || view.hasPvDrivers
  const lacks = (...features: string[]): boolean =>
    features.every((feature) => view.features[feature] !== '1')
  if (live && MOVES_OR_SAVES.has(operation)) {
    const reason = view.features['data-cant-suspend-reason']
    if (reason !== undefined) return ['VM_NON_SUSPENDABLE', view.ref, reason]
    return !implicit && strict && lacks('feature-suspend')
      ? ['VM_LACKS_FEATURE', view.ref]
      : undefined
  }
  if (implicit) return undefined
  const missing =
    (operation === 'clean_shutdown' && strict && lacks('feature-shutdown', 'feature-poweroff')) ||
    (operation === 'clean_reboot' && strict && lacks('feature-shutdown', 'feature-reboot')) ||
    (operation === 'changing_VCPUs_live' && lacks('feature-vcpu-hotplug'))
  return missing ? ['VM_LACKS_FEATURE', view.ref] : undefined
}

/** Steps 11 and 12: disks, passed-through devices. */
function deviceError(view: VmView, operation: string): Failure | undefined {
  const saves = operation === 'checkpoint' || operation === 'snapshot' || operation === 'suspend'
  if ((saves && view.onBootReset) || (operation === 'pool_migrate' && view.onBootResetCached)) {
    return ['VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION']
  }
  if (view.hasPci && MOVES_OR_SAVES.has(operation)) return ['VM_HAS_PCI_ATTACHED', view.ref]
  // No GPU in the simulator is suspendable, so a vGPU always stops these.
  if (view.hasVgpu && MOVES_OR_SAVES.has(operation)) {
    if (operation !== 'migrate_send' || view.powerState !== 'Halted') {
      return ['VM_HAS_VGPU', view.ref]
    }
  }
  if (view.hasVusb && (MOVES_OR_SAVES.has(operation) || operation === 'snapshot')) {
    return ['VM_HAS_VUSBS', view.ref]
  }
  return undefined
}

/** Steps 13 and 14. */
function membershipError(view: VmView, operation: string): Failure | undefined {
  if (operation === 'make_into_template') {
    if (view.appliance) return ['VM_IS_PART_OF_AN_APPLIANCE', view.ref, view.appliance]
    if (view.protectionPolicy) {
      return ['VM_ASSIGNED_TO_PROTECTION_POLICY', view.ref, view.protectionPolicy]
    }
    if (view.snapshotSchedule) {
      return ['VM_ASSIGNED_TO_SNAPSHOT_SCHEDULE', view.ref, view.snapshotSchedule]
    }
  }
  if (operation === 'query_services' && !view.isSystemDomain) return ['NOT_SYSTEM_DOMAIN', view.ref]
  if (operation === 'create_vtpm' && view.vtpmCount > 0) {
    return ['VTPM_MAX_AMOUNT_REACHED', String(view.vtpmCount)]
  }
  return undefined
}

/** One item as it is, several as `{a,b}`. */
function braced(items: readonly string[]): string {
  return items.length === 1 ? items.join('') : `{${items.join(',')}}`
}

/**
 * The first reason why `operation` cannot start now, with the parameters xapi sends, or undefined
 * when it can.
 */
export function vmOperationError(
  view: VmView,
  operation: string,
  { strict }: CheckOptions,
): Failure | undefined {
  const blocked = view.blockedOperations[operation]
  if (blocked !== undefined) return ['OPERATION_BLOCKED', view.ref, blocked]

  const states = allowedPowerStates(view, operation)
  if (!states.includes(view.powerState)) {
    const expected = states.map((state) => state.toLowerCase()).join(', ')
    return ['VM_BAD_POWER_STATE', view.ref, expected, view.powerState.toLowerCase()]
  }

  const tasks = Object.keys(view.currentOperations)
  const running = Object.values(view.currentOperations)
  if (tasks.length > 0 && !mayRunBeside(operation, running)) {
    return ['OTHER_OPERATION_IN_PROGRESS', 'VM', view.ref, braced(running), braced(tasks)]
  }

  if (view.isTemplate && !view.isSnapshot && !isTemplateOperation(view, operation)) {
    return ['VM_IS_TEMPLATE', view.ref, operation]
  }
  if (view.isSnapshot && !SNAPSHOT_OPERATIONS.has(operation)) {
    return ['VM_IS_SNAPSHOT', view.ref, operation]
  }
  if (operation === 'provision' && !view.isTemplate) return ['PROVISION_ONLY_ALLOWED_ON_TEMPLATE']
  if (operation === 'revert' && !view.isSnapshot) return ['REVERT_ONLY_ALLOWED_ON_SNAPSHOT']

  if (strict && MOVES_OR_SAVES.has(operation) && (view.nomigrate || view.nestedVirt)) {
    return ['VM_IS_IMMOBILE', view.ref]
  }
  if (strict && operation === 'changing_dynamic_range' && view.nestedVirt) {
    return ['VM_IS_USING_NESTED_VIRT', view.ref]
  }
  return (
    controlDomainError(view, operation) ??
    featureError(view, operation, strict) ??
    (operation === 'snapshot_with_quiesce'
      ? (['VM_SNAPSHOT_WITH_QUIESCE_NOT_SUPPORTED', view.ref] as const)
      : undefined) ??
    deviceError(view, operation) ??
    membershipError(view, operation)
  )
}

/** VM.allowed_operations. */
export function allowedVmOperations(view: VmView): string[] {
  return LISTED.filter((operation) => !vmOperationError(view, operation, { strict: true }))
}
