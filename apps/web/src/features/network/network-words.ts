import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { Network } from '@xendeck/contract'

export const networkTypes: Record<Network['type'], MessageDescriptor> = {
  external: msg`External`,
  vlan: msg`VLAN`,
  bond: msg`Bond`,
  tunnel: msg`Tunnel`,
  sriov: msg`SR-IOV`,
  internal: msg`Internal`,
  hostInternal: msg`Host management`,
}
