/** Clones, copies, snapshots and checkpoints of a VM: one flow, four flavours (PROTOCOL 5.6, 5.7). */
import { NEVER } from '../clock.ts'
import type { Row } from '../db/database.ts'
import { NULL_REF, isNull } from '../db/database.ts'
import type { Call } from '../rpc/registry.ts'
import { withVdiOperation } from '../storage/operation.ts'
import { copyContents } from '../storage/vdi-copy.ts'
import { deriveVdi, removeVdi } from '../storage/vdi-store.ts'
import { refreshVmAndDevices } from './allowed.ts'
import { copyMetrics, copyVbd, copyVif, copyVtpms } from './device-copy.ts'
import { copyGuestMetrics, dropGuest } from './guest.ts'
import { flag, list, map, refOrNone, text } from './row.ts'
import { snapshotMetadata } from './snapshot-metadata.ts'
import { work } from './work.ts'

export type Flavour = 'clone' | 'copy' | 'snapshot' | 'checkpoint'

export interface CopyRequest {
  readonly flavour: Flavour
  readonly name: string
  /** Of a full copy: the SR for the new disks; NULL keeps each disk in its own. */
  readonly sr?: string
  /** Disks a snapshot leaves out. */
  readonly ignoreVdis?: readonly string[]
  /** Of a checkpoint: the state before it suspended the VM. */
  readonly powerStateBefore?: string
}

/** Simulated seconds of a copy that shares the original's blocks. */
const FAST = 1.5

/** Computed, or the original's alone. */
const NOT_COPIED = new Set([
  'uuid',
  'allowed_operations',
  'blocked_operations',
  'consoles',
  'VIFs',
  'VBDs',
  'VUSBs',
  'VGPUs',
  'VTPMs',
  'crash_dumps',
  'snapshots',
  'children',
  'attached_PCIs',
  'groups',
  'blobs',
  'suspend_VDI',
  'pending_guidances',
  'pending_guidances_recommended',
  'pending_guidances_full',
])

interface CopiedDisk {
  readonly vbd: string
  readonly vdi: string
  /** Made for the copy: deleted again when the copy fails. */
  readonly made: boolean
}

async function copyDisk(call: Call, vdi: string, request: CopyRequest): Promise<string> {
  const { pool } = call
  switch (request.flavour) {
    case 'clone':
      return withVdiOperation(call, vdi, 'clone', () => deriveVdi(pool, vdi, 'clone'))
    case 'snapshot':
    case 'checkpoint':
      return withVdiOperation(call, vdi, 'snapshot', () => deriveVdi(pool, vdi, 'snapshot'))
    case 'copy': {
      const own = text(pool.db.must('VDI', vdi), 'SR')
      const sr = request.sr === undefined || isNull(request.sr) ? own : request.sr
      return withVdiOperation(call, vdi, 'copy', () =>
        copyContents(call, vdi, sr, undefined, { from: 0, to: 0.9 }),
      )
    }
  }
}

/** Discs in drives are shared with the original: an ISO is known by its file. */
async function copyDisks(
  call: Call,
  vbds: string[],
  request: CopyRequest,
  made: CopiedDisk[],
): Promise<void> {
  const { db } = call.pool
  for (const vbd of vbds) {
    const row = db.get('VBD', vbd)
    if (!row) continue
    const vdi = flag(row, 'empty') ? undefined : refOrNone(row, 'VDI')
    if (vdi === undefined || !db.get('VDI', vdi)) made.push({ vbd, vdi: NULL_REF, made: false })
    else if (row['type'] === 'CD') made.push({ vbd, vdi, made: false })
    else made.push({ vbd, vdi: await copyDisk(call, vdi, request), made: true })
  }
}

function newOtherConfig(call: Call, vm: Row, isSnapshot: boolean): Record<string, string> {
  const otherConfig = map(vm, 'other_config')
  if (!isSnapshot) otherConfig['mac_seed'] = call.pool.random.uuid()
  delete otherConfig['default_template']
  delete otherConfig['xensource_internal']
  if (flag(vm, 'is_a_template')) otherConfig['base_template_name'] ??= text(vm, 'name_label')
  return otherConfig
}

function newPowerState(flavour: Flavour, state: string): string {
  if (flavour === 'checkpoint')
    return state === 'Paused' || state === 'Halted' ? 'Halted' : 'Suspended'
  if (flavour === 'snapshot') return 'Halted'
  return state === 'Suspended' ? 'Suspended' : 'Halted'
}

function snapshotFields(call: Call, vm: string, row: Row, request: CopyRequest): Row {
  const before = request.powerStateBefore ?? text(row, 'power_state')
  return {
    is_a_template: true,
    is_a_snapshot: true,
    snapshot_of: vm,
    snapshot_time: call.pool.clock.iso(),
    snapshot_info: {
      'power-state-at-snapshot': before,
      'disk-snapshot-type': 'crash_consistent',
    },
    snapshot_metadata: snapshotMetadata(row),
    parent: row['parent'] ?? NULL_REF,
  }
}

const NOT_A_SNAPSHOT: Row = {
  is_a_snapshot: false,
  snapshot_of: NULL_REF,
  snapshot_time: NEVER,
  snapshot_info: {},
  snapshot_metadata: '',
  parent: NULL_REF,
}

/** The record of the copy, with the operation that makes it as its current one. */
function createRecord(call: Call, vm: string, request: CopyRequest): string {
  const { db } = call.pool
  const row = db.must('VM', vm)
  const isSnapshot = request.flavour === 'snapshot' || request.flavour === 'checkpoint'
  const fields: Row = {}
  for (const [field, value] of Object.entries(row)) {
    if (!NOT_COPIED.has(field)) fields[field] = value
  }
  const generation = text(row, 'generation_id')
  Object.assign(fields, {
    name_label: request.name,
    power_state: newPowerState(request.flavour, text(row, 'power_state')),
    current_operations: { [call.task.key]: request.flavour },
    is_default_template: false,
    other_config: newOtherConfig(call, row, isSnapshot),
    resident_on: NULL_REF,
    scheduled_to_be_resident_on: NULL_REF,
    domid: -1,
    ha_always_run: false,
    protection_policy: NULL_REF,
    snapshot_schedule: NULL_REF,
    appliance: NULL_REF,
    start_delay: 0,
    shutdown_delay: 0,
    order: 0,
    suspend_SR: NULL_REF,
    transportable_snapshot_id: '',
    version: 0,
    requires_reboot: false,
    generation_id: generation === '' || generation === '0:0' ? generation : freshGeneration(call),
    metrics: copyMetrics(call.pool, vm),
    guest_metrics: copyGuestMetrics(call.pool, vm),
    ...(isSnapshot ? snapshotFields(call, vm, row, request) : NOT_A_SNAPSHOT),
  })
  const copy = db.create('VM', fields)
  if (isSnapshot) db.write('VM', vm, { parent: copy })
  return copy
}

/** Two random 63-bit numbers, as Windows wants its generation. */
function freshGeneration(call: Call): string {
  const half = (): string =>
    (
      (BigInt(call.pool.random.uint32() >>> 1) << 32n) |
      BigInt(call.pool.random.uint32())
    ).toString()
  return `${half()}:${half()}`
}

/** Removes the new VM's record and what only it has; its disks are the caller's. */
function removeRecord(call: Call, copy: string): void {
  const { db } = call.pool
  const row = db.get('VM', copy)
  if (!row) return
  for (const cls of ['VBD', 'VIF', 'VTPM']) {
    for (const device of list(row, `${cls}s`)) if (db.get(cls, device)) db.destroy(cls, device)
  }
  dropGuest(call.pool, copy)
  const metrics = refOrNone(row, 'metrics')
  if (metrics !== undefined && db.get('VM_metrics', metrics)) db.destroy('VM_metrics', metrics)
  db.destroy('VM', copy)
}

/**
 * Makes the copy; the caller holds the VM's operation.
 * @returns ref of the new VM
 * @throws XapiError of the storage, or TASK_CANCELLED; nothing of the copy is left then
 */
export async function copyVm(call: Call, vm: string, request: CopyRequest): Promise<string> {
  const { pool } = call
  const { db } = pool
  const source = db.must('VM', vm)
  const isSnapshot = request.flavour === 'snapshot' || request.flavour === 'checkpoint'
  const ignored = request.ignoreVdis ?? []
  const vbds = list(source, 'VBDs').filter(
    (vbd) => !(isSnapshot && ignored.includes(String(db.get('VBD', vbd)?.['VDI']))),
  )
  const disks: CopiedDisk[] = []
  let copy: string | undefined
  let image: string | undefined
  const parent = text(source, 'parent')
  try {
    if (request.flavour !== 'copy') await work(call, FAST, { from: 0, to: 0.8 })
    await copyDisks(call, vbds, request, disks)
    call.task.throwIfCancelled()
    copy = createRecord(call, vm, request)
    const attached = db.must('VM', copy)['power_state'] === 'Suspended'
    for (const { vbd, vdi } of disks) copyVbd(pool, vbd, copy, vdi, { owner: true, attached })
    for (const vif of list(source, 'VIFs')) {
      if (db.get('VIF', vif)) copyVif(pool, vif, copy, { keepMac: isSnapshot, attached })
    }
    copyVtpms(pool, vm, copy)
    const original = refOrNone(source, 'suspend_VDI')
    if (original !== undefined && request.flavour !== 'snapshot' && db.get('VDI', original)) {
      image = await copyDisk(call, original, request)
      db.write('VM', copy, { suspend_VDI: image })
    }
  } catch (error) {
    if (copy !== undefined) {
      if (isSnapshot) db.write('VM', vm, { parent })
      removeRecord(call, copy)
    }
    for (const disk of disks) if (disk.made && db.get('VDI', disk.vdi)) removeVdi(pool, disk.vdi)
    throw error
  }
  db.write('VM', copy, { current_operations: {} })
  refreshVmAndDevices(db, copy)
  return copy
}
