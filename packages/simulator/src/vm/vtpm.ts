/** Virtual TPMs (PROTOCOL section 5.8). Their contents are not kept. */
import { NULL_REF } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { refreshVm } from './allowed.ts'
import { list, map, text } from './row.ts'

const MOST = 1

/** @throws XapiError VM_BAD_POWER_STATE[vm, "halted", actual] */
function assertHalted(call: Call, vm: string): void {
  const state = text(call.pool.db.must('VM', vm), 'power_state').toLowerCase()
  if (state !== 'halted') throw new XapiError('VM_BAD_POWER_STATE', vm, 'halted', state)
}

/** @throws XapiError FEATURE_RESTRICTED, VTPM_MAX_AMOUNT_REACHED, VM_BAD_POWER_STATE */
function create(call: Call, vm: string, is_unique: boolean): string {
  const { db } = call.pool
  const row = db.must('VM', vm)
  if (map(db.must('pool', call.pool.ref), 'restrictions')['restrict_vtpm'] !== 'false')
    throw new XapiError('FEATURE_RESTRICTED', 'restrict_vtpm')
  if (list(row, 'VTPMs').length >= MOST)
    throw new XapiError('VTPM_MAX_AMOUNT_REACHED', String(MOST))
  assertHalted(call, vm)
  const vtpm = db.create('VTPM', {
    VM: vm,
    backend: NULL_REF,
    persistence_backend: 'xapi',
    is_unique,
    is_protected: false,
  })
  refreshVm(db, vm)
  return vtpm
}

function destroy(call: Call, vtpm: string): void {
  const { db } = call.pool
  const vm = text(db.must('VTPM', vtpm), 'VM')
  assertHalted(call, vm)
  db.destroy('VTPM', vtpm)
  refreshVm(db, vm)
}

export const vtpmHandlers: Readonly<Record<string, Handler>> = {
  'VTPM.create': create,
  'VTPM.destroy': destroy,
}
