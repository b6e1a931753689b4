/** What a VM's memory and VCPU settings must satisfy (PROTOCOL section 5.5). Amounts in bytes. */
import type { Row } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import { flag, int } from './row.ts'

export interface MemoryLimits {
  readonly memory_static_min: number
  readonly memory_static_max: number
  readonly memory_dynamic_min: number
  readonly memory_dynamic_max: number
}

export function memoryLimits(vm: Row): MemoryLimits {
  return {
    memory_static_min: int(vm, 'memory_static_min'),
    memory_static_max: int(vm, 'memory_static_max'),
    memory_dynamic_min: int(vm, 'memory_dynamic_min'),
    memory_dynamic_max: int(vm, 'memory_dynamic_max'),
  }
}

function isOrdered(limits: MemoryLimits): boolean {
  return (
    limits.memory_static_min <= limits.memory_dynamic_min &&
    limits.memory_dynamic_min <= limits.memory_dynamic_max &&
    limits.memory_dynamic_max <= limits.memory_static_max
  )
}

/** @throws XapiError MEMORY_CONSTRAINT_VIOLATION_ORDER */
export function assertMemoryOrder(vm: Row): void {
  if (!isOrdered(memoryLimits(vm))) throw new XapiError('MEMORY_CONSTRAINT_VIOLATION_ORDER')
}

/** @throws XapiError MEMORY_CONSTRAINT_VIOLATION_ORDER, MEMORY_CONSTRAINT_VIOLATION_MAXPIN[reason] */
export function assertMemoryLimits(vm: Row, limits: MemoryLimits, nestedVirt: boolean): void {
  if (!isOrdered(limits)) throw new XapiError('MEMORY_CONSTRAINT_VIOLATION_ORDER')
  const pinned =
    limits.memory_dynamic_min === limits.memory_dynamic_max &&
    limits.memory_dynamic_max === limits.memory_static_max
  if (pinned) return
  const reason = flag(vm, 'is_control_domain')
    ? 'control domain'
    : nestedVirt
      ? 'nested virt'
      : undefined
  if (reason) throw new XapiError('MEMORY_CONSTRAINT_VIOLATION_MAXPIN', reason)
}

/** @throws XapiError INVALID_VALUE with the value that was tried */
export function assertVcpus(atStartup: number, max: number, tried: number): void {
  if (atStartup > 0 && atStartup <= max) return
  const rule = 'VCPU values must satisfy: 0 < VCPUs_at_startup ≤ VCPUs_max'
  throw new XapiError('INVALID_VALUE', rule, String(tried))
}
