/** The operating systems of made-up pools: their template and what their guest tools report. */
import type { Row } from '../db/database.ts'

export interface GuestOs {
  /** Label of the template it was installed from. */
  readonly template: string
  /** The template's name in every language, VM.reference_label. */
  readonly reference: string
  readonly windows: boolean
  /** os_version and PV_drivers_version of VM_guest_metrics. */
  readonly report: Row
}

function linux(
  template: string,
  reference: string,
  name: string,
  distro: string,
  version: string,
  uname: string,
): GuestOs {
  const [major = '', minor = ''] = version.split('.')
  return {
    template,
    reference,
    windows: false,
    report: {
      os_version: { name, uname, distro, major, minor },
      PV_drivers_version: { major: '8', minor: '4', micro: '0', build: '1' },
    },
  }
}

function windows(template: string, reference: string, name: string): GuestOs {
  return {
    template,
    reference,
    windows: true,
    report: {
      os_version: {
        name: `${name}|C:\\Windows|\\Device\\Harddisk0\\Partition2`,
        distro: 'windows',
        major: '10',
        minor: '0',
        spmajor: '0',
        spminor: '0',
      },
      PV_drivers_version: { major: '9', minor: '4', micro: '0', build: '146' },
    },
  }
}

const SYSTEMS = {
  debian13: linux(
    'Debian Trixie 13',
    'debian-13',
    'Debian GNU/Linux 13 (trixie)',
    'debian',
    '13.1',
    '6.12.48+deb13-amd64',
  ),
  debian12: linux(
    'Debian Bookworm 12',
    'debian-12',
    'Debian GNU/Linux 12 (bookworm)',
    'debian',
    '12.12',
    '6.1.0-40-amd64',
  ),
  ubuntu2404: linux(
    'Ubuntu Noble Numbat 24.04',
    'ubuntu-24.04',
    'Ubuntu 24.04.3 LTS',
    'ubuntu',
    '24.04',
    '6.8.0-85-generic',
  ),
  ubuntu2204: linux(
    'Ubuntu Jammy Jellyfish 22.04',
    'ubuntu-22.04',
    'Ubuntu 22.04.5 LTS',
    'ubuntu',
    '22.04',
    '5.15.0-157-generic',
  ),
  alma9: linux(
    'AlmaLinux 9',
    'almalinux-9',
    'AlmaLinux 9.6 (Sage Margay)',
    'almalinux',
    '9.6',
    '5.14.0-570.49.1.el9_6.x86_64',
  ),
  rocky9: linux(
    'Rocky Linux 9',
    'rocky-9',
    'Rocky Linux 9.6 (Blue Onyx)',
    'rocky',
    '9.6',
    '5.14.0-570.49.1.el9_6.x86_64',
  ),
  windows2022: windows(
    'Windows Server 2022 (64-bit)',
    'windows-server-2022-64bit',
    'Microsoft Windows Server 2022 Standard',
  ),
  windows2019: windows(
    'Windows Server 2019 (64-bit)',
    'windows-server-2019-64bit',
    'Microsoft Windows Server 2019 Standard',
  ),
  windows11: windows('Windows 11', 'windows-11', 'Microsoft Windows 11 Pro'),
  other: {
    template: 'Other install media',
    reference: 'other-install-media',
    windows: false,
    report: { os_version: {}, PV_drivers_version: {} },
  },
} satisfies Record<string, GuestOs>

export type OsName = keyof typeof SYSTEMS

export function guestOs(name: OsName): GuestOs {
  return SYSTEMS[name]
}
