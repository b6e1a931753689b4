/** Operations on SRs and VDIs: checks, current_operations, waiting (PROTOCOL sections 3.3, 6). */
import type { Database } from '../db/database.ts'
import { NULL_REF } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call } from '../rpc/registry.ts'
import { withOperation } from '../vm/current-operation.ts'
import { list, text } from '../vm/row.ts'
import { isAttached, refreshSr, refreshVdi, srView, vdiView } from './allowed.ts'
import { srOperationError } from './sr-operations.ts'
import { vdiOperationError } from './vdi-operations.ts'

/** @throws XapiError what srOperationError says, after waiting for other operations */
export function withSrOperation<T>(
  call: Call,
  sr: string,
  operation: string,
  body: () => T | Promise<T>,
): Promise<T> {
  const { db } = call.pool
  const check = () => srOperationError(srView(db, sr), operation)
  const refresh = () => refreshSr(db, sr)
  return withOperation(call, { cls: 'SR', ref: sr, operation, check, refresh }, body)
}

/** @throws XapiError what vdiOperationError says, after waiting for other operations */
export function withVdiOperation<T>(
  call: Call,
  vdi: string,
  operation: string,
  body: () => T | Promise<T>,
): Promise<T> {
  const { db } = call.pool
  const check = () => {
    assertManaged(db, vdi)
    return vdiOperationError(vdiView(db, vdi), operation)
  }
  const refresh = () => refreshVdi(db, vdi)
  return withOperation(call, { cls: 'VDI', ref: vdi, operation, check, refresh }, body)
}

/** @throws XapiError VDI_NOT_MANAGED[vdi]: a hidden parent of other disks */
export function assertManaged(db: Database, vdi: string): void {
  if (db.must('VDI', vdi)['managed'] === false) throw new XapiError('VDI_NOT_MANAGED', vdi)
}

/** @throws XapiError SR_HAS_NO_PBDS[sr] unless some host has the SR attached */
export function assertSrAttached(db: Database, sr: string): void {
  if (!isAttached(db, db.must('SR', sr))) throw new XapiError('SR_HAS_NO_PBDS', sr)
}

/** Whether the host has the SR attached. */
export function hostSees(db: Database, host: string, sr: string): boolean {
  const row = db.get('SR', sr)
  if (!row) return false
  return list(row, 'PBDs').some((pbd) => {
    const connection = db.get('PBD', pbd)
    return connection?.['host'] === host && connection['currently_attached'] === true
  })
}

/** SR of a VDI, NULL for a reference to nothing. */
export function srOf(db: Database, vdi: string): string {
  const row = db.get('VDI', vdi)
  return row ? text(row, 'SR') : NULL_REF
}
