/** The alerts that VM operations leave behind (PROTOCOL section 5.3). */
import type { Pool } from '../pool.ts'
import { text } from './row.ts'

/** Everything in the life of a VM that goes as planned has this priority. */
const ROUTINE = 5

/** `VM 'N' (uuid: U) <what>`, under a name such as VM_STARTED. */
export function vmMessage(pool: Pool, vm: string, name: string, what: string): void {
  const row = pool.db.must('VM', vm)
  const uuid = text(row, 'uuid')
  const body = `VM '${text(row, 'name_label')}' (uuid: ${uuid}) ${what}`
  pool.messages.create(name, ROUTINE, 'VM', uuid, body)
}

/** `H (uuid: V)`, as the alerts name hosts. */
export function hostLabel(pool: Pool, host: string): string {
  const row = pool.db.must('host', host)
  return `${text(row, 'name_label')} (uuid: ${text(row, 'uuid')})`
}
