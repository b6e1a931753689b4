/**
 * When a VBD or VIF operation is allowed (PROTOCOL section 5.8). As in xapi each rule marks the
 * operations it forbids and the first mark stays. Pure.
 */
import type { PowerState } from './lifecycle.ts'
import type { Failure } from './row.ts'

/** What both kinds of device look at in their VM. */
export interface DeviceVmView {
  readonly ref: string
  readonly powerState: PowerState
  readonly currentOperations: Readonly<Record<string, string>>
  readonly isDomainZero: boolean
  readonly isHvm: boolean
  readonly hasPvDrivers: boolean
  readonly pvDriversDetected: boolean
  /** VM_guest_metrics.can_use_hotplug_*: yes, no, unspecified; unspecified without metrics. */
  readonly hotplug: string
}

export interface VbdView {
  readonly ref: string
  readonly type: string
  readonly mode: string
  readonly empty: boolean
  readonly unpluggable: boolean
  /** currently_attached or reserved. */
  readonly plugged: boolean
  readonly currentOperations: Readonly<Record<string, string>>
  readonly vm: DeviceVmView
  /** Absent for an empty drive or a reference to nothing. */
  readonly vdi?: VdiOfVbd
}

export interface VdiOfVbd {
  readonly ref: string
  readonly managed: boolean
  readonly sharable: boolean
  readonly readOnly: boolean
  readonly currentOperations: Readonly<Record<string, string>>
  /** Modes of the other VBDs of this VDI that are attached or busy, in VMs that are not suspended. */
  readonly otherActiveModes: readonly string[]
}

export interface VifView {
  readonly ref: string
  readonly plugged: boolean
  readonly currentOperations: Readonly<Record<string, string>>
  readonly vm: DeviceVmView
}

type Errors = Map<string, Failure>

export const VBD_OPERATIONS = [
  'attach',
  'eject',
  'unplug',
  'unplug_force',
  'insert',
  'plug',
  'pause',
  'unpause',
] as const

export const VIF_OPERATIONS = ['attach', 'plug', 'unplug'] as const

/** VM operations during which no device comes or goes. */
const VM_BUSY = new Set(['clean_shutdown', 'hard_shutdown', 'suspend', 'pause'])

function mark(errors: Errors, operations: readonly string[], failure: Failure): void {
  for (const operation of operations) {
    if (!errors.has(operation)) errors.set(operation, failure)
  }
}

function markVmBusy(errors: Errors, vm: DeviceVmView): void {
  for (const operation of Object.values(vm.currentOperations)) {
    if (!VM_BUSY.has(operation)) continue
    const reason = `Current operation on VM:${vm.ref} is ${operation}`
    mark(errors, ['plug', 'unplug'], ['OPERATION_NOT_ALLOWED', reason])
  }
}

/** An HVM guest needs drivers, or must say that it can do without. */
function markHotplug(
  errors: Errors,
  vm: DeviceVmView,
  kind: 'VBD' | 'VIF',
  operations: string[],
): void {
  if (vm.powerState !== 'Running' || !vm.isHvm || vm.hotplug === 'yes') return
  if (vm.hotplug === 'no') {
    const reason = `VM states it does not support ${kind} hotplug.`
    mark(errors, operations, ['OPERATION_NOT_ALLOWED', reason])
  } else if (!vm.pvDriversDetected && !vm.hasPvDrivers) {
    mark(errors, operations, ['VM_MISSING_PV_DRIVERS', vm.ref])
  }
}

function markPluggedState(
  errors: Errors,
  device: { ref: string; plugged: boolean; vm: DeviceVmView },
  unplug: string[],
  alsoNeedRunning: string[],
): void {
  const { ref, plugged, vm } = device
  if (vm.powerState === 'Running') {
    if (plugged) mark(errors, ['plug'], ['DEVICE_ALREADY_ATTACHED', ref])
    else mark(errors, unplug, ['DEVICE_ALREADY_DETACHED', ref])
    return
  }
  const state = vm.powerState.toLowerCase()
  mark(
    errors,
    ['plug', ...unplug, ...alsoNeedRunning],
    ['VM_BAD_POWER_STATE', vm.ref, 'running', state],
  )
}

function markVbdConcurrency(errors: Errors, vbd: VbdView): void {
  const parallel = new Set(['pause', 'unpause'])
  const current = Object.entries(vbd.currentOperations)
  const inProgress = (entry: [string, string]): Failure => [
    'OTHER_OPERATION_IN_PROGRESS',
    'VBD',
    vbd.ref,
    entry[1],
    entry[0],
  ]
  const [first] = current
  if (first) {
    mark(
      errors,
      VBD_OPERATIONS.filter((operation) => !parallel.has(operation)),
      inProgress(first),
    )
  }
  const exclusive = current.find(([, operation]) => !parallel.has(operation))
  if (exclusive) mark(errors, ['pause'], inProgress(exclusive))
  // A reboot holds `attach` and still has to unpause.
  const beyondAttach = current.find(([, op]) => !parallel.has(op) && op !== 'attach')
  if (beyondAttach) mark(errors, ['unpause'], inProgress(beyondAttach))
}

function markVdi(errors: Errors, vbd: VbdView, vdi: VdiOfVbd): void {
  if (!vdi.managed) mark(errors, VBD_OPERATIONS, ['VDI_NOT_MANAGED', vbd.ref])
  const takes = ['attach', 'plug', 'insert']
  const busy = Object.entries(vdi.currentOperations).find(
    ([, operation]) => operation !== 'mirror' && operation !== 'copy',
  )
  if (busy) mark(errors, takes, ['OTHER_OPERATION_IN_PROGRESS', 'VDI', vdi.ref, busy[1], busy[0]])
  if (vbd.plugged) return
  const writes = vbd.mode === 'RW'
  const others = vdi.otherActiveModes
  if (!vdi.sharable && (others.includes('RW') || (writes && others.length > 0))) {
    mark(errors, takes, ['VDI_IN_USE', vdi.ref])
  }
  if (writes && vdi.readOnly) mark(errors, takes, ['VDI_READONLY', vdi.ref])
}

/** Forbidden VBD operations and why; an operation that is absent may start. */
export function vbdErrors(vbd: VbdView): Errors {
  const errors: Errors = new Map()
  const { vm } = vbd
  markVbdConcurrency(errors, vbd)
  if (!vbd.unpluggable) mark(errors, ['unplug', 'unplug_force'], ['VBD_NOT_UNPLUGGABLE', vbd.ref])
  if (vbd.type !== 'CD') mark(errors, ['insert', 'eject'], ['VBD_NOT_REMOVABLE_MEDIA', vbd.ref])
  if (vbd.empty) mark(errors, ['eject'], ['VBD_IS_EMPTY', vbd.ref])
  else mark(errors, ['insert'], ['VBD_NOT_EMPTY', vbd.ref])
  const pausable = vm.powerState === 'Paused' ? [] : ['pause', 'unpause']
  markPluggedState(errors, vbd, ['unplug', 'unplug_force'], pausable)
  markVmBusy(errors, vm)
  const plugs = ['plug', 'unplug', 'unplug_force']
  markHotplug(errors, vm, 'VBD', plugs)
  if (vm.powerState === 'Running' && vm.isHvm && vbd.type === 'CD') {
    const reason = 'HVM CDROMs cannot be hotplugged/unplugged, only inserted or ejected'
    mark(errors, plugs, ['OPERATION_NOT_ALLOWED', reason])
  }
  if (vbd.type === 'CD' && vm.powerState === 'Suspended') {
    const failure = ['VM_BAD_POWER_STATE', vm.ref, 'halted, running', 'suspended'] as const
    mark(errors, ['insert', 'eject'], failure)
  }
  if (vbd.vdi) markVdi(errors, vbd, vbd.vdi)
  return errors
}

/** Forbidden VIF operations and why. */
export function vifErrors(vif: VifView): Errors {
  const errors: Errors = new Map()
  const current = Object.entries(vif.currentOperations)
  if (current.length > 0) {
    const operations = `{${current.map(([, operation]) => operation).join('; ')}}`
    const tasks = `{${current.map(([task]) => task).join('; ')}}`
    mark(errors, VIF_OPERATIONS, ['OTHER_OPERATION_IN_PROGRESS', 'VIF', vif.ref, operations, tasks])
  }
  if (vif.vm.isDomainZero) {
    mark(errors, ['plug'], ['OPERATION_NOT_ALLOWED', 'Control domain does not support hotplug'])
  }
  markPluggedState(errors, vif, ['unplug'], [])
  markVmBusy(errors, vif.vm)
  markHotplug(errors, vif.vm, 'VIF', ['plug', 'unplug'])
  return errors
}
