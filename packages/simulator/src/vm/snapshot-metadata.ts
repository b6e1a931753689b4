/**
 * VM.snapshot_metadata: the VM's row at the time of the snapshot as an s-expression of database
 * names and values, `(('uuid' '…') ('name__label' '…'))` (PROTOCOL section 5.7). Only what a revert
 * cannot take from the snapshot's own row is read back.
 */
import type { Row } from '../db/database.ts'

const SCALAR = ['uuid', 'name_label'] as const
const DATABASE_NAMES: Record<(typeof SCALAR)[number], string> = {
  uuid: 'uuid',
  name_label: 'name__label',
}

function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

export function snapshotMetadata(vm: Row): string {
  const pairs = SCALAR.map(
    (field) => `(${quote(DATABASE_NAMES[field])} ${quote(String(vm[field]))})`,
  )
  return `(${pairs.join(' ')})`
}

/** One value of the metadata, undefined where it has none (snapshots of old releases). */
export function fromSnapshotMetadata(
  metadata: string,
  field: (typeof SCALAR)[number],
): string | undefined {
  const name = quote(DATABASE_NAMES[field])
  const start = metadata.indexOf(`(${name} '`)
  if (start < 0) return undefined
  const rest = metadata.slice(start + name.length + 3)
  return /^((?:[^'\\]|\\.)*)'/s.exec(rest)?.[1]?.replaceAll(/\\(.)/gs, '$1')
}
