/** VBD messages (PROTOCOL section 5.8). */
import { NULL_REF } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { refreshVdi } from '../storage/allowed.ts'
import { assertManaged } from '../storage/operation.ts'
import { refreshVbd } from './allowed.ts'
import { withOperation } from './current-operation.ts'
import { destroyVbd } from './device-copy.ts'
import { vbdErrors } from './device-operations.ts'
import { diskNumber, linuxDevice } from './device-name.ts'
import { flag, refOrNone, raise, text } from './row.ts'
import { createVbd } from './vbd-create.ts'
import { vbdView } from './views.ts'
import { work } from './work.ts'

/** Simulated seconds until a guest has taken notice of a device. */
const HOTPLUG = 0.5

function withVbdOperation(
  call: Call,
  vbd: string,
  operation: string,
  body: () => void | Promise<void>,
): Promise<void> {
  const { db } = call.pool
  const vdi = refOrNone(db.must('VBD', vbd), 'VDI')
  const check = () => vbdErrors(vbdView(db, vbd)).get(operation)
  const refresh = () => {
    refreshVbd(db, vbd)
    if (vdi !== undefined) refreshVdi(db, vdi)
  }
  return withOperation(call, { cls: 'VBD', ref: vbd, operation, check, refresh }, body)
}

async function plug(call: Call, vbd: string): Promise<void> {
  const { db } = call.pool
  await withVbdOperation(call, vbd, 'plug', async () => {
    await work(call, HOTPLUG)
    const userdevice = text(db.must('VBD', vbd), 'userdevice')
    const disk = diskNumber(userdevice)
    const device = disk === undefined ? userdevice : linuxDevice(disk)
    db.write('VBD', vbd, { currently_attached: true, device })
  })
}

function unplugging(operation: 'unplug' | 'unplug_force'): Handler {
  return async (call: Call, vbd: string) => {
    await withVbdOperation(call, vbd, operation, async () => {
      await work(call, HOTPLUG)
      call.pool.db.write('VBD', vbd, { currently_attached: false })
    })
  }
}

async function insert(call: Call, vbd: string, vdi: string): Promise<void> {
  const { db } = call.pool
  db.must('VBD', vbd)
  db.must('VDI', vdi)
  assertManaged(db, vdi)
  await withVbdOperation(call, vbd, 'insert', () => {
    db.write('VBD', vbd, { VDI: vdi, empty: false })
  })
  refreshVdi(db, vdi)
}

async function eject(call: Call, vbd: string): Promise<void> {
  const { db } = call.pool
  await withVbdOperation(call, vbd, 'eject', () => {
    db.write('VBD', vbd, { VDI: NULL_REF, empty: true })
  })
}

/** @throws XapiError OPERATION_NOT_ALLOWED while the device is attached */
function destroy(call: Call, vbd: string): void {
  const { db } = call.pool
  const row = db.must('VBD', vbd)
  const vdi = refOrNone(row, 'VDI')
  const state = db.get('VM', text(row, 'VM'))?.['power_state']
  if (flag(row, 'currently_attached') && state !== 'Halted' && state !== 'Suspended') {
    const reason = `VBD '${text(row, 'uuid')}' still attached to '${text(row, 'VM')}'`
    throw new XapiError('OPERATION_NOT_ALLOWED', reason)
  }
  destroyVbd(call.pool, vbd)
  if (vdi !== undefined) refreshVdi(db, vdi)
}

function assertAttachable(call: Call, vbd: string): void {
  call.pool.db.must('VBD', vbd)
  raise(vbdErrors(vbdView(call.pool.db, vbd)).get('attach'))
}

/** @throws XapiError VM_BAD_POWER_STATE unless halted */
function setMode(call: Call, vbd: string, mode: string): void {
  const { db } = call.pool
  const row = db.must('VBD', vbd)
  const vm = text(row, 'VM')
  const state = text(db.must('VM', vm), 'power_state')
  if (state !== 'Halted')
    throw new XapiError('VM_BAD_POWER_STATE', vm, 'halted', state.toLowerCase())
  const vdi = refOrNone(row, 'VDI')
  if (mode === 'RW' && row['type'] === 'CD') throw new XapiError('VBD_CDS_MUST_BE_READONLY')
  if (mode === 'RW' && vdi !== undefined && flag(db.must('VDI', vdi), 'read_only')) {
    throw new XapiError('VDI_READONLY', vdi)
  }
  db.write('VBD', vbd, { mode })
  refreshVbd(db, vbd)
}

export const vbdHandlers: Readonly<Record<string, Handler>> = {
  'VBD.create': createVbd,
  'VBD.destroy': destroy,
  'VBD.plug': plug,
  'VBD.unplug': unplugging('unplug'),
  'VBD.unplug_force': unplugging('unplug_force'),
  'VBD.unplug_force_no_safety_check': unplugging('unplug_force'),
  'VBD.insert': insert,
  'VBD.eject': eject,
  'VBD.assert_attachable': assertAttachable,
  'VBD.set_mode': setMode,
}
