/** VM.revert: a VM becomes what its snapshot is (PROTOCOL section 5.7). */
import type { Row } from '../db/database.ts'
import { NULL_REF } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { deriveVdi, removeVdi } from '../storage/vdi-store.ts'
import { refreshVmAndDevices } from './allowed.ts'
import { copyMetrics, copyVbd, copyVif, copyVtpms, destroyVbd, destroyVif } from './device-copy.ts'
import { copyGuestMetrics } from './guest.ts'
import { vmMessage } from './messages.ts'
import { withVmOperation } from './operation.ts'
import { list, refOrNone, text } from './row.ts'
import { fromSnapshotMetadata } from './snapshot-metadata.ts'
import { enterHalted } from './transition.ts'
import { dropSuspendImage } from './suspend-image.ts'
import { work } from './work.ts'

/** Not settings: identity, place in the tree, state, devices, and what xapi keeps (5.7). */
const KEPT = new Set([
  'uuid',
  'name_label',
  'allowed_operations',
  'current_operations',
  'power_state',
  'is_a_template',
  'is_default_template',
  'is_a_snapshot',
  'snapshot_of',
  'snapshots',
  'snapshot_time',
  'snapshot_info',
  'snapshot_metadata',
  'transportable_snapshot_id',
  'parent',
  'children',
  'suspend_VDI',
  'resident_on',
  'scheduled_to_be_resident_on',
  'domid',
  'consoles',
  'VBDs',
  'VIFs',
  'VGPUs',
  'VUSBs',
  'VTPMs',
  'crash_dumps',
  'attached_PCIs',
  'metrics',
  'guest_metrics',
  'protection_policy',
  'snapshot_schedule',
  'tags',
  'affinity',
  'groups',
  'blobs',
])

/** Errors the client sees as they are; all others become VM_REVERT_FAILED. */
const TOLD = new Set(['SR_BACKEND_FAILURE_44', 'SR_BACKEND_FAILURE_109', 'VDI_INCOMPATIBLE_TYPE'])

function revertSettings(pool: Pool, vm: string, snapshot: string): void {
  const row = pool.db.must('VM', snapshot)
  const fields: Row = {}
  for (const [field, value] of Object.entries(row)) if (!KEPT.has(field)) fields[field] = value
  const name = fromSnapshotMetadata(text(row, 'snapshot_metadata'), 'name_label')
  if (name !== undefined) fields['name_label'] = name
  pool.db.write('VM', vm, { ...fields, ha_always_run: false })
}

function destroyDisk(pool: Pool, vdi: string | undefined): void {
  const row = vdi === undefined ? undefined : pool.db.get('VDI', vdi)
  if (vdi !== undefined && row) removeVdi(pool, vdi)
}

/** All snapshots of the disk that goes now belong to the disk that comes. */
function adoptSnapshots(pool: Pool, original: string, replacement: string): void {
  for (const [vdi, row] of pool.db.all('VDI')) {
    if (row['snapshot_of'] === original && vdi !== replacement) {
      pool.db.write('VDI', vdi, { snapshot_of: replacement })
    }
  }
}

/** Disks made after the snapshot stay in their SR, attached to nothing. */
function revertDisks(pool: Pool, vm: string, snapshot: string): void {
  const { db } = pool
  const snapshotVbds = list(db.must('VM', snapshot), 'VBDs').filter((vbd) => db.get('VBD', vbd))
  const replaced = new Set<string>()
  const made: { vbd: string; vdi: string }[] = []
  try {
    for (const vbd of snapshotVbds) {
      const row = db.must('VBD', vbd)
      const vdi = refOrNone(row, 'VDI')
      if (row['type'] === 'CD' || vdi === undefined || !db.get('VDI', vdi)) {
        made.push({ vbd, vdi: vdi ?? NULL_REF })
        continue
      }
      const original = text(db.must('VDI', vdi), 'snapshot_of')
      const clone = deriveVdi(pool, vdi, 'clone')
      made.push({ vbd, vdi: clone })
      replaced.add(original)
      adoptSnapshots(pool, original, clone)
    }
  } catch (error) {
    for (const { vbd, vdi } of made)
      if (db.get('VBD', vbd)?.['type'] !== 'CD') destroyDisk(pool, vdi)
    throw error
  }
  for (const vbd of list(db.must('VM', vm), 'VBDs')) {
    const vdi = refOrNone(db.get('VBD', vbd) ?? {}, 'VDI')
    destroyVbd(pool, vbd)
    if (vdi !== undefined && replaced.has(vdi)) destroyDisk(pool, vdi)
  }
  const attached = db.must('VM', snapshot)['power_state'] === 'Suspended'
  for (const { vbd, vdi } of made) copyVbd(pool, vbd, vm, vdi, { owner: false, attached })
}

function revertDevices(pool: Pool, vm: string, snapshot: string): void {
  const { db } = pool
  const source = db.must('VM', snapshot)
  const attached = source['power_state'] === 'Suspended'
  for (const vif of list(db.must('VM', vm), 'VIFs')) destroyVif(pool, vif)
  for (const vif of list(source, 'VIFs')) {
    if (db.get('VIF', vif)) copyVif(pool, vif, vm, { keepMac: true, attached })
  }
  for (const vusb of list(db.must('VM', vm), 'VUSBs')) {
    if (db.get('VUSB', vusb)) db.destroy('VUSB', vusb)
  }
  for (const vtpm of list(db.must('VM', vm), 'VTPMs')) {
    if (db.get('VTPM', vtpm)) db.destroy('VTPM', vtpm)
  }
  copyVtpms(pool, snapshot, vm)
}

function revertMetrics(pool: Pool, vm: string, snapshot: string): void {
  const { db } = pool
  const old = db.must('VM', vm)
  const fields = {
    metrics: copyMetrics(pool, snapshot),
    guest_metrics: copyGuestMetrics(pool, snapshot),
  }
  const { metrics, guest_metrics: guest } = old
  db.write('VM', vm, fields)
  if (typeof metrics === 'string' && db.get('VM_metrics', metrics))
    db.destroy('VM_metrics', metrics)
  if (typeof guest === 'string' && db.get('VM_guest_metrics', guest)) {
    db.destroy('VM_guest_metrics', guest)
  }
}

/** The VM of a snapshot whose VM is gone, made again under its old uuid. */
function recreate(pool: Pool, snapshot: string): string {
  const { db } = pool
  const row = db.must('VM', snapshot)
  const gone = text(row, 'snapshot_of')
  const metadata = text(row, 'snapshot_metadata')
  const fields: Row = {}
  for (const [field, value] of Object.entries(row)) if (!KEPT.has(field)) fields[field] = value
  const uuid = fromSnapshotMetadata(metadata, 'uuid')
  const free = uuid !== undefined && db.byUuid('VM', uuid) === undefined
  const vm = db.create('VM', {
    ...fields,
    ...(free ? { uuid } : {}),
    name_label: fromSnapshotMetadata(metadata, 'name_label') ?? text(row, 'name_label'),
    power_state: 'Halted',
    is_a_template: false,
    is_a_snapshot: false,
    domid: -1,
    resident_on: NULL_REF,
    metrics: db.create('VM_metrics', {}),
    guest_metrics: NULL_REF,
  })
  for (const [ref, other] of db.all('VM')) {
    if (other['snapshot_of'] === gone) db.write('VM', ref, { snapshot_of: vm })
  }
  return vm
}

async function revert(call: Call, snapshot: string): Promise<void> {
  const { pool } = call
  const { db } = pool
  db.must('VM', snapshot)
  await withVmOperation(call, snapshot, 'revert', async () => {
    const of = refOrNone(db.must('VM', snapshot), 'snapshot_of')
    const vm = of !== undefined && db.get('VM', of) ? of : recreate(pool, snapshot)
    await withVmOperation(call, vm, 'reverting', async () => {
      try {
        await revertTo(call, vm, snapshot)
      } catch (error) {
        enterHalted(pool, vm)
        if (error instanceof XapiError && TOLD.has(error.code)) throw error
        throw new XapiError('VM_REVERT_FAILED', snapshot, vm)
      }
    })
    const row = db.must('VM', snapshot)
    const label = `${text(row, 'name_label')} (uuid ${text(row, 'uuid')})`
    vmMessage(pool, vm, 'VM_SNAPSHOT_REVERTED', `reverted to snapshot: ${label}`)
  })
}

async function revertTo(call: Call, vm: string, snapshot: string): Promise<void> {
  const { pool } = call
  const { db } = pool
  if (db.must('VM', vm)['power_state'] !== 'Halted') {
    dropSuspendImage(pool, vm)
    enterHalted(pool, vm)
  }
  revertSettings(pool, vm, snapshot)
  await work(call, 2, { from: 0.1, to: 0.6, cancellable: false })
  revertDisks(pool, vm, snapshot)
  revertDevices(pool, vm, snapshot)
  revertMetrics(pool, vm, snapshot)
  const image = refOrNone(db.must('VM', snapshot), 'suspend_VDI')
  const suspended = image !== undefined && db.get('VDI', image) !== undefined
  db.write('VM', vm, {
    parent: snapshot,
    suspend_VDI: suspended ? deriveVdi(pool, image, 'clone') : NULL_REF,
    power_state: suspended ? 'Suspended' : 'Halted',
  })
  refreshVmAndDevices(db, vm)
}

export const revertHandlers: Readonly<Record<string, Handler>> = { 'VM.revert': revert }
