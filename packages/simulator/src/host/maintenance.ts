/** Taking hosts out of service and back (PROTOCOL section 8.1). */
import type { Pool } from '../pool.ts'
import { XapiError, toXapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import {
  announceRelease,
  clearCurrentOperation,
  setCurrentOperation,
} from '../vm/current-operation.ts'
import { vmOperationError } from '../vm/lifecycle.ts'
import { freeMemory } from '../vm/host-memory.ts'
import { migrateVm } from '../vm/migrate.ts'
import { bootError, isGuest } from '../vm/placement.ts'
import { flag, list, raise, refOrNone, text } from '../vm/row.ts'
import type { Failure } from '../vm/row.ts'
import { enterHalted } from '../vm/transition.ts'
import { poolFacts, vmView } from '../vm/views.ts'
import { hostOperationError } from './host-operations.ts'
import { hostView, refreshHost, withHostOperation } from './allowed.ts'

/** Simulated seconds: until the host goes down, and until it is back. */
const GOING_DOWN = 10
const REBOOTING = 60

/** Hosts that stay disabled over their next reboot. */
const staysDisabled = new WeakMap<Pool, Set<string>>()

function disable(call: Call, host: string, autoEnable: boolean): void {
  const { db } = call.pool
  const stay = staysDisabled.get(call.pool) ?? new Set()
  if (autoEnable) stay.delete(host)
  else stay.add(host)
  staysDisabled.set(call.pool, stay)
  db.write('host', host, { enabled: false })
  refreshHost(db, host)
}

function enable(call: Call, host: string): void {
  const { db } = call.pool
  raise(hostOperationError(hostView(db, host), 'enable'))
  db.write('host', host, { enabled: true })
  refreshHost(db, host)
}

function guestsOf(pool: Pool, host: string): string[] {
  return list(pool.db.must('host', host), 'resident_VMs').filter((vm) => {
    const row = pool.db.get('VM', vm)
    return row !== undefined && isGuest(row)
  })
}

/** Where the VM could go now: the other host with most free memory that can run it. */
function refuge(pool: Pool, vm: string, host: string): string | Failure {
  const { db } = pool
  const migration = vmOperationError(vmView(db, vm, poolFacts(db)), 'pool_migrate', {
    strict: true,
  })
  if (migration) return migration
  const others = [...db.all('host')].map(([ref]) => ref).filter((ref) => ref !== host)
  const failures = others.map((ref) => bootError(db, vm, ref))
  const possible = others.filter((_, i) => !failures[i])
  if (possible.length > 0) {
    return possible.reduce((best, ref) => (freeMemory(db, ref) > freeMemory(db, best) ? ref : best))
  }
  const [only] = failures
  return failures.length === 1 && only ? only : ['NO_HOSTS_AVAILABLE']
}

function preventing(pool: Pool, host: string): Record<string, string[]> {
  const blocked: Record<string, string[]> = {}
  for (const vm of guestsOf(pool, host)) {
    const target = refuge(pool, vm, host)
    if (typeof target !== 'string') blocked[vm] = [...target]
  }
  return blocked
}

/** @throws XapiError the first reason why a VM cannot leave */
function assertCanEvacuate(call: Call, host: string): void {
  const [first] = Object.values(preventing(call.pool, host))
  if (first) throw new XapiError(first[0] ?? 'CANNOT_EVACUATE_HOST', ...first.slice(1))
}

/** Each migration is a task of its own, as clients of real pools see it. */
async function migrateAway(call: Call, vm: string, host: string): Promise<void> {
  const target = refuge(call.pool, vm, host)
  if (typeof target !== 'string') throw new XapiError(...target)
  const { tasks } = call.pool
  const subtaskOf = call.task.ref ?? undefined
  const task = tasks.start({ label: 'Async.VM.pool_migrate', host: call.host, subtaskOf })
  try {
    await migrateVm({ ...call, task, method: 'VM.pool_migrate' }, vm, target, false)
    if (task.ref !== null) tasks.succeed(task.ref, '')
  } catch (error) {
    if (task.ref !== null) tasks.fail(task.ref, toXapiError(error))
    throw error
  } finally {
    if (task.ref !== null) tasks.remove(task.ref)
  }
}

async function evacuate(call: Call, host: string): Promise<void> {
  const { pool } = call
  pool.db.must('host', host)
  await withHostOperation(call, host, 'evacuate', async () => {
    assertCanEvacuate(call, host)
    const guests = guestsOf(pool, host)
    call.task.cancellable(true)
    for (const [i, vm] of guests.entries()) {
      call.task.throwIfCancelled()
      if (pool.db.get('VM', vm)?.['resident_on'] === host) await migrateAway(call, vm, host)
      call.task.progress((i + 1) / guests.length)
    }
    call.task.cancellable(false)
  })
}

function setLive(pool: Pool, host: string, live: boolean): void {
  const metrics = refOrNone(pool.db.must('host', host), 'metrics')
  if (metrics !== undefined && pool.db.get('host_metrics', metrics)) {
    pool.db.write('host_metrics', metrics, { live, last_updated: pool.clock.iso() })
  }
  refreshHost(pool.db, host)
}

/** What is left of a host's VMs when it goes down: nothing that runs. */
function stopGuests(pool: Pool, host: string): void {
  for (const vm of guestsOf(pool, host)) enterHalted(pool, vm)
}

/** Goes down a while after the call has answered; a reboot comes back. */
async function goDown(pool: Pool, host: string, task: string, comesBack: boolean): Promise<void> {
  await pool.sleep(GOING_DOWN)
  if (!pool.db.get('host', host)) return
  stopGuests(pool, host)
  setLive(pool, host, false)
  if (comesBack) {
    await pool.sleep(REBOOTING)
    if (!pool.db.get('host', host)) return
    setLive(pool, host, true)
  }
  clearCurrentOperation(pool.db, 'host', host, task)
  const stays = staysDisabled.get(pool)?.has(host) ?? false
  if (comesBack && !stays) pool.db.write('host', host, { enabled: true })
  refreshHost(pool.db, host)
  announceRelease(pool)
}

/** current_operations says `shutdown` for both, as in xapi. */
function stopping(operation: 'shutdown' | 'reboot'): Handler {
  return (call: Call, host: string) => {
    const { pool } = call
    raise(hostOperationError(hostView(pool.db, host), operation))
    if (guestsOf(pool, host).length > 0) throw new XapiError('HOST_HAS_RESIDENT_VMS', host)
    const { key } = call.task
    setCurrentOperation(pool.db, 'host', host, key, 'shutdown')
    refreshHost(pool.db, host)
    goDown(pool, host, key, operation === 'reboot').catch((error: unknown) => {
      // Only the end of the pool interrupts the host.
      if (!pool.closed.aborted) throw error
    })
  }
}

async function powerOn(call: Call, host: string): Promise<void> {
  const { pool } = call
  await withHostOperation(call, host, 'power_on', async () => {
    await pool.sleep(REBOOTING)
    setLive(pool, host, true)
    pool.db.write('host', host, { enabled: true })
  })
}

/** host.compute_free_memory: what another VM could get, bytes. */
function computeFreeMemory(call: Call, host: string): number {
  return freeMemory(call.pool.db, host)
}

function setMultipathing(call: Call, host: string, value: boolean): void {
  const { db } = call.pool
  if (flag(db.must('host', host), 'enabled')) throw new XapiError('HOST_NOT_DISABLED')
  db.write('host', host, { multipathing: value })
}

function getManagementInterface(call: Call, host: string): string {
  const { db } = call.pool
  for (const pif of list(db.must('host', host), 'PIFs')) {
    const row = db.get('PIF', pif)
    if (row && flag(row, 'management')) return pif
  }
  throw new XapiError('MANAGEMENT_INTERFACE_MISSING', text(db.must('host', host), 'uuid'))
}

export const maintenanceHandlers: Readonly<Record<string, Handler>> = {
  'host.disable': disable,
  'host.enable': enable,
  'host.evacuate': evacuate,
  'host.assert_can_evacuate': assertCanEvacuate,
  'host.get_vms_which_prevent_evacuation': (call: Call, host: string) =>
    preventing(call.pool, host),
  'host.reboot': stopping('reboot'),
  'host.shutdown': stopping('shutdown'),
  'host.power_on': powerOn,
  'host.compute_free_memory': computeFreeMemory,
  'host.set_multipathing': setMultipathing,
  'host.get_management_interface': getManagementInterface,
}
