/** The SM rows of a host's storage drivers (PROTOCOL section 6.3). */
import { featuresOf, KNOWN_TYPES } from '../storage/features.ts'
import type { PoolBuilder } from './builder.ts'

const DRIVERS: Readonly<Record<string, readonly [label: string, description: string]>> = {
  lvm: [
    'Local LVM',
    'SR plugin which represents disks as Logical Volumes within a local Volume Group',
  ],
  lvmoiscsi: [
    'LVM over iSCSI',
    'SR plugin which represents disks as Logical Volumes within a Volume Group created on an iSCSI LUN',
  ],
  ext: [
    'Local EXT VHD',
    'SR plugin which represents disks as VHD files stored on a local EXT filesystem',
  ],
  nfs: ['NFS VHD', 'SR plugin which stores disks as VHD files on a remote NFS filesystem'],
  smb: ['SMB', 'SR plugin which stores disks as VHD files on a remote SMB filesystem'],
  iso: ['ISO', 'Handles CD images stored as files in iso format'],
  udev: ['udev', 'SR plugin which represents devices plugged in via udev as VDIs'],
}

export function storageDrivers(builder: PoolBuilder): void {
  for (const type of KNOWN_TYPES) {
    const [name_label, name_description] = DRIVERS[type] ?? []
    if (name_label === undefined || name_description === undefined) continue
    const features = [...featuresOf(new Map(), type)]
    builder.create('SM', {
      type,
      name_label,
      name_description,
      vendor: 'Citrix Systems Inc',
      copyright: '(C) 2008 Citrix Systems Inc',
      version: '1.0',
      required_api_version: '1.0',
      configuration: {},
      capabilities: features,
      features: Object.fromEntries(features.map((feature) => [feature, 1])),
      driver_filename: `/opt/xensource/sm/${type.toUpperCase()}SR`,
    })
  }
}
