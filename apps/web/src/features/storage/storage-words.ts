import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'

/** SR.type in words; the others are shown as XenAPI calls them. */
const types: Record<string, MessageDescriptor> = {
  nfs: msg`NFS`,
  smb: msg`SMB`,
  lvm: msg`Local (LVM)`,
  ext: msg`Local (EXT)`,
  xfs: msg`Local (XFS)`,
  zfs: msg`Local (ZFS)`,
  file: msg`Local (file)`,
  lvmoiscsi: msg`iSCSI`,
  lvmohba: msg`Fibre Channel`,
  lvmofcoe: msg`FCoE`,
  gfs2: msg`GFS2`,
  cephfs: msg`CephFS`,
  glusterfs: msg`GlusterFS`,
  linstor: msg`XOSTOR`,
  iso: msg`ISO library`,
  nfs_iso: msg`ISO library (NFS)`,
  udev: msg`Removable`,
}

export function storageType(type: string): MessageDescriptor | string {
  return types[type] ?? type
}
