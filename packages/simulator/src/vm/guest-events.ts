/** What a guest does to its own VM: `poweroff`, `reboot` at its console (PROTOCOL section 5.3). */
import type { Pool } from '../pool.ts'
import { enterHalted, rebootDomain } from './transition.ts'

/** Simulated seconds between the command and the end of the domain. */
const STOPPING = 2

async function after(pool: Pool, vm: string, field: string): Promise<void> {
  const { db } = pool
  const domain = db.get('VM', vm)?.['domid']
  await pool.sleep(STOPPING)
  const row = db.get('VM', vm)
  // Stopped, moved or restarted meanwhile: it was another domain that gave the command.
  if (row?.['power_state'] !== 'Running' || row['domid'] !== domain) return
  if (row[field] === 'restart') rebootDomain(pool, vm)
  else enterHalted(pool, vm)
}

/** The guest powered itself off; VM.actions_after_shutdown says whether the VM stays off. */
export function guestShutdown(pool: Pool, vm: string): Promise<void> {
  return after(pool, vm, 'actions_after_shutdown')
}

/** The guest restarted itself; VM.actions_after_reboot may turn that into a shutdown. */
export function guestReboot(pool: Pool, vm: string): Promise<void> {
  return after(pool, vm, 'actions_after_reboot')
}
