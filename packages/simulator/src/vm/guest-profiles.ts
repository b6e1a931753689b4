/**
 * What the tools inside a guest report. A guest that reported before reports the same again after
 * its next start; a new one is known by the operating system its template or name speaks of. A VM
 * without a disk, or of no known system, has no tools.
 */
import type { Database, Row } from '../db/database.ts'
import { flag, list, map, text } from './row.ts'

/** The fields of VM_guest_metrics that come from the guest. */
export interface GuestProfile {
  readonly os_version: Record<string, string>
  readonly PV_drivers_version: Record<string, string>
  readonly other: Record<string, string>
  readonly netbios_name: Record<string, string>
  /** Addresses by VIF device, `0/ip`, `0/ipv4/0`; of a new guest empty: they are made up. */
  readonly networks: Record<string, string>
  readonly can_use_hotplug_vbd: string
  readonly can_use_hotplug_vif: string
}

const LINUX_DRIVERS = { major: '8', minor: '4', micro: '0', build: '1' }
const WINDOWS_DRIVERS = { major: '9', minor: '3', micro: '3', build: '125' }
const FEATURES = {
  'feature-shutdown': '1',
  'feature-poweroff': '1',
  'feature-reboot': '1',
  'feature-suspend': '1',
  'feature-vcpu-hotplug': '1',
}

interface System {
  readonly distro: string
  /** Must match a label such as `debian-12`, `Ubuntu Jammy Jellyfish 22.04`; group 1 the version. */
  readonly pattern: RegExp
  readonly name: (version: string) => string
  readonly version: string
  readonly uname: string
}

const KERNEL = '6.1.0-18-amd64'

const SYSTEMS: readonly System[] = [
  {
    distro: 'debian',
    pattern: /debian\D*(\d+)?/i,
    name: (version) => `Debian GNU/Linux ${version}`,
    version: '12',
    uname: KERNEL,
  },
  {
    distro: 'ubuntu',
    pattern: /ubuntu\D*(\d+\.\d+)?/i,
    name: (version) => `Ubuntu ${version} LTS`,
    version: '24.04',
    uname: '6.8.0-45-generic',
  },
  {
    distro: 'rocky',
    pattern: /rocky\D*(\d+)?/i,
    name: (version) => `Rocky Linux ${version}`,
    version: '9',
    uname: '5.14.0-427.el9.x86_64',
  },
  {
    distro: 'almalinux',
    pattern: /alma\D*(\d+)?/i,
    name: (version) => `AlmaLinux ${version}`,
    version: '9',
    uname: '5.14.0-427.el9.x86_64',
  },
  {
    distro: 'centos',
    pattern: /centos\D*(\d+)?/i,
    name: (version) => `CentOS Linux ${version}`,
    version: '7',
    uname: '3.10.0-1160.el7.x86_64',
  },
  {
    distro: 'rhel',
    pattern: /(?:red ?hat|rhel)\D*(\d+)?/i,
    name: (version) => `Red Hat Enterprise Linux ${version}`,
    version: '9',
    uname: '5.14.0-427.el9.x86_64',
  },
  {
    distro: 'oracle',
    pattern: /oracle\D*(\d+)?/i,
    name: (version) => `Oracle Linux Server ${version}`,
    version: '8',
    uname: '5.15.0-206.el8uek.x86_64',
  },
  {
    distro: 'sles',
    pattern: /(?:suse|sles?)\D*(\d+)?/i,
    name: (version) => `SUSE Linux Enterprise Server ${version}`,
    version: '15',
    uname: '6.4.0-150600-default',
  },
  {
    distro: 'windows',
    pattern: /windows[ -]*(?:server[ -]*)?(\d{4}(?: r2)?|xp|vista|8\.1|\d{1,2})?/i,
    name: (version) =>
      `Microsoft Windows ${windowsEdition(version)}|C:\\Windows|\\Device\\Harddisk0\\Partition2`,
    version: '2022',
    uname: '',
  },
]

/** `2019` is a server, `2000`, `xp`, `vista`, `7` and `11` are not. */
function windowsEdition(version: string): string {
  if (/^\d{4}/.test(version) && version !== '2000')
    return `Server ${version.replace(/r2/i, 'R2')} Standard`
  if (/^[a-z]/i.test(version))
    return version.toLowerCase() === 'xp' ? 'XP Professional' : 'Vista Business'
  return version === '2000' ? '2000 Professional' : `${version} Pro`
}

/** Field values are copied: the row may go while the profile stays. */
export function profileOfMetrics(guest: Row): GuestProfile | undefined {
  const drivers = map(guest, 'PV_drivers_version')
  const system = map(guest, 'os_version')
  if (Object.keys(drivers).length === 0 && Object.keys(system).length === 0) return undefined
  return {
    os_version: system,
    PV_drivers_version: drivers,
    other: map(guest, 'other'),
    netbios_name: map(guest, 'netbios_name'),
    networks: map(guest, 'networks'),
    can_use_hotplug_vbd: text(guest, 'can_use_hotplug_vbd'),
    can_use_hotplug_vif: text(guest, 'can_use_hotplug_vif'),
  }
}

/** The system a new VM's template or name speaks of, undefined when it has no tools. */
export function profileByName(db: Database, vm: Row): GuestProfile | undefined {
  const hasDisk = list(vm, 'VBDs').some((vbd) => {
    const row = db.get('VBD', vbd)
    return row?.['type'] === 'Disk' && !flag(row, 'empty')
  })
  if (!hasDisk) return undefined
  const labels = [
    text(vm, 'reference_label'),
    map(vm, 'other_config')['base_template_name'] ?? '',
    text(vm, 'name_label'),
  ]
  for (const label of labels) {
    for (const system of SYSTEMS) {
      const match = system.pattern.exec(label)
      if (match) return profileOf(system, match[1] ?? system.version)
    }
  }
  return undefined
}

function profileOf(system: System, version: string): GuestProfile {
  const [major = '', minor = '0'] = version.split('.')
  const os_version: Record<string, string> = {
    name: system.name(version),
    distro: system.distro,
    major,
    minor,
  }
  if (system.uname) os_version['uname'] = system.uname
  return {
    os_version,
    PV_drivers_version: system.distro === 'windows' ? WINDOWS_DRIVERS : LINUX_DRIVERS,
    other: FEATURES,
    netbios_name: {},
    networks: {},
    can_use_hotplug_vbd: 'unspecified',
    can_use_hotplug_vif: 'unspecified',
  }
}
