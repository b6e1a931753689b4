/** How much of an SR a disk takes. All amounts in bytes. */
import type { Database } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import { int, text } from '../vm/row.ts'
import { featuresByType, featuresOf, isThin } from './features.ts'

const MIB = 1024 * 1024
/** VHD blocks. */
const BLOCK = 2 * MIB
/** LVM extents as the SR drivers make them. */
const EXTENT = 4 * MIB
/** A fresh VHD file: footer, header and the start of its block table. */
const EMPTY_VHD = 24 * 1024
/** An LVM snapshot or clone before anything is written to it. */
const EMPTY_LV = 8 * MIB

function roundUp(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit) * unit
}

type Layout = 'raw' | 'file' | 'volume'

function layoutOf(db: Database, sr: string): Layout {
  const type = text(db.must('SR', sr), 'type')
  if (type.startsWith('lvm')) return 'volume'
  return isThin(featuresOf(featuresByType(db), type)) ? 'file' : 'raw'
}

/** The size a disk really gets: VHDs are made of whole blocks. */
export function actualSize(db: Database, sr: string, size: number): number {
  return layoutOf(db, sr) === 'raw' ? size : roundUp(size, BLOCK)
}

/** What a new, empty disk takes at once. */
export function fullSize(db: Database, sr: string, size: number): number {
  switch (layoutOf(db, sr)) {
    case 'raw':
      return size
    case 'file':
      return EMPTY_VHD + Math.ceil(size / BLOCK) * 4
    case 'volume':
      // Bitmaps of all blocks, and the largest possible block table set aside.
      return roundUp(size + size / 4096 + 12 * MIB, EXTENT)
  }
}

/** What a snapshot or a fast clone takes at once. */
export function differenceSize(db: Database, sr: string, size: number): number {
  switch (layoutOf(db, sr)) {
    case 'raw':
      return size
    case 'file':
      return fullSize(db, sr, size)
    case 'volume':
      return EMPTY_LV
  }
}

/** What a full copy of a disk that takes `used` bytes takes: a sparse file stays sparse. */
export function copySize(db: Database, sr: string, size: number, used: number): number {
  return layoutOf(db, sr) === 'file' ? Math.max(used, EMPTY_VHD) : fullSize(db, sr, size)
}

/** @throws XapiError SR_BACKEND_FAILURE_44 when the SR has no room for so much more */
export function assertRoom(db: Database, sr: string, bytes: number): void {
  const row = db.must('SR', sr)
  const size = int(row, 'physical_size')
  // Unknown or unlimited, as udev and ISO storage report it.
  if (size <= 0) return
  if (int(row, 'physical_utilisation') + bytes > size) {
    throw new XapiError('SR_BACKEND_FAILURE_44', '', 'There is insufficient space', '')
  }
}

/** Moves an SR's counters; negative amounts give space back. Unknown counters (−1) stay. */
export function changeUsage(
  db: Database,
  sr: string,
  change: { virtual: number; physical: number },
): void {
  const row = db.get('SR', sr)
  if (!row) return
  const moved = (field: string, by: number): number => {
    const before = int(row, field)
    return before < 0 ? before : Math.max(0, before + by)
  }
  db.write('SR', sr, {
    virtual_allocation: moved('virtual_allocation', change.virtual),
    physical_utilisation: moved('physical_utilisation', change.physical),
  })
}
