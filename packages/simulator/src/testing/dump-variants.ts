/** Databases that nobody has sent: a real one, changed as other releases and damaged pools differ. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const FIXTURES = new URL('../../../../fixtures/', import.meta.url)

export const fixture = (name: string): string => readFileSync(new URL(name, FIXTURES), 'utf8')

const POOL = fixture('dumps/two-hosts-appliances.xml')
const NETWORKS = fixture('dumps/two-hosts-vlan-bond-tunnel.xml')

function withoutTables(text: string, ...names: string[]): string {
  return names.reduce(
    (rest, name) =>
      rest.replace(new RegExp(`<table name="${name}">[^]*?</table>`), `<table name="${name}"/>`),
    text,
  )
}

function withoutColumns(text: string, ...names: string[]): string {
  return names.reduce(
    (rest, name) => rest.replaceAll(new RegExp(` ${name}="[^"]*"`, 'g'), ''),
    text,
  )
}

function rowsOf(
  text: string,
  table: string,
  change: (row: string, index: number) => string,
): string {
  return text.replace(
    new RegExp(`(<table name="${table}">)([^]*?)(</table>)`),
    (_, start: string, rows: string, end: string) => {
      let index = 0
      return start + rows.replaceAll(/<row [^>]*\/>/g, (row) => change(row, index++)) + end
    },
  )
}

/** Fields and tables that XenServer 5.6 did not have. */
const OLDER = withoutColumns(
  withoutTables(POOL, 'VM_appliance', 'GPU_group', 'PGPU', 'VGPU', 'DR_task', 'tunnel'),
  'domain_type',
  'snapshot_info',
  'snapshot_metadata',
  'memory_overhead',
  'appliance',
  'children',
  'parent',
  'blobs',
  'suspend_SR',
  'version',
  'bios_strings',
  'generation_id',
  'consoles',
  'chipset_info',
  'cpu_info',
  'edition',
  'power_on_mode',
  'sm_config',
)

const NEWER = POOL.replace(
  '<table name="Bond"/>',
  '<table name="Bond"/><table name="Quantum_link"><row ref="OpaqueRef:q1" uuid="q1" name__label="x"/></table>',
)
  .replaceAll('<row ref', `<row brand_new_field="('a')" other__thing="7" ref`)
  .replaceAll('power_state="Running"', 'power_state="Running" domain_type="pv_on_mars"')
  .replaceAll('ip_configuration_mode="DHCP"', 'ip_configuration_mode="DHCPv9"')
  .replaceAll('schema_minor_vsn" value="63"', 'schema_minor_vsn" value="4063"')

function twoPools(): string {
  return rowsOf(
    POOL,
    'pool',
    (row) =>
      row
        .replaceAll(/OpaqueRef:[0-9a-f-]{36}/g, 'OpaqueRef:00000000-1111-2222-3333-444444444444')
        .replace(/ uuid="[^"]*"/, ' uuid="00000000-aaaa-bbbb-cccc-444444444444"') + row,
  )
}

export interface Variant {
  readonly name: string
  readonly data: string | Buffer
  /** Codes that VM.start may answer, by what this database lacks; else every VM starts. */
  readonly refusals?: readonly string[]
}

export const LOADED: readonly Variant[] = [
  { name: 'of an older release', data: OLDER },
  { name: 'of a newer release', data: NEWER },
  {
    name: 'without metrics',
    data: withoutTables(POOL, 'VM_metrics', 'VM_guest_metrics', 'host_metrics', 'PIF_metrics'),
  },
  { name: 'with two pools', data: twoPools() },
  { name: 'without a pool row', data: withoutTables(POOL, 'pool') },
  {
    name: 'of a pool whose coordinator is gone',
    data: POOL.replace(/ master="[^"]*"/, ' master="OpaqueRef:none"'),
  },
  {
    name: 'without the host of running VMs',
    data: rowsOf(POOL, 'host', (row, index) => (index === 1 ? '' : row)),
    refusals: ['VM_REQUIRES_SR'],
  },
  {
    name: 'with unplugged storage',
    data: rowsOf(POOL, 'PBD', (row) =>
      row.replace('currently_attached="true"', 'currently_attached="false"'),
    ),
    refusals: ['NO_HOSTS_AVAILABLE'],
  },
  { name: 'without PBDs', data: withoutTables(POOL, 'PBD'), refusals: ['NO_HOSTS_AVAILABLE'] },
  {
    name: 'with networks on no host',
    data: withoutTables(
      rowsOf(NETWORKS, 'PIF', (row, index) => (index % 2 === 0 ? row : '')),
      'VLAN',
    ),
    refusals: ['NO_HOSTS_AVAILABLE', 'VM_REQUIRES_NETWORK'],
  },
  {
    name: 'with disabled hosts',
    data: POOL.replaceAll(' enabled="true"', ' enabled="false"'),
    refusals: ['NO_HOSTS_AVAILABLE'],
  },
  {
    name: 'with empty tables',
    data: withoutTables(POOL, 'VDI', 'VBD', 'VIF', 'SM', 'network', 'task'),
  },
  { name: 'without VMs', data: withoutTables(POOL, 'VM') },
  {
    name: 'without control domains',
    data: rowsOf(POOL, 'VM', (row) => (row.includes('is_control_domain="true"') ? '' : row)),
  },
  {
    name: 'with suspended VMs',
    data: POOL.replaceAll('power_state="Halted"', 'power_state="Suspended"'),
  },
  {
    name: 'with paused VMs',
    data: POOL.replaceAll('power_state="Running"', 'power_state="Paused"'),
  },
  {
    name: 'with names in other scripts',
    data: POOL.replaceAll('CentOS', '数据库 🚀 Ünï &lt;b&gt; &amp; &quot;'),
  },
  {
    name: 'with odd codes of white space',
    data: POOL.replaceAll(
      /name__label="([^"]*)"/g,
      (_, name: string) => `name__label="%%%n%t%_${name}%z %"`,
    ),
  },
  {
    name: 'with values that are none',
    data: POOL.replaceAll(/ (other_config|platform|tags)="[^"]*"/g, ' $1="((("').replaceAll(
      / (domid|virtual_allocation)="[^"]*"/g,
      ' $1="abc"',
    ),
  },
  {
    name: 'with refs to nowhere',
    data: POOL.replaceAll(/ VDI="OpaqueRef:[^"]*"/g, ' VDI="OpaqueRef:dead"'),
  },
  { name: 'with empty refs', data: POOL.replaceAll('="OpaqueRef:NULL"', '=""') },
  {
    name: 'on one line, with comments, CRLF and a byte order mark',
    data: `\ufeff${POOL.replaceAll(/>\s+</g, '><').replaceAll('<table', '\r\n<!-- table --><table')}`,
  },
  { name: 'without a manifest', data: POOL.replace(/<manifest>[^]*<\/manifest>/, '') },
  { name: 'with every VM twice', data: rowsOf(POOL, 'VM', (row) => row + row) },
  { name: 'gzipped', data: gzipSync(POOL) },
]

export const REFUSED: readonly (readonly [name: string, data: string | Buffer, reason: RegExp])[] =
  [
    ['without hosts', withoutTables(POOL, 'host'), /holds no host/],
    ['cut short', POOL.slice(0, POOL.length / 2), /ends in the middle/],
    ['packed twice', gzipSync(gzipSync(POOL)), /not XML text/],
    ['UTF-16', Buffer.from(`\ufeff${POOL}`, 'utf16le'), /UTF-8/],
    ['Latin-1', Buffer.from(POOL.replace('CentOS', 'Café'), 'latin1'), /UTF-8/],
    ['JSON', '{"a":1}', /not XML/],
    ['a web page', '<!doctype html><html></html>', /not XML|DOCTYPE/],
    ['a zip archive', Buffer.from('PK\u0003\u0004 and more'), /not XML/],
    [
      'an XVA',
      Buffer.concat([Buffer.from('ova.xml\0'), Buffer.alloc(504), Buffer.from(POOL)]),
      /not XML/,
    ],
    [
      'a reply of the RPC',
      '<?xml version="1.0"?><methodResponse><params/></methodResponse>',
      /not a xapi database/,
    ],
  ]
