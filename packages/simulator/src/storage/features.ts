/**
 * What a storage type can do: SM.features (name → version), SM.capabilities in old databases, or
 * what the stock drivers declare (PROTOCOL section 6.3) when the pool has no SM row for the type.
 */
import type { Database } from '../db/database.ts'
import { list, map, text } from '../vm/row.ts'

const BLOCK = [
  'SR_PROBE',
  'SR_UPDATE',
  'VDI_CREATE',
  'VDI_DELETE',
  'VDI_ATTACH',
  'VDI_DETACH',
  'VDI_MIRROR',
  'VDI_CLONE',
  'VDI_SNAPSHOT',
  'VDI_RESIZE',
  'VDI_RESET_ON_BOOT',
  'VDI_UPDATE',
  'VDI_CONFIG_CBT',
  'VDI_ACTIVATE',
  'VDI_DEACTIVATE',
]
const FILE = [...BLOCK, 'VDI_GENERATE_CONFIG', 'THIN_PROVISIONING', 'VDI_READ_CACHING']

const DRIVERS: Readonly<Record<string, readonly string[]>> = {
  lvm: BLOCK,
  lvmohba: BLOCK,
  lvmofcoe: BLOCK,
  lvmoiscsi: [...BLOCK, 'SR_METADATA', 'VDI_GENERATE_CONFIG'],
  ext: FILE,
  nfs: FILE,
  smb: FILE,
  file: FILE,
  iso: ['VDI_CREATE', 'VDI_DELETE', 'VDI_ATTACH', 'VDI_DETACH', 'SR_SCAN', 'SR_ATTACH'],
  udev: ['VDI_INTRODUCE', 'VDI_ATTACH', 'VDI_DETACH', 'VDI_UPDATE', 'SR_UPDATE'],
  iscsi: ['SR_PROBE', 'VDI_CREATE', 'VDI_DELETE', 'VDI_ATTACH', 'VDI_DETACH', 'VDI_INTRODUCE'],
  hba: ['VDI_INTRODUCE', 'VDI_ATTACH', 'VDI_DETACH'],
  dummy: [
    'SR_PROBE',
    'VDI_CREATE',
    'VDI_DELETE',
    'VDI_ATTACH',
    'VDI_DETACH',
    'VDI_CLONE',
    'VDI_SNAPSHOT',
    'VDI_RESIZE',
    'VDI_INTRODUCE',
    'VDI_MIRROR',
  ],
}

/** Types SR.create takes when the pool has no SM rows to say. */
export const KNOWN_TYPES: readonly string[] = Object.keys(DRIVERS)

export type Features = ReadonlySet<string>

/** Features of every type that has an SM row. */
export function featuresByType(db: Database): Map<string, Features> {
  const types = new Map<string, Features>()
  for (const [, row] of db.all('SM')) {
    const names = Object.keys(map(row, 'features'))
    const declared = names.length > 0 ? names : list(row, 'capabilities')
    if (declared.length > 0) types.set(text(row, 'type'), new Set(declared))
  }
  return types
}

export function featuresOf(types: Map<string, Features>, type: string): Features {
  return types.get(type) ?? new Set(DRIVERS[type] ?? [])
}

/** Types whose disks take space as they are written rather than when they are made. */
export function isThin(features: Features): boolean {
  return features.has('THIN_PROVISIONING')
}
