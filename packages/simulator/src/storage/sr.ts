/** SR messages (PROTOCOL section 6.1). */
import type { Database, Value } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { flag, int, list, map, text } from '../vm/row.ts'
import { work } from '../vm/work.ts'
import { refreshSr } from './allowed.ts'
import { KNOWN_TYPES } from './features.ts'
import { assertSrAttached, withSrOperation } from './operation.ts'
import { attachPbd, createPbd } from './pbd.ts'

const GIB = 1024 ** 3
/** Size of new storage when nobody says: what the simulated disk array has. */
const DEFAULT_SIZE = 1024 * GIB

/** Parameters without which a driver cannot start, and its error when one is missing. */
const NEEDS: Readonly<
  Record<string, readonly (readonly [key: string, code: string, message: string])[]>
> = {
  nfs: [
    ['server', '102', 'The request is missing the server parameter'],
    ['serverpath', '101', 'The request is missing the serverpath parameter'],
  ],
  smb: [['server', '102', 'The request is missing the server parameter']],
  lvm: [['device', '90', 'The request is missing the device parameter']],
  ext: [['device', '90', 'The request is missing the device parameter']],
  lvmoiscsi: [
    ['target', '95', 'The request is missing the target parameter'],
    ['targetIQN', '96', 'The request is missing or has an incorrect target IQN parameter'],
    ['SCSIid', '107', 'The SCSIid parameter is missing or incorrect'],
  ],
  lvmohba: [['SCSIid', '107', 'The SCSIid parameter is missing or incorrect']],
  iso: [['location', '220', 'The location parameter is missing']],
}

function supportedTypes(db: Database): string[] {
  const types = [...db.all('SM')].map(([, row]) => text(row, 'type'))
  return types.length > 0 ? [...new Set(types)] : [...KNOWN_TYPES]
}

/** @throws XapiError SR_UNKNOWN_DRIVER[type], SR_BACKEND_FAILURE_n["", message, ""] */
function assertDriver(db: Database, type: string, config: Record<string, string>): void {
  if (!supportedTypes(db).includes(type)) throw new XapiError('SR_UNKNOWN_DRIVER', type)
  for (const [key, code, message] of NEEDS[type] ?? []) {
    if (!config[key]) throw new XapiError(`SR_BACKEND_FAILURE_${code}`, '', message, '')
  }
}

async function create(
  call: Call,
  host: string,
  deviceConfig: Record<string, string>,
  physicalSize: number,
  name_label: string,
  name_description: string,
  type: string,
  content_type: string,
  shared: boolean,
  sm_config: Record<string, string>,
): Promise<string> {
  const { pool } = call
  const { db } = pool
  db.must('host', host)
  const driver = type.toLowerCase()
  assertDriver(db, driver, deviceConfig)
  await work(call, 3, { to: 0.8 })
  const sr = db.create('SR', {
    name_label,
    name_description,
    type: driver,
    content_type,
    shared,
    sm_config,
    physical_size: -1,
    physical_utilisation: -1,
    virtual_allocation: 0,
  })
  const hosts = shared ? [...db.all('host')].map(([ref]) => ref) : [host]
  for (const each of hosts) {
    attachPbd(db, createPbd(call, { host: each, SR: sr, device_config: deviceConfig }))
  }
  db.write('SR', sr, {
    physical_size: physicalSize > 0 ? physicalSize : DEFAULT_SIZE,
    physical_utilisation: 0,
  })
  refreshSr(db, sr)
  return sr
}

function introduce(
  call: Call,
  uuid: string,
  name_label: string,
  name_description: string,
  type: string,
  content_type: string,
  shared: boolean,
  sm_config: Record<string, string>,
): string {
  const { db } = call.pool
  if (uuid !== '' && db.byUuid('SR', uuid)) throw new XapiError('SR_UUID_EXISTS', uuid)
  const driver = type.toLowerCase()
  if (!supportedTypes(db).includes(driver)) throw new XapiError('SR_UNKNOWN_DRIVER', driver)
  const labels = {
    uuid,
    name_label,
    name_description,
    type: driver,
    content_type,
    shared,
    sm_config,
  }
  const counters = { physical_size: -1, physical_utilisation: -1, virtual_allocation: 0 }
  const sr = db.create('SR', { ...labels, ...counters })
  refreshSr(db, sr)
  return sr
}

/** Removes the pool's knowledge of the SR: connections, disks, the SR itself. */
function removeRows(db: Database, sr: string): void {
  const row = db.must('SR', sr)
  for (const pbd of list(row, 'PBDs')) if (db.get('PBD', pbd)) db.destroy('PBD', pbd)
  for (const vdi of list(row, 'VDIs')) if (db.get('VDI', vdi)) db.destroy('VDI', vdi)
  db.destroy('SR', sr)
}

async function forget(call: Call, sr: string): Promise<void> {
  const { db } = call.pool
  await withSrOperation(call, sr, 'forget', () => removeRows(db, sr))
}

/** @throws XapiError SR_INDESTRUCTIBLE[sr], SR_IS_CACHE_SR[host], and what srOperationError says */
async function destroy(call: Call, sr: string): Promise<void> {
  const { db } = call.pool
  const row = db.must('SR', sr)
  if (map(row, 'other_config')['indestructible'] === 'true') {
    throw new XapiError('SR_INDESTRUCTIBLE', sr)
  }
  for (const [host, hostRow] of db.all('host')) {
    if (flag(row, 'local_cache_enabled') && hostRow['local_cache_sr'] === sr) {
      throw new XapiError('SR_IS_CACHE_SR', host)
    }
  }
  await withSrOperation(call, sr, 'destroy', async () => {
    await work(call, 2)
    removeRows(db, sr)
  })
}

/** The rows are the storage here, so a scan finds only its counters to correct. */
async function scan(call: Call, sr: string): Promise<void> {
  const { db } = call.pool
  db.must('SR', sr)
  assertSrAttached(db, sr)
  await withSrOperation(call, sr, 'scan', async () => {
    await work(call, 1)
    const row = db.must('SR', sr)
    const disks = list(row, 'VDIs')
      .map((vdi) => db.get('VDI', vdi))
      .filter((vdi) => vdi !== undefined)
    const sum = (field: string): number => disks.reduce((total, vdi) => total + int(vdi, field), 0)
    const used = sum('physical_utilisation')
    const size = int(row, 'physical_size')
    // Metadata of real storage takes space that belongs to no disk.
    const physical_utilisation = Math.max(used, int(row, 'physical_utilisation'))
    db.write('SR', sr, {
      virtual_allocation: sum('virtual_size'),
      physical_utilisation: size > 0 ? Math.min(size, physical_utilisation) : physical_utilisation,
    })
  })
}

async function update(call: Call, sr: string): Promise<void> {
  await withSrOperation(call, sr, 'update', () => undefined)
}

/** Names are kept in the storage itself, so it has to be there. */
function storedSetter(field: string): Handler {
  return (call: Call, sr: string, value: Value) => {
    call.pool.db.must('SR', sr)
    assertSrAttached(call.pool.db, sr)
    call.pool.db.write('SR', sr, { [field]: value })
  }
}

function setShared(call: Call, sr: string, value: boolean): void {
  const { db } = call.pool
  if (!value && list(db.must('SR', sr), 'PBDs').length > 1) {
    throw new XapiError('SR_HAS_MULTIPLE_PBDS', sr)
  }
  db.write('SR', sr, { shared: value })
}

export const srHandlers: Readonly<Record<string, Handler>> = {
  'SR.create': create,
  'SR.introduce': introduce,
  'SR.forget': forget,
  'SR.destroy': destroy,
  'SR.scan': scan,
  'SR.update': update,
  'SR.get_supported_types': (call: Call) => supportedTypes(call.pool.db),
  'SR.set_name_label': storedSetter('name_label'),
  'SR.set_name_description': storedSetter('name_description'),
  'SR.set_shared': setShared,
  'SR.set_physical_size': (call: Call, sr: string, value: number) => {
    call.pool.db.write('SR', sr, { physical_size: value })
  },
}
