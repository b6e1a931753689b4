/** Memory settings of a VM, halted and live (PROTOCOL section 5.5). Amounts in bytes. */
import type { Row } from '../db/database.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { changeFreeMemory, freeMemory, memoryInUse, memoryOverhead } from './host-memory.ts'
import { assertMemoryLimits, memoryLimits } from './memory-constraints.ts'
import type { MemoryLimits } from './memory-constraints.ts'
import { withVmOperation } from './operation.ts'
import { int, map, refOrNone } from './row.ts'
import { domainType, follow } from './views.ts'

const MIB = 1024 * 1024

function usesNestedVirt(call: Call, vm: Row): boolean {
  const metrics = follow(call.pool.db, 'VM_metrics', vm, 'metrics')
  if (vm['power_state'] === 'Halted') return map(vm, 'platform')['nested-virt'] === 'true'
  return metrics?.['nested_virt'] === true
}

/** A running guest balloons to what it may have now, as far as its host has it. */
function balloon(call: Call, ref: string): void {
  const { db, clock } = call.pool
  const vm = db.must('VM', ref)
  const host = refOrNone(vm, 'resident_on')
  const metrics = refOrNone(vm, 'metrics')
  if (vm['power_state'] !== 'Running' || host === undefined || metrics === undefined) return
  const row = db.get('VM_metrics', metrics)
  if (!row) return
  const before = memoryInUse(db, vm)
  const low = int(vm, 'memory_dynamic_min')
  const most = Math.min(int(vm, 'memory_dynamic_max'), low + freeMemory(db, host))
  const memory_actual = Math.max(low, most)
  db.write('VM_metrics', metrics, { memory_actual, last_updated: clock.iso() })
  db.write('VM', ref, { memory_target: memory_actual })
  changeFreeMemory(db, host, before - memoryInUse(db, db.must('VM', ref)))
}

/** @throws XapiError of the operation, or the constraint that the new limits violate */
async function change(
  call: Call,
  vm: string,
  operation: string,
  limits: Partial<MemoryLimits>,
): Promise<void> {
  const { db } = call.pool
  db.must('VM', vm)
  await withVmOperation(call, vm, operation, () => {
    const row = db.must('VM', vm)
    const next = { ...memoryLimits(row), ...limits }
    assertMemoryLimits(row, next, usesNestedVirt(call, row))
    const target: Row =
      row['power_state'] === 'Running' ? {} : { memory_target: next.memory_dynamic_min }
    db.write('VM', vm, { ...next, ...target })
    const memory_overhead = memoryOverhead(db.must('VM', vm), domainType(row))
    if (row['power_state'] === 'Halted') db.write('VM', vm, { memory_overhead })
    balloon(call, vm)
  })
}

const setLimits: Handler = (
  call: Call,
  vm: string,
  memory_static_min: number,
  memory_static_max: number,
  memory_dynamic_min: number,
  memory_dynamic_max: number,
) =>
  change(call, vm, 'changing_memory_limits', {
    memory_static_min,
    memory_static_max,
    memory_dynamic_min,
    memory_dynamic_max,
  })

const setDynamicRange: Handler = (call: Call, vm: string, min: number, max: number) =>
  change(call, vm, 'changing_dynamic_range', { memory_dynamic_min: min, memory_dynamic_max: max })

const setStaticRange: Handler = (call: Call, vm: string, min: number, max: number) =>
  change(call, vm, 'changing_static_range', { memory_static_min: min, memory_static_max: max })

const setMemory: Handler = (call: Call, vm: string, value: number) =>
  change(call, vm, 'changing_memory_limits', {
    memory_static_max: value,
    memory_dynamic_min: value,
    memory_dynamic_max: value,
  })

function setter(field: keyof MemoryLimits): Handler {
  const operation = field.includes('static') ? 'changing_static_range' : 'changing_dynamic_range'
  return (call: Call, vm: string, value: number) => change(call, vm, operation, { [field]: value })
}

function computeOverhead(call: Call, vm: string): number {
  const row = call.pool.db.must('VM', vm)
  return memoryOverhead(row, domainType(row))
}

/** The largest static_max whose VM fits into `total` with Xen's overhead; whole MiB. */
function maximise(call: Call, vm: string, total: number): number {
  const row = call.pool.db.must('VM', vm)
  const type = domainType(row)
  let low = 0
  let high = Math.max(0, Math.floor(total / MIB))
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const memory_static_max = middle * MIB
    const needed = memory_static_max + memoryOverhead({ ...row, memory_static_max }, type)
    if (needed <= total) low = middle
    else high = middle - 1
  }
  return low * MIB
}

export const memoryHandlers: Readonly<Record<string, Handler>> = {
  'VM.set_memory_limits': setLimits,
  'VM.set_memory_dynamic_range': setDynamicRange,
  'VM.set_memory_static_range': setStaticRange,
  'VM.set_memory': setMemory,
  'VM.set_memory_static_min': setter('memory_static_min'),
  'VM.set_memory_static_max': setter('memory_static_max'),
  'VM.set_memory_dynamic_min': setter('memory_dynamic_min'),
  'VM.set_memory_dynamic_max': setter('memory_dynamic_max'),
  'VM.compute_memory_overhead': computeOverhead,
  'VM.maximise_memory': maximise,
  'VM.set_memory_target_live': (call: Call, vm: string, target: number) =>
    change(call, vm, 'changing_dynamic_range', {
      memory_dynamic_min: target,
      memory_dynamic_max: target,
    }),
  // A simulated guest has ballooned when the call that asked for it returns.
  'VM.wait_memory_target_live': (call: Call, vm: string) => {
    call.pool.db.must('VM', vm)
  },
}
