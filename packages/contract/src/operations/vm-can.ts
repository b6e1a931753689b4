import type { Subject } from '../permissions.ts'
import type { Vm, PowerState } from '../resources/vm.ts'
import type { Snapshot } from '../resources/snapshot.ts'
import { refuse, type Refusal } from './define.ts'

/** Power states in which xapi allows an operation: PROTOCOL 5.1 (xapi_vm_lifecycle.ml). */
const allowedStates: Record<string, readonly PowerState[]> = {
  start: ['halted'],
  start_on: ['halted'],
  clean_shutdown: ['running'],
  hard_shutdown: ['paused', 'suspended', 'running'],
  clean_reboot: ['running'],
  hard_reboot: ['paused', 'running'],
  suspend: ['running'],
  resume: ['suspended'],
  resume_on: ['suspended'],
  pause: ['running'],
  unpause: ['paused'],
  pool_migrate: ['running'],
  checkpoint: ['paused', 'suspended', 'running'],
  destroy: ['halted', 'suspended'],
}

/** The state that an operation leads to: asking for it again is "already", not a fault. */
const leadsTo: Record<string, PowerState> = {
  start: 'running',
  start_on: 'running',
  clean_shutdown: 'halted',
  hard_shutdown: 'halted',
  suspend: 'suspended',
  pause: 'paused',
}

/** Operations that need the guest's help (PROTOCOL 5.2, check 9). */
const needsTools = new Set([
  'clean_shutdown',
  'clean_reboot',
  'suspend',
  'checkpoint',
  'pool_migrate',
])

/**
 * Whether the pool would accept a `vm_operations` value now. `allowed_operations` decides; the rest only finds the
 * words for a no, in xapi's own order of checks (PROTOCOL 5.2).
 */
export function canXenApi(operation: string) {
  return (vm: Vm | Snapshot, _subject: Subject): Refusal | null => {
    if (vm.allowed.includes(operation)) return null
    if ('blockedOperations' in vm && operation in vm.blockedOperations) {
      return refuse('blocked', { reason: vm.blockedOperations[operation] ?? '' })
    }
    if ('powerState' in vm) {
      if (leadsTo[operation] === vm.powerState) return refuse('already', { state: vm.powerState })
      const states = allowedStates[operation]
      if (states && !states.includes(vm.powerState)) {
        return refuse('powerState', { actual: vm.powerState, needed: states.join(',') })
      }
    }
    const current = vm.current[0]
    if (current) return refuse('busy', { operation: current.operation })
    if (needsTools.has(operation) && 'tools' in vm && vm.tools.state !== 'running')
      return refuse('noTools')
    return refuse('notNow')
  }
}

/**
 * All that {@link canXenApi} and the permission check read of a VM, as one text. VMs with the same standing get the same
 * answer from every operation on VMs, so that for thousands of them each question is asked once for each standing.
 */
export function standingOf(vm: Vm): string {
  const operation = vm.current[0]?.operation ?? ''
  const blocked = Object.keys(vm.blockedOperations).length > 0 ? vm.blockedOperations : null
  const facts = [vm.poolId, vm.powerState, vm.tools.state, operation, vm.allowed.join(' ')]
  return `${facts.join('|')}|${blocked ? JSON.stringify(blocked) : ''}`
}

/** For plain field writes, which XenAPI has no operation name for: always possible. */
export const always = (): Refusal | null => null
