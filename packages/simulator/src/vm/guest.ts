/** The guest agent's side of VM_guest_metrics (PROTOCOL section 5.3). */
import type { Row } from '../db/database.ts'
import { NULL_REF } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { refreshVmAndDevices } from './allowed.ts'
import { addressesOf } from './guest-addresses.ts'
import { profileByName, profileOfMetrics } from './guest-profiles.ts'
import type { GuestProfile } from './guest-profiles.ts'
import { list, refOrNone, text } from './row.ts'
import { follow } from './views.ts'

/** Simulated seconds from the start of a VM until its tools report. */
export const TOOLS_DELAY = 2.5

/** Profiles of guests whose last metrics row was removed before they reported again, by VM ref. */
const remembered = new WeakMap<Pool, Map<string, GuestProfile>>()

function profiles(pool: Pool): Map<string, GuestProfile> {
  let known = remembered.get(pool)
  if (!known) remembered.set(pool, (known = new Map()))
  return known
}

/**
 * Puts the empty guest metrics of a fresh boot in place of those of the boot before.
 * @returns the new row's ref
 */
export function resetGuestMetrics(pool: Pool, vm: string): string {
  const { db } = pool
  const row = db.must('VM', vm)
  const old = follow(db, 'VM_guest_metrics', row, 'guest_metrics')
  const known = old && profileOfMetrics(old)
  if (known) profiles(pool).set(vm, known)
  const oldRef = refOrNone(row, 'guest_metrics')
  const fresh = db.create('VM_guest_metrics', {
    PV_drivers_up_to_date: false,
    last_updated: pool.clock.iso(),
    live: true,
  })
  db.write('VM', vm, { guest_metrics: fresh })
  if (oldRef !== undefined && old) db.destroy('VM_guest_metrics', oldRef)
  return fresh
}

/** Removes the guest's metrics and forgets the guest: the VM is destroyed. */
export function dropGuest(pool: Pool, vm: string): void {
  const metrics = refOrNone(pool.db.must('VM', vm), 'guest_metrics')
  if (metrics !== undefined && pool.db.get('VM_guest_metrics', metrics)) {
    pool.db.destroy('VM_guest_metrics', metrics)
  }
  profiles(pool).delete(vm)
}

/** A copy of the metrics for a clone; snapshots keep showing the system they hold. */
export function copyGuestMetrics(pool: Pool, vm: string): string {
  const row = follow(pool.db, 'VM_guest_metrics', pool.db.must('VM', vm), 'guest_metrics')
  if (!row) return NULL_REF
  const { uuid: _uuid, ...fields } = row
  return pool.db.create('VM_guest_metrics', fields)
}

function networksOf(pool: Pool, vm: Row, profile: GuestProfile): Record<string, string> {
  const networks: Record<string, string> = {}
  for (const vif of list(vm, 'VIFs')) {
    const row = pool.db.get('VIF', vif)
    if (!row || row['currently_attached'] !== true) continue
    const prefix = `${text(row, 'device')}/`
    const known = Object.entries(profile.networks).filter(([key]) => key.startsWith(prefix))
    const fixed = list(row, 'ipv4_addresses').length + list(row, 'ipv6_addresses').length > 0
    Object.assign(
      networks,
      known.length > 0 && !fixed ? Object.fromEntries(known) : addressesOf(pool.db, row),
    )
  }
  return networks
}

/** Writes what the tools report now, if the guest has tools. */
export function reportGuest(pool: Pool, vm: string): void {
  const { db } = pool
  const row = db.get('VM', vm)
  const metrics = row && refOrNone(row, 'guest_metrics')
  const current = metrics === undefined ? undefined : db.get('VM_guest_metrics', metrics)
  if (!row || metrics === undefined || !current || row['power_state'] !== 'Running') return
  const profile = profileOfMetrics(current) ?? profiles(pool).get(vm) ?? profileByName(db, row)
  if (!profile) return
  db.write('VM_guest_metrics', metrics, {
    ...profile,
    networks: networksOf(pool, row, profile),
    PV_drivers_up_to_date: true,
    PV_drivers_detected: true,
    live: true,
    last_updated: pool.clock.iso(),
  })
  refreshVmAndDevices(db, vm)
}

/** Lets the tools report some time after a boot, unless the VM has been booted again by then. */
export function scheduleGuestReport(pool: Pool, vm: string): void {
  const booted = pool.db.must('VM', vm)['guest_metrics']
  pool.sleep(TOOLS_DELAY).then(
    () => {
      if (pool.db.get('VM', vm)?.['guest_metrics'] === booted) reportGuest(pool, vm)
    },
    () => {
      // The pool closes: nobody is left to see the report.
    },
  )
}
