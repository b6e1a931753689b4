/** Starting, stopping, restarting and pausing VMs (PROTOCOL sections 5.2 to 5.4). */
import { isLive, withHostOperation } from '../host/allowed.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { prepareBoot } from './boot.ts'
import { releaseMemory, reserveMemory } from './host-memory.ts'
import { hostLabel, vmMessage } from './messages.ts'
import { cancelOperations, withDevicesMarked, withVmOperation } from './operation.ts'
import { assertCanBootHere, chooseHost } from './placement.ts'
import { flag, map, refOrNone, text } from './row.ts'
import { dropSuspendImage } from './suspend-image.ts'
import { enterHalted, enterRunning, rebootDomain } from './transition.ts'
import { refreshVmAndDevices } from './allowed.ts'
import { scheduleGuestReport } from './guest.ts'
import { work } from './work.ts'

/** Simulated seconds. */
const START = 2
const CLEAN_STOP = 3
const HARD_STOP = 0.5

/** Reserves the VM's memory on the host while `body` runs; a failure gives it back. */
export async function withReservation<T>(
  call: Call,
  vm: string,
  host: string,
  hostOperation: string,
  body: () => Promise<T>,
): Promise<T> {
  const { db } = call.pool
  return withHostOperation(call, host, hostOperation, async () => {
    assertCanBootHere(db, vm, host)
    reserveMemory(db, vm, host)
    try {
      return await body()
    } finally {
      releaseMemory(db, vm, host)
    }
  })
}

/** @throws XapiError HOST_EVACUATE_IN_PROGRESS[host] */
export function assertNotEvacuating(call: Call, host: string): void {
  const operations = Object.values(map(call.pool.db.must('host', host), 'current_operations'))
  if (operations.includes('evacuate')) throw new XapiError('HOST_EVACUATE_IN_PROGRESS', host)
}

async function boot(
  call: Call,
  vm: string,
  operation: 'start' | 'start_on',
  wanted: string | undefined,
  paused: boolean,
): Promise<void> {
  const { pool } = call
  const host = await withVmOperation(call, vm, operation, () =>
    withDevicesMarked(call, vm, async () => {
      prepareBoot(pool, vm)
      if (wanted !== undefined) assertCanBootHere(pool.db, vm, wanted)
      const chosen = wanted ?? chooseHost(pool, vm)
      await withReservation(call, vm, chosen, 'vm_start', async () => {
        await work(call, START)
        enterRunning(pool, vm, { host: chosen, paused, fresh: true })
      })
      return chosen
    }),
  )
  vmMessage(pool, vm, 'VM_STARTED', `started on host: ${hostLabel(pool, host)}`)
}

const start = (call: Call, vm: string, paused: boolean): Promise<void> =>
  boot(call, vm, 'start', undefined, paused)

async function startOn(call: Call, vm: string, host: string, paused: boolean): Promise<void> {
  call.pool.db.must('VM', vm)
  assertNotEvacuating(call, host)
  await boot(call, vm, 'start_on', host, paused)
}

async function cleanShutdown(call: Call, vm: string): Promise<void> {
  await withVmOperation(call, vm, 'clean_shutdown', async () => {
    await work(call, CLEAN_STOP)
    enterHalted(call.pool, vm)
  })
  vmMessage(call.pool, vm, 'VM_SHUTDOWN', 'shutdown')
}

/** Cleanly where the guest can, else forcibly. */
async function shutdown(call: Call, vm: string): Promise<void> {
  const { db } = call.pool
  await withVmOperation(call, vm, 'shutdown', async () => {
    const live = db.must('VM', vm)['power_state'] === 'Running'
    await work(call, live ? CLEAN_STOP : HARD_STOP)
    dropSuspendImage(call.pool, vm)
    enterHalted(call.pool, vm)
  })
  vmMessage(call.pool, vm, 'VM_SHUTDOWN', 'shutdown')
}

const STOPPED_BY_HARD_SHUTDOWN = [
  'clean_shutdown',
  'clean_reboot',
  'hard_reboot',
  'pool_migrate',
  'call_plugin',
  'shutdown',
  'suspend',
]

async function hardShutdown(call: Call, vm: string): Promise<void> {
  const { pool } = call
  await withVmOperation(call, vm, 'hard_shutdown', async () => {
    await cancelOperations(call, vm, STOPPED_BY_HARD_SHUTDOWN)
    await work(call, HARD_STOP, { cancellable: false })
    // A suspended VM has nothing but its image to lose.
    dropSuspendImage(pool, vm)
    enterHalted(pool, vm)
  })
  vmMessage(pool, vm, 'VM_SHUTDOWN', 'shutdown forcibly')
}

async function cleanReboot(call: Call, vm: string): Promise<void> {
  await withVmOperation(call, vm, 'clean_reboot', () =>
    withDevicesMarked(call, vm, async () => {
      await work(call, CLEAN_STOP + START)
      rebootDomain(call.pool, vm)
    }),
  )
  vmMessage(call.pool, vm, 'VM_REBOOTED', 'rebooted cleanly')
}

async function hardReboot(call: Call, vm: string): Promise<void> {
  await withVmOperation(call, vm, 'hard_reboot', async () => {
    const stopped = ['clean_shutdown', 'clean_reboot', 'pool_migrate', 'call_plugin', 'suspend']
    await cancelOperations(call, vm, stopped)
    await withDevicesMarked(call, vm, async () => {
      await work(call, START, { cancellable: false })
      rebootDomain(call.pool, vm)
    })
  })
  vmMessage(call.pool, vm, 'VM_REBOOTED', 'rebooted forcibly')
}

async function pause(call: Call, vm: string): Promise<void> {
  const { pool } = call
  await withVmOperation(call, vm, 'pause', () => {
    pool.db.write('VM', vm, { power_state: 'Paused' })
  })
  vmMessage(pool, vm, 'VM_PAUSED', 'paused')
}

async function unpause(call: Call, vm: string): Promise<void> {
  const { pool } = call
  await withVmOperation(call, vm, 'unpause', () => {
    pool.db.write('VM', vm, { power_state: 'Running' })
    // Started paused, the guest boots only now.
    scheduleGuestReport(pool, vm)
  })
  vmMessage(pool, vm, 'VM_UNPAUSED', 'unpaused')
}

/** The database only: for a VM whose host is known to be gone. */
function powerStateReset(call: Call, vm: string): void {
  const { pool } = call
  const row = pool.db.must('VM', vm)
  if (flag(row, 'is_control_domain')) {
    const reason = 'Cannot reset the power state of a control domain'
    throw new XapiError('OPERATION_NOT_ALLOWED', reason)
  }
  const host = refOrNone(row, 'resident_on')
  const state = text(row, 'power_state')
  if (host !== undefined && (state === 'Running' || state === 'Paused') && isLive(pool.db, host)) {
    throw new XapiError('HOST_IS_LIVE', host)
  }
  pool.db.write('VM', vm, { current_operations: {} })
  enterHalted(pool, vm)
  refreshVmAndDevices(pool.db, vm)
}

export const powerHandlers: Readonly<Record<string, Handler>> = {
  'VM.start': start,
  'VM.start_on': startOn,
  'VM.clean_shutdown': cleanShutdown,
  'VM.shutdown': shutdown,
  'VM.hard_shutdown': hardShutdown,
  'VM.clean_reboot': cleanReboot,
  'VM.hard_reboot': hardReboot,
  'VM.pause': pause,
  'VM.unpause': unpause,
  'VM.power_state_reset': powerStateReset,
}
