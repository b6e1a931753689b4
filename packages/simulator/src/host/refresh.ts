/** Brings allowed_operations of the whole pool up to date, after its data was loaded. */
import type { Pool } from '../pool.ts'
import { refreshSr, refreshVdi, storageFacts } from '../storage/allowed.ts'
import { refreshVbd, refreshVif, refreshVm } from '../vm/allowed.ts'
import { poolFacts } from '../vm/views.ts'
import { refreshHost, refreshPool } from './allowed.ts'

/** Equal values are not written, so this makes no events where nothing was wrong. */
export function refreshAllowedOperations(pool: Pool): void {
  const { db } = pool
  const facts = poolFacts(db)
  const storage = storageFacts(db)
  for (const [vm] of db.all('VM')) refreshVm(db, vm, facts)
  for (const [vbd] of db.all('VBD')) refreshVbd(db, vbd)
  for (const [vif] of db.all('VIF')) refreshVif(db, vif)
  for (const [vdi] of db.all('VDI')) refreshVdi(db, vdi, storage)
  for (const [sr] of db.all('SR')) refreshSr(db, sr, storage)
  for (const [host] of db.all('host')) refreshHost(db, host)
  refreshPool(db)
}
