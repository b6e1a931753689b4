/** VBD.create (PROTOCOL section 5.8). */
import type { Row } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call } from '../rpc/registry.ts'
import { refreshVdi } from '../storage/allowed.ts'
import { refreshVbd } from './allowed.ts'
import { createVbdMetrics } from './device-copy.ts'
import { diskNumber, freeDisks, isValidUserdevice } from './device-name.ts'
import { flag, list, map, text } from './row.ts'

const ATTACHABLE = new Set([
  'system',
  'user',
  'ephemeral',
  'suspend',
  'crashdump',
  'metadata',
  'rrd',
  'pvs_cache',
])

function usedDevices(call: Call, vm: Row): string[] {
  return list(vm, 'VBDs').flatMap((vbd) => {
    const row = call.pool.db.get('VBD', vbd)
    return row ? [text(row, 'userdevice'), text(row, 'device')] : []
  })
}

/** Device numbers a new VBD of the VM may take, as VM.get_allowed_VBD_devices lists them. */
export function allowedVbdDevices(call: Call, vm: string): string[] {
  return freeDisks(usedDevices(call, call.pool.db.must('VM', vm))).map(String)
}

function assertRecord(call: Call, record: Row): void {
  const { db } = call.pool
  const empty = flag(record, 'empty')
  const vdi = text(record, 'VDI')
  if (!empty) {
    const type = text(db.must('VDI', vdi), 'type')
    if (!ATTACHABLE.has(type)) throw new XapiError('VDI_INCOMPATIBLE_TYPE', vdi, type)
  }
  if (record['type'] === 'CD' && record['mode'] !== 'RO') {
    throw new XapiError('VBD_CDS_MUST_BE_READONLY')
  }
  if (record['type'] !== 'CD' && empty) {
    throw new XapiError('VBD_NOT_REMOVABLE_MEDIA', 'in constructor')
  }
  if (!empty && record['mode'] === 'RW' && flag(db.must('VDI', vdi), 'read_only')) {
    throw new XapiError('VDI_READONLY', vdi)
  }
}

function assertNotMigrating(vm: string, row: Row): void {
  for (const [task, operation] of Object.entries(map(row, 'current_operations'))) {
    if (operation === 'pool_migrate' || operation === 'migrate_send') {
      throw new XapiError('OTHER_OPERATION_IN_PROGRESS', 'VM', vm, operation, task)
    }
  }
}

/** @throws XapiError INVALID_DEVICE[dev], DEVICE_ALREADY_EXISTS[dev] */
function chooseDevice(call: Call, vm: Row, userdevice: string, type: string): string {
  if (!isValidUserdevice(userdevice, type)) throw new XapiError('INVALID_DEVICE', userdevice)
  const used = usedDevices(call, vm)
  if (userdevice === 'autodetect') {
    const [first] = freeDisks(used)
    if (first === undefined) throw new XapiError('INVALID_DEVICE', userdevice)
    return String(first)
  }
  const disk = diskNumber(userdevice)
  const taken = used.some(
    (name) =>
      name !== '' && (name === userdevice || (disk !== undefined && diskNumber(name) === disk)),
  )
  if (taken) throw new XapiError('DEVICE_ALREADY_EXISTS', userdevice)
  return userdevice
}

/** @throws XapiError as listed in PROTOCOL 5.8 */
export function createVbd(call: Call, record: Row): string {
  const { pool } = call
  const { db } = pool
  const vm = text(record, 'VM')
  const row = db.must('VM', vm)
  assertRecord(call, record)
  assertNotMigrating(vm, row)
  const userdevice = chooseDevice(call, row, text(record, 'userdevice'), text(record, 'type'))
  const {
    uuid: _uuid,
    allowed_operations: _allowed,
    current_operations: _current,
    ...fields
  } = record
  const suspended = row['power_state'] === 'Suspended'
  const vbd = db.create('VBD', {
    ...fields,
    userdevice,
    device: suspended ? (record['device'] ?? '') : '',
    currently_attached: suspended && flag(record, 'currently_attached'),
    storage_lock: false,
    metrics: createVbdMetrics(pool),
  })
  refreshVbd(db, vbd)
  if (!flag(record, 'empty')) refreshVdi(db, text(record, 'VDI'))
  return vbd
}
