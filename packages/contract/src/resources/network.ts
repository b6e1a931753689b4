import * as z from 'zod/mini'
import { id, poolObject } from './common.ts'

const ipv4Settings = z.object({
  /** `None`, `DHCP` or `Static`. */
  mode: z.string(),
  address: z.string(),
  netmask: z.string(),
  gateway: z.string(),
  dns: z.string(),
})

/** XenAPI `network`. */
export const network = z.object({
  ...poolObject,
  bridge: z.string(),
  mtu: z.number(),
  /** Derived from its PIFs: none → `internal`. `hostInternal` is the host internal management network. */
  type: z.enum(['external', 'vlan', 'bond', 'tunnel', 'sriov', 'internal', 'hostInternal']),
  /** VLAN tags of its PIFs, usually one. */
  vlans: z.array(z.number()),
  physicalNicIds: z.array(id),
  /** `unlocked` or `disabled`. */
  defaultLocking: z.string(),
  tags: z.array(z.string()),
})
export type Network = z.infer<typeof network>

/** XenAPI `VIF`. */
export const nic = z.object({
  id,
  poolId: id,
  /** The VM, template or snapshot that it belongs to. */
  vmId: z.nullable(id),
  networkId: z.nullable(id),
  /** Position: `0`, `1`, … */
  device: z.string(),
  mac: z.string(),
  mtu: z.number(),
  attached: z.boolean(),
  locking: z.string(),
  /** From the guest agent. */
  addresses: z.array(z.string()),
  /** Kilobytes a second; null without a limit. */
  rateLimit: z.nullable(z.number()),
})
export type Nic = z.infer<typeof nic>

/** XenAPI `PIF`, joined with its metrics and with the VLAN, Bond or tunnel that made it. */
export const physicalNic = z.object({
  id,
  poolId: id,
  hostId: z.nullable(id),
  networkId: z.nullable(id),
  /** `eth0`, `bond0`, … */
  device: z.string(),
  mac: z.string(),
  mtu: z.number(),
  type: z.enum(['physical', 'vlan', 'bond', 'tunnel', 'sriov']),
  attached: z.boolean(),
  /** Carries the host's management traffic. */
  management: z.boolean(),
  link: z.object({
    carrier: z.boolean(),
    /** Mbit/s; null where unknown. */
    speed: z.nullable(z.number()),
    fullDuplex: z.boolean(),
    vendor: z.string(),
    model: z.string(),
  }),
  ipv4: ipv4Settings,
  ipv6: z.array(z.string()),
  /** Of a VLAN: the tag, and the PIF that carries it. */
  vlan: z.nullable(z.object({ id, tag: z.number(), onNicId: z.nullable(id) })),
  /** Of a bond's own PIF. */
  bond: z.nullable(z.object({ id, mode: z.string(), memberIds: z.array(id), linksUp: z.number() })),
  /** The bond's PIF that this one is a member of. */
  bondedIntoId: z.nullable(id),
  tunnel: z.nullable(z.object({ id, transportNicId: z.nullable(id), active: z.boolean() })),
})
export type PhysicalNic = z.infer<typeof physicalNic>
