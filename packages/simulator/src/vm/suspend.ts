/** Suspending VMs to disk and resuming them. */
import type { Call, Handler } from '../rpc/registry.ts'
import { removeVdi } from '../storage/vdi-store.ts'
import { hostLabel, vmMessage } from './messages.ts'
import { withDevicesMarked, withVmOperation } from './operation.ts'
import { assertCanBootHere, chooseHost } from './placement.ts'
import { assertNotEvacuating, withReservation } from './power.ts'
import { createSuspendImage, dropSuspendImage } from './suspend-image.ts'
import { enterRunning, enterSuspended } from './transition.ts'
import { work } from './work.ts'

/** Simulated seconds. */
const SUSPEND = 4
const RESUME = 3

/**
 * Writes the guest's memory to a new suspend image, which becomes the VM's.
 * @throws XapiError TASK_CANCELLED; nothing is left of a cancelled suspend
 */
export async function saveMemory(call: Call, vm: string, seconds = SUSPEND): Promise<void> {
  const { pool } = call
  const image = createSuspendImage(pool, vm)
  try {
    await work(call, seconds)
  } catch (error) {
    if (pool.db.get('VDI', image)) removeVdi(pool, image)
    throw error
  }
  pool.db.write('VM', vm, { suspend_VDI: image })
}

async function suspend(call: Call, vm: string): Promise<void> {
  await withVmOperation(call, vm, 'suspend', async () => {
    await saveMemory(call, vm)
    enterSuspended(call.pool, vm)
  })
  vmMessage(call.pool, vm, 'VM_SUSPENDED', 'suspended')
}

async function restore(
  call: Call,
  vm: string,
  operation: 'resume' | 'resume_on',
  wanted: string | undefined,
  paused: boolean,
): Promise<void> {
  const { pool } = call
  const host = await withVmOperation(call, vm, operation, () =>
    withDevicesMarked(call, vm, async () => {
      if (wanted !== undefined) assertCanBootHere(pool.db, vm, wanted)
      const chosen = wanted ?? chooseHost(pool, vm)
      await withReservation(call, vm, chosen, 'vm_resume', async () => {
        await work(call, RESUME)
        enterRunning(pool, vm, { host: chosen, paused, fresh: false })
        dropSuspendImage(pool, vm)
      })
      return chosen
    }),
  )
  vmMessage(pool, vm, 'VM_RESUMED', `resumed on host: ${hostLabel(pool, host)}`)
}

const resume = (call: Call, vm: string, paused: boolean): Promise<void> =>
  restore(call, vm, 'resume', undefined, paused)

async function resumeOn(call: Call, vm: string, host: string, paused: boolean): Promise<void> {
  call.pool.db.must('VM', vm)
  assertNotEvacuating(call, host)
  await restore(call, vm, 'resume_on', host, paused)
}

export const suspendHandlers: Readonly<Record<string, Handler>> = {
  'VM.suspend': suspend,
  'VM.resume': resume,
  'VM.resume_on': resumeOn,
}
