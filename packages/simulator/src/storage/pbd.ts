/** PBD messages: the connections between hosts and SRs (PROTOCOL section 6.2). */
import type { Database, Row } from '../db/database.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { flag, list, map, text } from '../vm/row.ts'
import { refreshSr, refreshVdi } from './allowed.ts'
import { withSrOperation } from './operation.ts'

/** The SR and its disks look different from now on. */
function refreshStorage(db: Database, sr: string): void {
  refreshSr(db, sr)
  for (const vdi of list(db.must('SR', sr), 'VDIs')) refreshVdi(db, vdi)
}

/** @throws XapiError PBD_EXISTS[sr, host, pbd], INVALID_VALUE for the reserved key SRmaster */
export function createPbd(call: Call, record: Row): string {
  const { db } = call.pool
  const sr = text(record, 'SR')
  const host = text(record, 'host')
  db.must('host', host)
  for (const pbd of list(db.must('SR', sr), 'PBDs')) {
    if (db.get('PBD', pbd)?.['host'] === host) throw new XapiError('PBD_EXISTS', sr, host, pbd)
  }
  if (Object.hasOwn(map(record, 'device_config'), 'SRmaster')) {
    throw new XapiError('INVALID_VALUE', 'device_config', 'SRmaster key not allowed')
  }
  const pbd = db.create('PBD', {
    host,
    SR: sr,
    device_config: record['device_config'] ?? {},
    other_config: record['other_config'] ?? {},
    currently_attached: false,
  })
  refreshSr(db, sr)
  return pbd
}

/** @throws XapiError SR_NOT_SHARABLE[sr, host] for local storage attached elsewhere */
export function attachPbd(db: Database, pbd: string): void {
  const row = db.must('PBD', pbd)
  if (flag(row, 'currently_attached')) return
  const sr = text(row, 'SR')
  const storage = db.must('SR', sr)
  for (const other of list(storage, 'PBDs')) {
    const attached = db.get('PBD', other)
    if (!flag(storage, 'shared') && attached && flag(attached, 'currently_attached')) {
      throw new XapiError('SR_NOT_SHARABLE', sr, text(attached, 'host'))
    }
  }
  db.write('PBD', pbd, { currently_attached: true })
  refreshStorage(db, sr)
}

async function plug(call: Call, pbd: string): Promise<void> {
  const { db } = call.pool
  await withSrOperation(call, text(db.must('PBD', pbd), 'SR'), 'plug', () => attachPbd(db, pbd))
}

/** Disks of the SR that VMs on the host have attached. */
function disksInUse(db: Database, sr: string, host: string): string[] {
  return list(db.must('SR', sr), 'VDIs').filter((vdi) =>
    list(db.get('VDI', vdi) ?? {}, 'VBDs').some((vbd) => {
      const row = db.get('VBD', vbd)
      if (!row || !flag(row, 'currently_attached')) return false
      return db.get('VM', text(row, 'VM'))?.['resident_on'] === host
    }),
  )
}

/** @throws XapiError VDI_IN_USE[vdi…] */
async function unplug(call: Call, pbd: string): Promise<void> {
  const { db } = call.pool
  const row = db.must('PBD', pbd)
  if (!flag(row, 'currently_attached')) return
  const sr = text(row, 'SR')
  await withSrOperation(call, sr, 'unplug', () => {
    const used = disksInUse(db, sr, text(row, 'host'))
    if (used.length > 0) throw new XapiError('VDI_IN_USE', ...used)
    db.write('PBD', pbd, { currently_attached: false })
  })
  refreshStorage(db, sr)
}

/** @throws XapiError OPERATION_NOT_ALLOWED["PBD is currently attached"] */
function destroy(call: Call, pbd: string): void {
  const { db } = call.pool
  const row = db.must('PBD', pbd)
  if (flag(row, 'currently_attached')) {
    throw new XapiError('OPERATION_NOT_ALLOWED', 'PBD is currently attached')
  }
  db.destroy('PBD', pbd)
  refreshSr(db, text(row, 'SR'))
}

function setDeviceConfig(call: Call, pbd: string, value: Row): void {
  call.pool.db.write('PBD', pbd, { device_config: value })
}

export const pbdHandlers: Readonly<Record<string, Handler>> = {
  'PBD.create': createPbd,
  'PBD.destroy': destroy,
  'PBD.plug': plug,
  'PBD.unplug': unplug,
  'PBD.set_device_config': setDeviceConfig,
}
