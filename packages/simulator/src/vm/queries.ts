/** Questions about VMs that change nothing. */
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { entryRecord } from '../wire/records.ts'
import { refreshVm } from './allowed.ts'
import { assertVmOperation } from './operation.ts'
import { assertCanBootHere, possibleHosts } from './placement.ts'
import { flag, list, text } from './row.ts'
import { allowedVbdDevices } from './vbd-create.ts'
import { follow } from './views.ts'

/** VIF devices a client may offer; VIF.create takes any number. */
const VIF_DEVICES = 16

function allowedVifDevices(call: Call, vm: string): string[] {
  const { db } = call.pool
  const used = new Set(
    list(db.must('VM', vm), 'VIFs').map((vif) => String(db.get('VIF', vif)?.['device'])),
  )
  return Array.from({ length: VIF_DEVICES }, (_, device) => String(device)).filter(
    (device) => !used.has(device),
  )
}

/** @throws XapiError HA_CONSTRAINT_VIOLATION_SR_NOT_SHARED[sr]: a disk of one host only */
function assertAgile(call: Call, vm: string): void {
  const { db } = call.pool
  for (const vbd of list(db.must('VM', vm), 'VBDs')) {
    const row = db.get('VBD', vbd)
    const vdi = row && !flag(row, 'empty') ? follow(db, 'VDI', row, 'VDI') : undefined
    const sr = vdi && follow(db, 'SR', vdi, 'SR')
    if (vdi && sr && !flag(sr, 'shared')) {
      throw new XapiError('HA_CONSTRAINT_VIOLATION_SR_NOT_SHARED', text(vdi, 'SR'))
    }
  }
}

export const queryHandlers: Readonly<Record<string, Handler>> = {
  'VM.assert_operation_valid': (call: Call, vm: string, operation: string) =>
    assertVmOperation(call, vm, operation),
  'VM.update_allowed_operations': (call: Call, vm: string) => {
    call.pool.db.must('VM', vm)
    refreshVm(call.pool.db, vm)
  },
  'VM.assert_can_boot_here': (call: Call, vm: string, host: string) =>
    assertCanBootHere(call.pool.db, vm, host),
  'VM.get_possible_hosts': (call: Call, vm: string) => possibleHosts(call.pool.db, vm),
  'VM.get_allowed_VBD_devices': allowedVbdDevices,
  'VM.get_allowed_VIF_devices': allowedVifDevices,
  'VM.assert_agile': assertAgile,
  // xapi answers so for every VM since balloon drivers are trusted (xapi_vm.ml).
  'VM.get_cooperative': (call: Call, vm: string) => {
    call.pool.db.must('VM', vm)
    return true
  },
  'VM.query_services': (call: Call, vm: string) => {
    assertVmOperation(call, vm, 'query_services')
    throw new XapiError('NOT_IMPLEMENTED', 'VM.query_services')
  },
  /** The settings a running VM was booted with are those it has: only a halted VM takes new ones. */
  'VM.get_boot_record': (call: Call, vm: string) => entryRecord(call.pool.db.entry('VM', vm)),
}
