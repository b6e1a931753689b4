/** What only a host's own console knows: a few `xe` listings and `xl list`. */
import type { Row } from '../db/database.ts'
import type { Pool } from '../pool.ts'
import { flag, int, list, map, text } from '../vm/row.ts'

function listing(rows: Iterable<readonly [string, Row]>, fields: readonly string[]): string {
  const shown: string[] = []
  for (const [, row] of rows) {
    const lines = fields.map((field, index) => {
      const mark = index === 0 ? '( RO)' : '( RW)'
      const name = field.replaceAll('_', '-')
      return `${`${name} ${mark}`.padStart(index === 0 ? 0 : 20)}${index === 0 ? '          ' : ''}: ${String(row[field] ?? '')}`
    })
    shown.push(`${lines.join('\n')}\n`)
  }
  return shown.length === 0 ? '' : `${shown.join('\n\n')}\n`
}

function* chosen(
  rows: Iterable<[string, Row]>,
  isShown: (row: Row) => boolean,
): Generator<[string, Row]> {
  for (const entry of rows) if (isShown(entry[1])) yield entry
}

function xe(pool: Pool, args: readonly string[]): string {
  const { db } = pool
  switch (args[0]) {
    case 'vm-list':
      return listing(
        chosen(db.all('VM'), (vm) => !flag(vm, 'is_a_template')),
        ['uuid', 'name_label', 'power_state'],
      )
    case 'host-list':
      return listing(db.all('host'), ['uuid', 'name_label', 'name_description'])
    case 'sr-list':
      return listing(db.all('SR'), ['uuid', 'name_label', 'type'])
    case 'network-list':
      return listing(db.all('network'), ['uuid', 'name_label', 'bridge'])
    case 'pool-list':
      return listing(db.all('pool'), ['uuid', 'name_label', 'name_description'])
    default:
      return `Unknown command: ${args[0] ?? ''}\nThis host knows: xe vm-list, host-list, sr-list, network-list, pool-list\n`
  }
}

function xl(pool: Pool, domain0: string): string {
  const host = pool.db.get('host', text(pool.db.must('VM', domain0), 'resident_on'))
  const lines = [`${'Name'.padEnd(42)} ID   Mem VCPUs  State`]
  for (const ref of host === undefined ? [] : list(host, 'resident_VMs')) {
    const vm = pool.db.get('VM', ref)
    if (vm === undefined) continue
    const name = flag(vm, 'is_control_domain') ? 'Domain-0' : text(vm, 'name_label')
    const memory = Math.round(int(vm, 'memory_target') / 2 ** 20)
    const state = vm['power_state'] === 'Paused' ? '--p---' : '-b----'
    lines.push(
      `${name.slice(0, 40).padEnd(40)} ${String(int(vm, 'domid')).padStart(4)} ${String(memory).padStart(5)} ${String(int(vm, 'VCPUs_at_startup')).padStart(5)} ${state}`,
    )
  }
  return `${lines.join('\n')}\n`
}

export function dom0Commands(
  pool: Pool,
  vm: string,
): ReadonlyMap<string, (args: readonly string[]) => string> {
  const refused = (): string =>
    'A host is switched off or restarted through XenAPI (host.shutdown, host.reboot).\n'
  return new Map([
    ['xe', (args: readonly string[]) => xe(pool, args)],
    ['xl', (args) => (args[0] === 'list' ? xl(pool, vm) : 'This host knows: xl list\n')],
    [
      'xensource-inventory',
      () => {
        const host = pool.db.get('host', text(pool.db.must('VM', vm), 'resident_on'))
        const version = host === undefined ? {} : map(host, 'software_version')
        return `INSTALLATION_UUID='${host === undefined ? '' : text(host, 'uuid')}'\nPRODUCT_BRAND='${version['product_brand'] ?? ''}'\nPRODUCT_VERSION='${version['product_version'] ?? ''}'\n`
      },
    ],
    ['poweroff', refused],
    ['reboot', refused],
    ['shutdown', refused],
    ['halt', refused],
  ])
}
