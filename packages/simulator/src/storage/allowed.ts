/** Keeps allowed_operations of SRs and VDIs equal to what the checks say. */
import type { Database, Row } from '../db/database.ts'
import { flag, list, map, text } from '../vm/row.ts'
import { featuresByType, featuresOf } from './features.ts'
import type { Features } from './features.ts'
import { allowedSrOperations } from './sr-operations.ts'
import type { SrView } from './sr-operations.ts'
import { allowedVdiOperations } from './vdi-operations.ts'
import type { VdiView } from './vdi-operations.ts'

/** What many VDIs share: the drivers' features and the pool's HA state. */
export interface StorageFacts {
  readonly types: Map<string, Features>
  readonly haEnabled: boolean
}

export function storageFacts(db: Database): StorageFacts {
  let haEnabled = false
  for (const [, row] of db.all('pool')) haEnabled = flag(row, 'ha_enabled')
  return { types: featuresByType(db), haEnabled }
}

export function isAttached(db: Database, sr: Row): boolean {
  return list(sr, 'PBDs').some((pbd) => {
    const row = db.get('PBD', pbd)
    return row !== undefined && flag(row, 'currently_attached')
  })
}

/** @throws XapiError HANDLE_INVALID */
export function vdiView(db: Database, ref: string, facts = storageFacts(db)): VdiView {
  const vdi = db.must('VDI', ref)
  const sr = db.get('SR', text(vdi, 'SR'))
  const srType = sr ? text(sr, 'type') : ''
  const active: { mode: string; vmIsSnapshot: boolean }[] = []
  let vbdOperation: VdiView['vbdOperation']
  for (const vbdRef of list(vdi, 'VBDs')) {
    const vbd = db.get('VBD', vbdRef)
    if (!vbd) continue
    if (flag(vbd, 'currently_attached') || flag(vbd, 'reserved')) {
      const vm = db.get('VM', text(vbd, 'VM'))
      active.push({
        mode: text(vbd, 'mode'),
        vmIsSnapshot: vm !== undefined && flag(vm, 'is_a_snapshot'),
      })
    }
    const [busy] = Object.entries(map(vbd, 'current_operations'))
    if (busy) vbdOperation ??= { task: busy[0], operation: busy[1] }
  }
  return {
    ref,
    sr: text(vdi, 'SR'),
    srType,
    isToolsSr: sr !== undefined && flag(sr, 'is_tools_sr'),
    srAttached: sr !== undefined && isAttached(db, sr),
    features: featuresOf(facts.types, srType),
    type: text(vdi, 'type'),
    managed: flag(vdi, 'managed'),
    sharable: flag(vdi, 'sharable'),
    onBootReset: vdi['on_boot'] === 'reset',
    isSnapshot: flag(vdi, 'is_a_snapshot'),
    cbtEnabled: flag(vdi, 'cbt_enabled'),
    currentOperations: map(vdi, 'current_operations'),
    active,
    vbdOperation,
    haEnabled: facts.haEnabled,
  }
}

/** @throws XapiError HANDLE_INVALID */
export function srView(db: Database, ref: string, facts = storageFacts(db)): SrView {
  const sr = db.must('SR', ref)
  return {
    ref,
    features: featuresOf(facts.types, text(sr, 'type')),
    isToolsSr: flag(sr, 'is_tools_sr'),
    currentOperations: map(sr, 'current_operations'),
    pbdCount: list(sr, 'PBDs').length,
    anyAttached: isAttached(db, sr),
    hasManagedVdis: list(sr, 'VDIs').some((vdi) => {
      const row = db.get('VDI', vdi)
      return row !== undefined && flag(row, 'managed') && row['type'] !== 'rrd'
    }),
  }
}

export function refreshVdi(db: Database, ref: string, facts?: StorageFacts): void {
  if (!db.get('VDI', ref)) return
  db.write('VDI', ref, { allowed_operations: allowedVdiOperations(vdiView(db, ref, facts)) })
}

export function refreshSr(db: Database, ref: string, facts?: StorageFacts): void {
  if (!db.get('SR', ref)) return
  db.write('SR', ref, { allowed_operations: allowedSrOperations(srView(db, ref, facts)) })
}
