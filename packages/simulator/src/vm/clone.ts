/** VM.clone, VM.copy, VM.snapshot, VM.checkpoint and what refuses them. */
import { isNull } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { featuresByType, featuresOf } from '../storage/features.ts'
import { vmMessage } from './messages.ts'
import { assertVmOperation, withVmOperation } from './operation.ts'
import { flag, list, text } from './row.ts'
import { saveMemory } from './suspend.ts'
import { dropSuspendImage } from './suspend-image.ts'
import { copyVm } from './vm-copy.ts'
import { follow } from './views.ts'

async function clone(call: Call, vm: string, name: string): Promise<string> {
  const made = await withVmOperation(call, vm, 'clone', () =>
    copyVm(call, vm, { flavour: 'clone', name }),
  )
  announceCopy(call, vm, made)
  return made
}

async function copy(call: Call, vm: string, name: string, sr: string): Promise<string> {
  const { db } = call.pool
  db.must('VM', vm)
  if (!isNull(sr)) db.must('SR', sr)
  const made = await withVmOperation(call, vm, 'copy', () =>
    copyVm(call, vm, { flavour: 'copy', name, sr }),
  )
  announceCopy(call, vm, made)
  return made
}

function announceCopy(call: Call, vm: string, copied: string): void {
  const uuid = text(call.pool.db.must('VM', copied), 'uuid')
  vmMessage(call.pool, vm, 'VM_CLONED', `cloned (new uuid: ${uuid})`)
}

async function snapshot(
  call: Call,
  vm: string,
  name: string,
  ignoreVdis: string[],
): Promise<string> {
  call.pool.db.must('VM', vm)
  const made = await withVmOperation(call, vm, 'snapshot', () =>
    copyVm(call, vm, { flavour: 'snapshot', name, ignoreVdis }),
  )
  vmMessage(call.pool, vm, 'VM_SNAPSHOTTED', `snapshotted, snapshot name: ${name}`)
  return made
}

/** @throws XapiError VM_SNAPSHOT_WITH_QUIESCE_NOT_SUPPORTED[vm], or what comes before it */
function snapshotWithQuiesce(call: Call, vm: string): never {
  assertVmOperation(call, vm, 'snapshot_with_quiesce')
  throw new XapiError('VM_SNAPSHOT_WITH_QUIESCE_NOT_SUPPORTED', vm)
}

/** @throws XapiError SR_OPERATION_NOT_SUPPORTED with the **VM**, as xapi sends it */
function assertSnapshotStorage(call: Call, vm: string): void {
  const { db } = call.pool
  const types = featuresByType(db)
  for (const vbd of list(db.must('VM', vm), 'VBDs')) {
    const row = db.get('VBD', vbd)
    if (!row || row['type'] === 'CD' || flag(row, 'empty')) continue
    const vdi = follow(db, 'VDI', row, 'VDI')
    const sr = vdi && follow(db, 'SR', vdi, 'SR')
    if (sr && !featuresOf(types, text(sr, 'type')).has('VDI_SNAPSHOT')) {
      throw new XapiError('SR_OPERATION_NOT_SUPPORTED', vm)
    }
  }
}

/** Suspends the VM, snapshots disks and memory, lets the VM go on in its domain. */
async function checkpoint(call: Call, vm: string, name: string): Promise<string> {
  const { pool } = call
  pool.db.must('VM', vm)
  const made = await withVmOperation(call, vm, 'checkpoint', async () => {
    const powerStateBefore = text(pool.db.must('VM', vm), 'power_state')
    const request = { flavour: 'checkpoint', name, powerStateBefore } as const
    if (powerStateBefore !== 'Running') return copyVm(call, vm, request)
    assertSnapshotStorage(call, vm)
    await saveMemory(call, vm)
    pool.db.write('VM', vm, { power_state: 'Suspended' })
    try {
      return await copyVm(call, vm, request)
    } finally {
      // The domain stays where it was: a checkpoint does not move its VM.
      pool.db.write('VM', vm, { power_state: 'Running' })
      dropSuspendImage(pool, vm)
    }
  })
  vmMessage(pool, vm, 'VM_CHECKPOINTED', `checkpointed, snapshot name: ${name}`)
  return made
}

export const cloneHandlers: Readonly<Record<string, Handler>> = {
  'VM.clone': clone,
  'VM.copy': copy,
  'VM.snapshot': snapshot,
  'VM.snapshot_with_quiesce': snapshotWithQuiesce,
  'VM.checkpoint': checkpoint,
}
