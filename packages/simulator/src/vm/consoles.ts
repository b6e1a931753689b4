/** Console objects of a VM with a domain: a graphical one and a serial one. */
import type { Pool } from '../pool.ts'
import { list } from './row.ts'

const PROTOCOLS = ['rfb', 'vt100'] as const

/** Consoles live on the host that runs the VM; a migrated VM gets new ones. */
export function createConsoles(pool: Pool, vm: string, host: string): void {
  destroyConsoles(pool, vm)
  for (const protocol of PROTOCOLS) {
    const uuid = pool.random.uuid()
    const location = `${pool.hostUrl(host)}/console?uuid=${uuid}`
    pool.db.create('console', { uuid, protocol, location, VM: vm, port: -1 })
  }
}

export function destroyConsoles(pool: Pool, vm: string): void {
  for (const console of list(pool.db.must('VM', vm), 'consoles')) {
    if (pool.db.get('console', console)) pool.db.destroy('console', console)
  }
}
