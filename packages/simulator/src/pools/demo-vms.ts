/** The VMs of the demo pool. */
import type { OsName } from './operating-systems.ts'

export type DemoNetwork = 'management' | 'servers' | 'dmz' | 'clients' | 'internal'

export interface DemoVm {
  readonly name: string
  readonly description: string
  readonly os: OsName
  readonly vcpus: number
  /** GiB. */
  readonly memory: number
  /** GiB each; the first is the root disk. */
  readonly disks: readonly number[]
  readonly networks: readonly DemoNetwork[]
  readonly tags: readonly string[]
  readonly state: 'Running' | 'Paused' | 'Suspended' | 'Halted'
  readonly storage?: 'nfs' | 'iscsi' | 'local'
  readonly dataStorage?: 'nfs' | 'iscsi'
  /** Index of the host; in turn when left out. */
  readonly host?: number
  readonly tools?: false
  readonly iso?: string
  readonly affinity?: true
  /** Oldest first. */
  readonly snapshots?: readonly { name: string; days: number; checkpoint?: true }[]
  /** The VM was reverted to its first snapshot, and this one taken since. */
  readonly branch?: { readonly name: string; readonly days: number }
}

const LONG_NAME =
  'Archive of the old document management system (read only, kept for the tax office until 2031, ask Ms Petersen before deleting anything)'

function vm(
  name: string,
  description: string,
  os: OsName,
  [vcpus, memory, ...disks]: readonly [vcpus: number, memory: number, ...disks: number[]],
  networks: readonly DemoNetwork[],
  tags: readonly string[],
  more: Partial<DemoVm> = {},
): DemoVm {
  return { name, description, os, vcpus, memory, disks, networks, tags, state: 'Running', ...more }
}

const patches = [
  { name: 'before 2026-09 patches', days: 75 },
  { name: 'before 2026-10 patches', days: 43 },
  { name: 'before 2026-11 patches', days: 12 },
]

export const DEMO_VMS: readonly DemoVm[] = [
  vm('web-1', 'Shop front end', 'debian13', [4, 8, 30], ['dmz', 'servers'], ['production', 'web']),
  vm('web-2', 'Shop front end', 'debian13', [4, 8, 30], ['dmz', 'servers'], ['production', 'web']),
  vm('web-3', 'Shop front end', 'debian13', [4, 8, 30], ['dmz', 'servers'], ['production', 'web']),
  vm('lb-1', 'HAProxy, active', 'debian13', [2, 2, 16], ['dmz'], ['production', 'network'], {
    host: 0,
  }),
  vm('lb-2', 'HAProxy, standby', 'debian13', [2, 2, 16], ['dmz'], ['production', 'network'], {
    host: 1,
  }),
  vm(
    'db-1',
    'PostgreSQL 17 primary',
    'debian13',
    [8, 32, 40, 400],
    ['servers', 'internal'],
    ['production', 'database'],
    { host: 0, affinity: true, snapshots: patches },
  ),
  vm(
    'db-2',
    'PostgreSQL 17 standby',
    'debian13',
    [8, 32, 40, 400],
    ['servers', 'internal'],
    ['production', 'database'],
    { host: 1 },
  ),
  vm('cache-1', 'Redis', 'debian12', [2, 16, 20], ['servers'], ['production', 'database']),
  vm('queue-1', 'RabbitMQ', 'debian12', [2, 4, 20, 50], ['servers'], ['production']),
  vm(
    'mail',
    'Postfix, Dovecot and Rspamd',
    'debian12',
    [4, 8, 30, 500],
    ['dmz', 'servers'],
    ['production', 'mail'],
    { snapshots: patches.slice(1) },
  ),
  vm('mx-2', 'Second mail exchanger', 'debian12', [2, 2, 20], ['dmz'], ['production', 'mail']),
  vm('git', 'Forgejo', 'debian13', [4, 8, 30, 250], ['servers'], ['development'], {
    snapshots: [{ name: 'before Forgejo 13', days: 20, checkpoint: true }],
  }),
  vm('build-1', 'CI runner', 'ubuntu2404', [12, 24, 80], ['servers'], ['development', 'ci'], {
    storage: 'iscsi',
  }),
  vm('build-2', 'CI runner', 'ubuntu2404', [12, 24, 80], ['servers'], ['development', 'ci'], {
    storage: 'iscsi',
  }),
  vm(
    'build-arm-cross',
    'Cross builds for the warehouse scanners',
    'ubuntu2204',
    [8, 16, 60],
    ['servers'],
    ['development', 'ci'],
    { state: 'Halted' },
  ),
  vm('registry', 'Container images', 'debian13', [2, 4, 20, 600], ['servers'], ['development']),
  vm(
    'staging-web',
    'Staging of the shop',
    'debian13',
    [2, 4, 30],
    ['servers'],
    ['staging', 'web'],
    {
      snapshots: [
        { name: 'clean install', days: 90 },
        { name: 'release 4.1', days: 40 },
        { name: 'release 4.2', days: 21 },
      ],
      branch: { name: 'release 4.1.1 hotfix', days: 5 },
    },
  ),
  vm(
    'staging-db',
    'Staging database, anonymised every night',
    'debian13',
    [4, 16, 40, 200],
    ['servers'],
    ['staging', 'database'],
  ),
  vm(
    'monitoring',
    'Prometheus and Grafana',
    'debian13',
    [4, 16, 30, 300],
    ['servers', 'management'],
    ['production', 'operations'],
  ),
  vm('logs', 'Loki', 'debian13', [4, 16, 30, 800], ['servers'], ['production', 'operations'], {
    dataStorage: 'nfs',
  }),
  vm(
    'backup',
    'Backup server, copies to the second site at night',
    'debian12',
    [4, 8, 30, 2000],
    ['servers', 'management'],
    ['production', 'operations'],
    { dataStorage: 'nfs', host: 2, affinity: true },
  ),
  vm('vpn', 'WireGuard', 'debian13', [2, 1, 10], ['dmz', 'management'], ['production', 'network']),
  vm(
    'dns-1',
    'Unbound and NSD',
    'debian13',
    [1, 1, 10],
    ['servers', 'dmz'],
    ['production', 'network'],
    { host: 0 },
  ),
  vm(
    'dns-2',
    'Unbound and NSD',
    'debian13',
    [1, 1, 10],
    ['servers', 'dmz'],
    ['production', 'network'],
    { host: 2 },
  ),
  vm('ldap', '389 Directory Server', 'alma9', [2, 4, 20], ['servers'], ['production']),
  vm('wiki', 'BookStack', 'debian12', [2, 4, 30], ['servers'], ['production', 'office']),
  vm(
    'Büro-Server Köln',
    'File server of the Cologne office',
    'rocky9',
    [4, 8, 30, 700],
    ['clients'],
    ['office'],
    { dataStorage: 'nfs' },
  ),
  vm(
    '東京支店 会計',
    'Accounting of the Tokyo branch',
    'windows2022',
    [4, 16, 80, 120],
    ['clients'],
    ['office', 'windows'],
  ),
  vm(
    'dc-1',
    'Domain controller',
    'windows2022',
    [2, 8, 80],
    ['servers', 'clients'],
    ['production', 'windows'],
    { host: 0 },
  ),
  vm(
    'dc-2',
    'Domain controller',
    'windows2022',
    [2, 8, 80],
    ['servers', 'clients'],
    ['production', 'windows'],
    { host: 1 },
  ),
  vm(
    'erp',
    'ERP application server',
    'windows2019',
    [8, 32, 120, 300],
    ['servers'],
    ['production', 'windows'],
    { snapshots: [{ name: 'before year-end update', days: 9 }] },
  ),
  vm(
    'terminal-1',
    'Remote desktops',
    'windows2022',
    [8, 24, 120],
    ['clients'],
    ['office', 'windows'],
  ),
  vm(
    'win11-test',
    'Tests of the desktop client',
    'windows11',
    [4, 8, 80],
    ['clients'],
    ['development', 'windows'],
    { state: 'Suspended' },
  ),
  vm('print', 'Print server', 'windows2019', [2, 4, 60], ['clients'], ['office', 'windows'], {
    state: 'Halted',
  }),
  vm(
    'opnsense-lab',
    'Firewall for experiments',
    'other',
    [2, 2, 20],
    ['internal', 'clients'],
    ['lab'],
    { tools: false, iso: 'OPNsense-25.7-dvd-amd64.iso', storage: 'local', host: 0 },
  ),
  vm('rescue', 'Boots systemrescue', 'other', [2, 4], ['servers'], ['lab'], {
    tools: false,
    state: 'Halted',
    iso: 'systemrescue-12.02-amd64.iso',
  }),
  vm(
    'k8s-control',
    'Kubernetes control plane',
    'ubuntu2404',
    [4, 8, 60],
    ['servers', 'internal'],
    ['development', 'kubernetes'],
  ),
  vm(
    'k8s-worker-1',
    'Kubernetes worker',
    'ubuntu2404',
    [8, 16, 120],
    ['servers', 'internal'],
    ['development', 'kubernetes'],
    { storage: 'iscsi' },
  ),
  vm(
    'k8s-worker-2',
    'Kubernetes worker',
    'ubuntu2404',
    [8, 16, 120],
    ['servers', 'internal'],
    ['development', 'kubernetes'],
    { storage: 'iscsi' },
  ),
  vm(
    'analytics',
    'ClickHouse, paused while the disks are moved',
    'debian13',
    [8, 32, 40, 600],
    ['servers'],
    ['development', 'database'],
    { state: 'Paused' },
  ),
  vm('old-shop', 'Shop before 2023', 'ubuntu2204', [2, 4, 40], ['servers'], ['retired'], {
    state: 'Halted',
    snapshots: [{ name: 'last day in service', days: 300 }],
  }),
  vm(
    LONG_NAME,
    'Do not start without asking',
    'windows2019',
    [2, 4, 60, 400],
    ['clients'],
    ['retired'],
    { state: 'Halted', dataStorage: 'nfs' },
  ),
]
