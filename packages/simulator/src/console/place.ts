/** Where the consoles of a pool are reached. */
import type { Pool } from '../pool.ts'
import { refOrNone, text } from '../vm/row.ts'

/**
 * Writes every console's location as its VM's host is served now. Data that was made before the
 * hosts listen, or on another machine, has other addresses: call it once they do.
 */
export function placeConsoles(pool: Pool): void {
  for (const [ref, row] of pool.db.all('console')) {
    const vm = pool.db.get('VM', text(row, 'VM'))
    const host = vm && refOrNone(vm, 'resident_on')
    if (host === undefined) continue
    const location = `${pool.hostUrl(host)}/console?uuid=${text(row, 'uuid')}`
    pool.db.write('console', ref, { location, port: -1 })
  }
}
