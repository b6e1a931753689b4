/** Live migration inside the pool (PROTOCOL section 5.9). */
import type { Call, Handler } from '../rpc/registry.ts'
import { vmMessage } from './messages.ts'
import { withVmOperation } from './operation.ts'
import { assertNotEvacuating, withReservation } from './power.ts'
import { text } from './row.ts'
import { moveDomain } from './transition.ts'
import { work } from './work.ts'

/** Simulated seconds: copying memory, then the moment the guest stands still. */
const COPYING = 7
const SWITCHING = 1

/** `'A' (uuid: a)`, the form of a message that quotes host names. */
function quotedHost(call: Call, host: string): string {
  const row = call.pool.db.must('host', host)
  return `'${text(row, 'name_label')}' (uuid: ${text(row, 'uuid')})`
}

/**
 * Moves a running VM; to the host it is on, it starts over in a new domain there.
 * @param force the guest's consent is not asked for
 */
export async function migrateVm(
  call: Call,
  vm: string,
  host: string,
  force: boolean,
): Promise<void> {
  const { pool } = call
  const { db } = pool
  db.must('VM', vm)
  db.must('host', host)
  let from = ''
  await withVmOperation(
    call,
    vm,
    'pool_migrate',
    () => {
      from = text(db.must('VM', vm), 'resident_on')
      return withReservation(call, vm, host, 'vm_migrate', async () => {
        await work(call, COPYING, { to: 0.85 })
        await work(call, SWITCHING, { from: 0.85, cancellable: false })
        moveDomain(pool, vm, host)
      })
    },
    !force,
  )
  const route = `from host ${quotedHost(call, from)} to host ${quotedHost(call, host)}`
  vmMessage(pool, vm, 'VM_MIGRATED', `migrated ${route}`)
}

async function poolMigrate(
  call: Call,
  vm: string,
  host: string,
  options: Record<string, string>,
): Promise<void> {
  call.pool.db.must('VM', vm)
  assertNotEvacuating(call, host)
  await migrateVm(call, vm, host, options['force'] === 'true')
}

export const migrateHandlers: Readonly<Record<string, Handler>> = {
  'VM.pool_migrate': poolMigrate,
}
