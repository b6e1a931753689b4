/** Operations on VMs and the marks they leave on the VM's devices (PROTOCOL section 3.3). */
import type { Call } from '../rpc/registry.ts'
import { refreshVbd, refreshVif, refreshVmAndDevices } from './allowed.ts'
import {
  announceRelease,
  clearCurrentOperation,
  setCurrentOperation,
  waitUntilFree,
  withOperation,
} from './current-operation.ts'
import { vbdErrors, vifErrors } from './device-operations.ts'
import { vmOperationError } from './lifecycle.ts'
import { list, map, raise } from './row.ts'
import { poolFacts, vbdView, vifView, vmView } from './views.ts'

/** Marking a device waits for another mark at most this long. */
const DEVICE_WAIT_MS = 120_000

/** @throws XapiError as PROTOCOL 5.2 orders */
export function assertVmOperation(call: Call, vm: string, operation: string, strict = true): void {
  const { db } = call.pool
  raise(vmOperationError(vmView(db, vm, poolFacts(db)), operation, { strict }))
}

/** Runs `body` while VM.current_operations names the operation. */
export function withVmOperation<T>(
  call: Call,
  vm: string,
  operation: string,
  body: () => T | Promise<T>,
  strict = true,
): Promise<T> {
  const { db } = call.pool
  return withOperation(
    call,
    {
      cls: 'VM',
      ref: vm,
      operation,
      check: () => vmOperationError(vmView(db, vm, poolFacts(db)), operation, { strict }),
      refresh: () => refreshVmAndDevices(db, vm),
    },
    body,
  )
}

/**
 * Runs `body` while every VBD and VIF of the VM says `attach`, so that nobody else takes its disks.
 * @throws XapiError VDI_IN_USE, VDI_READONLY … when a device cannot be attached
 */
export async function withDevicesMarked<T>(
  call: Call,
  vm: string,
  body: () => T | Promise<T>,
): Promise<T> {
  const { db } = call.pool
  const { key } = call.task
  const row = db.must('VM', vm)
  const marked: [cls: 'VBD' | 'VIF', ref: string][] = []
  try {
    for (const vbd of list(row, 'VBDs')) {
      if (!db.get('VBD', vbd)) continue
      await waitUntilFree(call, () => vbdErrors(vbdView(db, vbd)).get('attach'), DEVICE_WAIT_MS)
      setCurrentOperation(db, 'VBD', vbd, key, 'attach')
      marked.push(['VBD', vbd])
      refreshVbd(db, vbd)
    }
    for (const vif of list(row, 'VIFs')) {
      if (!db.get('VIF', vif)) continue
      await waitUntilFree(call, () => vifErrors(vifView(db, vif)).get('attach'), DEVICE_WAIT_MS)
      setCurrentOperation(db, 'VIF', vif, key, 'attach')
      marked.push(['VIF', vif])
      refreshVif(db, vif)
    }
    return await body()
  } finally {
    for (const [cls, ref] of marked) clearCurrentOperation(db, cls, ref, key)
    refreshVmAndDevices(db, vm)
    announceRelease(call.pool)
  }
}

/** Cancels the tasks of the given operations on the VM and waits until they have let go. */
export async function cancelOperations(
  call: Call,
  vm: string,
  operations: readonly string[],
): Promise<void> {
  const { pool } = call
  const others = (): [string, string][] =>
    Object.entries(map(pool.db.must('VM', vm), 'current_operations')).filter(
      ([task, operation]) => task !== call.task.key && operations.includes(operation),
    )
  for (const [task] of others()) {
    if (pool.db.get('task', task)) pool.tasks.cancel(task, call.task.key)
  }
  await waitUntilFree(call, () => {
    const [other] = others()
    return other && ['OTHER_OPERATION_IN_PROGRESS', 'VM', vm, other[1], other[0]]
  })
}
