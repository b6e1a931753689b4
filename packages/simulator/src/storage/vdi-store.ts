/** VDI rows and the space behind them; without locks, for whoever holds one. */
import type { Row } from '../db/database.ts'
import { NULL_REF } from '../db/database.ts'
import { NEVER } from '../clock.ts'
import type { Pool } from '../pool.ts'
import { XapiError } from '../rpc/errors.ts'
import { int, list, text } from '../vm/row.ts'
import { refreshSr, refreshVdi } from './allowed.ts'
import { assertSrAttached } from './operation.ts'
import { actualSize, assertRoom, changeUsage, copySize, differenceSize, fullSize } from './space.ts'

/** What snapshots, clones and copies take over from their source (PROTOCOL section 6.5). */
const INHERITED = [
  'name_label',
  'name_description',
  'type',
  'sharable',
  'other_config',
  'xenstore_data',
  'on_boot',
  'allow_caching',
  'tags',
] as const

function insert(pool: Pool, sr: string, fields: Row): string {
  const uuid = pool.random.uuid()
  const vdi = pool.db.create('VDI', {
    storage_lock: false,
    managed: true,
    missing: false,
    parent: NULL_REF,
    location: uuid,
    ...fields,
    uuid,
    SR: sr,
  })
  const row = pool.db.must('VDI', vdi)
  const virtual = int(row, 'virtual_size')
  changeUsage(pool.db, sr, { virtual, physical: int(row, 'physical_utilisation') })
  refreshVdi(pool.db, vdi)
  refreshSr(pool.db, sr)
  return vdi
}

/**
 * A new, empty disk.
 * @param size bytes, rounded up to what the SR can make
 * @throws XapiError SR_HAS_NO_PBDS, SR_BACKEND_FAILURE_78 (bad size), SR_BACKEND_FAILURE_44 (full)
 */
export function createVdi(pool: Pool, sr: string, size: number, fields: Row): string {
  const { db } = pool
  assertSrAttached(db, sr)
  if (size <= 0) {
    const reason = `VDI Creation failed [opterr=['INTERNAL_ERROR', 'Failure("Int64.of_string")']]`
    throw new XapiError('SR_BACKEND_FAILURE_78', '', reason, '')
  }
  const virtual_size = actualSize(db, sr, size)
  const physical_utilisation = fullSize(db, sr, virtual_size)
  assertRoom(db, sr, physical_utilisation)
  return insert(pool, sr, { ...fields, virtual_size, physical_utilisation })
}

export type Derivation = 'snapshot' | 'clone' | 'copy'

/**
 * A disk with the contents of another.
 * @param sr where a copy goes; snapshots and clones stay where their source is
 * @throws XapiError SR_HAS_NO_PBDS, SR_BACKEND_FAILURE_44
 */
export function deriveVdi(pool: Pool, source: string, kind: Derivation, sr?: string): string {
  const { db } = pool
  const row = db.must('VDI', source)
  const target = sr ?? text(row, 'SR')
  assertSrAttached(db, target)
  const virtual_size = int(row, 'virtual_size')
  const physical_utilisation =
    kind === 'copy'
      ? copySize(db, target, virtual_size, int(row, 'physical_utilisation'))
      : differenceSize(db, target, virtual_size)
  assertRoom(db, target, physical_utilisation)
  const fields: Row = { virtual_size, physical_utilisation, read_only: false }
  for (const field of INHERITED) {
    const value = row[field]
    if (value !== undefined) fields[field] = value
  }
  if (kind !== 'copy') fields['sm_config'] = row['sm_config'] ?? {}
  if (kind === 'snapshot') {
    fields['is_a_snapshot'] = true
    fields['snapshot_of'] = source
    fields['snapshot_time'] = pool.clock.iso()
  } else {
    fields['is_a_snapshot'] = false
    fields['snapshot_time'] = NEVER
  }
  return insert(pool, target, fields)
}

/** Removes the row, the VBDs that point to it, and what a VM kept as suspend image; frees space. */
export function removeVdi(pool: Pool, vdi: string): void {
  const { db } = pool
  const row = db.must('VDI', vdi)
  for (const vbd of list(row, 'VBDs')) {
    const device = db.get('VBD', vbd)
    if (!device) continue
    const metrics = text(device, 'metrics')
    if (db.get('VBD_metrics', metrics)) db.destroy('VBD_metrics', metrics)
    db.destroy('VBD', vbd)
  }
  if (row['type'] === 'suspend') {
    for (const [vm, owner] of db.all('VM')) {
      if (owner['suspend_VDI'] === vdi) db.write('VM', vm, { suspend_VDI: NULL_REF })
    }
  }
  const sr = text(row, 'SR')
  db.destroy('VDI', vdi)
  changeUsage(db, sr, {
    virtual: -int(row, 'virtual_size'),
    physical: -int(row, 'physical_utilisation'),
  })
  refreshSr(db, sr)
}
