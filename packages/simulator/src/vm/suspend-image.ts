/** The disk that holds the memory of a suspended VM (PROTOCOL section 5.3). */
import { NULL_REF } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { XapiError } from '../rpc/errors.ts'
import { createVdi, removeVdi } from '../storage/vdi-store.ts'
import { hostSees } from '../storage/operation.ts'
import { int, refOrNone, text } from './row.ts'

const MIB = 1024 * 1024

/** Guest memory with 20 % for compression gone wrong, 5 % for the VHD, and the device model. */
function imageSize(staticMax: number): number {
  return Math.ceil(staticMax * 1.2 * 1.05) + 100 * MIB
}

/**
 * Where the image goes: VM.suspend_SR, the pool's, the host's.
 * @throws XapiError VM_NO_SUSPEND_SR[vm]
 */
function suspendSr(pool: Pool, vm: string): string {
  const { db } = pool
  const row = db.must('VM', vm)
  const host = text(row, 'resident_on')
  const poolRow = db.get('pool', pool.ref)
  const candidates = [
    refOrNone(row, 'suspend_SR'),
    poolRow && refOrNone(poolRow, 'suspend_image_SR'),
    refOrNone(db.must('host', host), 'suspend_image_sr'),
    poolRow && refOrNone(poolRow, 'default_SR'),
  ]
  for (const sr of candidates) {
    if (sr !== undefined && hostSees(db, host, sr)) return sr
  }
  throw new XapiError('VM_NO_SUSPEND_SR', vm)
}

/**
 * @returns ref of the new image; the caller sets VM.suspend_VDI once it is written
 * @throws XapiError VM_NO_SUSPEND_SR[vm], SR_SUSPEND_SPACE_INSUFFICIENT[sr]
 */
export function createSuspendImage(pool: Pool, vm: string): string {
  const sr = suspendSr(pool, vm)
  const size = imageSize(int(pool.db.must('VM', vm), 'memory_static_max'))
  try {
    return createVdi(pool, sr, size, {
      name_label: 'Suspend image',
      name_description: 'Suspend image',
      type: 'suspend',
      sharable: false,
      read_only: false,
    })
  } catch (error) {
    if (error instanceof XapiError && error.code === 'SR_BACKEND_FAILURE_44') {
      throw new XapiError('SR_SUSPEND_SPACE_INSUFFICIENT', sr)
    }
    throw error
  }
}

/** Deletes the VM's suspend image, if it has one. */
export function dropSuspendImage(pool: Pool, vm: string): void {
  const vdi = refOrNone(pool.db.must('VM', vm), 'suspend_VDI')
  if (vdi === undefined) return
  pool.db.write('VM', vm, { suspend_VDI: NULL_REF })
  if (pool.db.get('VDI', vdi)) removeVdi(pool, vdi)
}
