/** Keeps allowed_operations of VMs and their devices equal to what the checks say. */
import type { Database } from '../db/database.ts'
import { refreshVdi } from '../storage/allowed.ts'
import { VBD_OPERATIONS, VIF_OPERATIONS, vbdErrors, vifErrors } from './device-operations.ts'
import { allowedVmOperations } from './lifecycle.ts'
import { list, refOrNone } from './row.ts'
import { deviceVmView, poolFacts, vbdView, vifView, vmView } from './views.ts'
import type { PoolFacts } from './views.ts'

/** The VM itself and its TPMs, which can only go while it is halted. */
export function refreshVm(db: Database, ref: string, facts: PoolFacts = poolFacts(db)): void {
  const row = db.get('VM', ref)
  if (!row) return
  db.write('VM', ref, { allowed_operations: allowedVmOperations(vmView(db, ref, facts)) })
  for (const vtpm of list(row, 'VTPMs')) {
    if (!db.get('VTPM', vtpm)) continue
    const allowed = row['power_state'] === 'Halted' ? ['destroy'] : []
    db.write('VTPM', vtpm, { allowed_operations: allowed })
  }
}

export function refreshVbd(db: Database, ref: string): void {
  const row = db.get('VBD', ref)
  // A device may outlive its VM until it is collected.
  if (!row || !db.get('VM', String(row['VM']))) return
  const errors = vbdErrors(vbdView(db, ref))
  db.write('VBD', ref, { allowed_operations: VBD_OPERATIONS.filter((op) => !errors.has(op)) })
}

export function refreshVif(db: Database, ref: string): void {
  const row = db.get('VIF', ref)
  if (!row || !db.get('VM', String(row['VM']))) return
  const errors = vifErrors(vifView(db, ref))
  db.write('VIF', ref, { allowed_operations: VIF_OPERATIONS.filter((op) => !errors.has(op)) })
}

/** The VM, its VBDs and VIFs, and the disks behind the VBDs. */
export function refreshVmAndDevices(
  db: Database,
  ref: string,
  facts: PoolFacts = poolFacts(db),
): void {
  const row = db.get('VM', ref)
  if (!row) return
  refreshVm(db, ref, facts)
  const forVbds = deviceVmView(db, ref, 'vbd')
  for (const vbd of list(row, 'VBDs')) {
    const device = db.get('VBD', vbd)
    if (!device) continue
    const errors = vbdErrors(vbdView(db, vbd, forVbds))
    db.write('VBD', vbd, { allowed_operations: VBD_OPERATIONS.filter((op) => !errors.has(op)) })
    const vdi = refOrNone(device, 'VDI')
    if (vdi !== undefined) refreshVdi(db, vdi)
  }
  const forVifs = deviceVmView(db, ref, 'vif')
  for (const vif of list(row, 'VIFs')) {
    if (!db.get('VIF', vif)) continue
    const errors = vifErrors(vifView(db, vif, forVifs))
    db.write('VIF', vif, { allowed_operations: VIF_OPERATIONS.filter((op) => !errors.has(op)) })
  }
}
