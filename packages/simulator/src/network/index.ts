/** The behaviour of networks and the hosts' interfaces. */
import type { Behaviour } from '../rpc/registry.ts'
import { bondHandlers } from './bond.ts'
import { networkHandlers } from './network.ts'
import { pifHandlers } from './pif.ts'
import { tunnelHandlers } from './tunnel.ts'
import { vlanHandlers } from './vlan.ts'

export const networkBehaviour: Behaviour = {
  handlers: {
    ...networkHandlers,
    ...vlanHandlers,
    ...pifHandlers,
    ...bondHandlers,
    ...tunnelHandlers,
  },
}
