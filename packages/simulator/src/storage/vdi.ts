/** VDI messages (PROTOCOL section 6.5). */
import type { Database, Row, Value } from '../db/database.ts'
import { NULL_REF, isNull } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { int, list, text } from '../vm/row.ts'
import { refreshSr, refreshVdi } from './allowed.ts'
import {
  assertManaged,
  assertSrAttached,
  srOf,
  withSrOperation,
  withVdiOperation,
} from './operation.ts'
import { actualSize, assertRoom, changeUsage, fullSize } from './space.ts'
import { copyContents } from './vdi-copy.ts'
import { createVdi, deriveVdi, removeVdi } from './vdi-store.ts'

async function create(call: Call, record: Row): Promise<string> {
  const { db } = call.pool
  const sr = text(record, 'SR')
  db.must('SR', sr)
  if (record['type'] === 'cbt_metadata') {
    throw new XapiError('VDI_INCOMPATIBLE_TYPE', '', 'cbt_metadata')
  }
  const { virtual_size: _size, SR: _sr, ...fields } = record
  return withSrOperation(call, sr, 'vdi_create', () =>
    createVdi(call.pool, sr, int(record, 'virtual_size'), { ...fields, ...OWNED }),
  )
}

/** What a caller's record cannot decide. */
const OWNED: Row = { is_a_snapshot: false, snapshot_of: NULL_REF, managed: true, missing: false }

async function introduce(call: Call, ...params: Value[]): Promise<string> {
  const names = INTRODUCE.slice(0, params.length)
  const record: Row = Object.fromEntries(names.map((name, i) => [name, params[i] ?? '']))
  const { db } = call.pool
  const sr = text(record, 'SR')
  const location = text(record, 'location')
  for (const vdi of list(db.must('SR', sr), 'VDIs')) {
    if (location !== '' && db.get('VDI', vdi)?.['location'] === location) {
      throw new XapiError('LOCATION_NOT_UNIQUE', sr, location)
    }
  }
  const uuid = text(record, 'uuid')
  if (uuid !== '' && db.byUuid('VDI', uuid)) throw new XapiError('UUID_INVALID', 'VDI', uuid)
  return withSrOperation(call, sr, 'vdi_introduce', () => {
    const vdi = db.create('VDI', record)
    changeUsage(db, sr, {
      virtual: int(record, 'virtual_size'),
      physical: int(record, 'physical_utilisation'),
    })
    refreshVdi(db, vdi)
    refreshSr(db, sr)
    return vdi
  })
}

/** Parameters of VDI.introduce and VDI.db_introduce, which are fields of the row. */
const INTRODUCE = [
  'uuid',
  'name_label',
  'name_description',
  'SR',
  'type',
  'sharable',
  'read_only',
  'other_config',
  'location',
  'xenstore_data',
  'sm_config',
  'managed',
  'virtual_size',
  'physical_utilisation',
  'metadata_of_pool',
  'is_a_snapshot',
  'snapshot_time',
  'snapshot_of',
  'cbt_enabled',
]

async function destroy(call: Call, vdi: string): Promise<void> {
  const sr = srOf(call.pool.db, vdi)
  await withVdiOperation(call, vdi, 'destroy', () =>
    withSrOperation(call, sr, 'vdi_destroy', () => removeVdi(call.pool, vdi)),
  )
}

/** Removes the row only: the storage keeps the disk, VBDs keep pointing to it. */
async function forget(call: Call, vdi: string): Promise<void> {
  const { db } = call.pool
  await withVdiOperation(call, vdi, 'forget', () => {
    const row = db.must('VDI', vdi)
    db.destroy('VDI', vdi)
    changeUsage(db, text(row, 'SR'), {
      virtual: -int(row, 'virtual_size'),
      physical: -int(row, 'physical_utilisation'),
    })
    refreshSr(db, text(row, 'SR'))
  })
}

function grow(db: Database, vdi: string, size: number): void {
  const row = db.must('VDI', vdi)
  const sr = text(row, 'SR')
  assertSrAttached(db, sr)
  const before = int(row, 'virtual_size')
  if (size < before) {
    const reason = 'VDI Invalid size [opterr=shrinking not allowed]'
    throw new XapiError('SR_BACKEND_FAILURE_79', '', reason, '')
  }
  const after = actualSize(db, sr, size)
  const more = fullSize(db, sr, after) - fullSize(db, sr, before)
  assertRoom(db, sr, more)
  db.write('VDI', vdi, {
    virtual_size: after,
    physical_utilisation: int(row, 'physical_utilisation') + more,
  })
  changeUsage(db, sr, { virtual: after - before, physical: more })
}

async function resize(call: Call, vdi: string, size: number): Promise<void> {
  const sr = srOf(call.pool.db, vdi)
  await withVdiOperation(call, vdi, 'resize', () =>
    withSrOperation(call, sr, 'vdi_resize', () => grow(call.pool.db, vdi, size)),
  )
}

async function resizeOnline(call: Call, vdi: string, size: number): Promise<void> {
  await withVdiOperation(call, vdi, 'resize_online', () => grow(call.pool.db, vdi, size))
}

function deriving(kind: 'snapshot' | 'clone'): Handler {
  return async (call: Call, vdi: string) => {
    const sr = srOf(call.pool.db, vdi)
    return withVdiOperation(call, vdi, kind, () =>
      withSrOperation(call, sr, `vdi_${kind}`, () => deriveVdi(call.pool, vdi, kind)),
    )
  }
}

async function copy(
  call: Call,
  vdi: string,
  sr: string,
  _base: string,
  into: string,
): Promise<string> {
  const { db } = call.pool
  const row = db.must('VDI', vdi)
  if (isNull(into)) {
    db.must('SR', sr)
    return withVdiOperation(call, vdi, 'copy', () => copyContents(call, vdi, sr))
  }
  const target = db.must('VDI', into)
  if (target['read_only'] === true) throw new XapiError('VDI_READONLY', into)
  const size = int(row, 'virtual_size')
  if (int(target, 'virtual_size') < size) throw new XapiError('VDI_TOO_SMALL', into, String(size))
  return withVdiOperation(call, vdi, 'copy', () => copyContents(call, vdi, sr, into))
}

/** The disk gets its snapshot's size and contents. */
async function revert(call: Call, snapshot: string): Promise<void> {
  const { db } = call.pool
  await withVdiOperation(call, snapshot, 'revert_to', () => {
    const row = db.must('VDI', snapshot)
    const original = text(row, 'snapshot_of')
    const before = int(db.must('VDI', original), 'virtual_size')
    const virtual_size = int(row, 'virtual_size')
    db.write('VDI', original, { virtual_size })
    changeUsage(db, text(row, 'SR'), { virtual: virtual_size - before, physical: 0 })
  })
}

function setCbt(enabled: boolean): Handler {
  return async (call: Call, vdi: string) => {
    const operation = enabled ? 'enable_cbt' : 'disable_cbt'
    await withVdiOperation(call, vdi, operation, () =>
      call.pool.db.write('VDI', vdi, { cbt_enabled: enabled }),
    )
  }
}

async function setOnBoot(call: Call, vdi: string, value: string): Promise<void> {
  await withVdiOperation(call, vdi, 'set_on_boot', () =>
    call.pool.db.write('VDI', vdi, { on_boot: value }),
  )
}

/** Names are kept in the storage itself, so it has to be there. */
function storedSetter(field: string): Handler {
  return (call: Call, vdi: string, value: Value) => {
    const { db } = call.pool
    assertSrAttached(db, srOf(db, db.must('VDI', vdi) && vdi))
    db.write('VDI', vdi, { [field]: value })
  }
}

function setter(field: string): Handler {
  return (call: Call, vdi: string, value: Value) => {
    call.pool.db.write('VDI', vdi, { [field]: value })
    refreshVdi(call.pool.db, vdi)
  }
}

async function update(call: Call, vdi: string): Promise<void> {
  await withVdiOperation(call, vdi, 'update', () => undefined)
}

/** A disk that is in use moves under its VM; its reference changes (PROTOCOL section 5.9). */
async function poolMigrate(call: Call, vdi: string, sr: string): Promise<string> {
  const { db } = call.pool
  db.must('SR', sr)
  assertManaged(db, vdi)
  const row = db.must('VDI', vdi)
  if (row['cbt_enabled'] === true) throw new XapiError('VDI_CBT_ENABLED', vdi)
  const plugged = list(row, 'VBDs').some((vbd) => db.get('VBD', vbd)?.['currently_attached'])
  if (!plugged) throw new XapiError('VDI_NEEDS_VM_FOR_MIGRATE', vdi)
  return withVdiOperation(call, vdi, 'mirror', async () => {
    const moved = await copyContents(call, vdi, sr)
    const { uuid: _uuid, SR: _sr, VBDs: _vbds, snapshots: _snapshots, ...kept } = row
    const { sm_config: _config, location: _location, physical_utilisation: _used, ...rest } = kept
    db.write('VDI', moved, { ...withoutMirrors(rest), current_operations: {} })
    for (const vbd of list(db.must('VDI', vdi), 'VBDs')) db.write('VBD', vbd, { VDI: moved })
    removeVdi(call.pool, vdi)
    refreshVdi(db, moved)
    return moved
  })
}

function withoutMirrors(row: Row): Row {
  const { crash_dumps: _dumps, allowed_operations: _allowed, ...rest } = row
  return rest
}

export const vdiHandlers: Readonly<Record<string, Handler>> = {
  'VDI.create': create,
  'VDI.introduce': introduce,
  'VDI.db_introduce': introduce,
  'VDI.pool_introduce': introduce,
  'VDI.destroy': destroy,
  'VDI.forget': forget,
  'VDI.db_forget': forget,
  'VDI.resize': resize,
  'VDI.resize_online': resizeOnline,
  'VDI.snapshot': deriving('snapshot'),
  'VDI.clone': deriving('clone'),
  'VDI.copy': copy,
  'VDI.revert': revert,
  'VDI.pool_migrate': poolMigrate,
  'VDI.update': update,
  'VDI.enable_cbt': setCbt(true),
  'VDI.disable_cbt': setCbt(false),
  'VDI.set_on_boot': setOnBoot,
  'VDI.set_name_label': storedSetter('name_label'),
  'VDI.set_name_description': storedSetter('name_description'),
  'VDI.set_sharable': setter('sharable'),
  'VDI.set_read_only': setter('read_only'),
  'VDI.set_allow_caching': setter('allow_caching'),
}
