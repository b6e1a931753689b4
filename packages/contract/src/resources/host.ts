import * as z from 'zod/mini'
import { bytes, id, instant, operable, poolObject } from './common.ts'

export const hostState = z.enum(['running', 'maintenance', 'unreachable'])

/** XenAPI `host`, joined with its metrics and CPUs. */
export const host = z.object({
  ...poolObject,
  ...operable,
  address: z.string(),
  hostname: z.string(),
  isCoordinator: z.boolean(),
  /** `maintenance`: live but not enabled for VMs (host.enabled = false). `unreachable`: host_metrics.live = false. */
  state: hostState,
  cpu: z.object({
    count: z.number(),
    sockets: z.nullable(z.number()),
    model: z.string(),
    mhz: z.nullable(z.number()),
  }),
  memory: z.object({ total: bytes, free: bytes }),
  /** What `host.software_version` says of itself. */
  version: z.object({
    product: z.string(),
    version: z.string(),
    build: z.string(),
    xapi: z.string(),
  }),
  bootedAt: instant,
  tags: z.array(z.string()),
  /** Dom0: the control domain's VM uuid, its memory and vCPUs. */
  controlDomain: z.nullable(z.object({ id, vcpus: z.number(), memory: bytes })),
})
export type Host = z.infer<typeof host>
export type HostState = z.infer<typeof hostState>
