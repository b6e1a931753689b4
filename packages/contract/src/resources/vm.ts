import * as z from 'zod/mini'
import { bytes, drive, id, instant, operable, poolObject } from './common.ts'

export const powerState = z.enum(['halted', 'paused', 'running', 'suspended'])
export const consoleProtocol = z.enum(['rfb', 'vt100'])

/** What a VM, a template and a snapshot have in common: the virtual hardware. */
export const hardware = {
  vcpus: z.object({
    atStartup: z.number(),
    max: z.number(),
    /** Cores a socket (platform:cores-per-socket), null where not set. */
    coresPerSocket: z.nullable(z.number()),
  }),
  /** Bytes: VM.memory_static_min … memory_static_max. */
  memory: z.object({
    staticMin: z.number(),
    dynamicMin: z.number(),
    dynamicMax: z.number(),
    staticMax: z.number(),
  }),
  /** VM.domain_type: `hvm`, `pv`, `pvh`, `pv_in_pvh`, `unspecified`. */
  virtualization: z.string(),
  firmware: z.nullable(z.enum(['bios', 'uefi'])),
  /** `cd` = disk, then CD drive, `n` = network … (HVM_boot_params:order). */
  bootOrder: z.string(),
  drives: z.array(drive),
  nicIds: z.array(id),
  tags: z.array(z.string()),
}

/** XenAPI `VM` that is neither template, snapshot nor control domain, joined with its metrics, guest metrics, VBDs and consoles. */
export const vm = z.object({
  ...poolObject,
  ...operable,
  ...hardware,
  powerState,
  /** Where it runs (VM.resident_on). */
  hostId: z.nullable(id),
  affinityHostId: z.nullable(id),
  /** From the guest agent; null while it has not reported. */
  os: z.nullable(z.object({ name: z.string(), distro: z.string(), kernel: z.string() })),
  /** Guest addresses, IPv4 first, the first NIC's first. */
  addresses: z.array(z.string()),
  tools: z.object({
    /** `unknown` while halted. */
    state: z.enum(['unknown', 'absent', 'running', 'outdated']),
    version: z.nullable(z.string()),
  }),
  /** Memory that it has now, bytes; null unless it runs (VM_metrics.memory_actual). */
  memoryActual: bytes,
  startedAt: instant,
  snapshotIds: z.array(id),
  /** The snapshot that the present state descends from (VM.parent). */
  currentSnapshotId: z.nullable(id),
  /** What its `console` records offer now, not what its type suggests. Empty unless it runs. */
  consoles: z.array(consoleProtocol),
  autoPowerOn: z.boolean(),
  haPriority: z.string(),
  /** XenAPI operation → why it is blocked (VM.blocked_operations). */
  blockedOperations: z.record(z.string(), z.string()),
})
export type Vm = z.infer<typeof vm>
export type PowerState = z.infer<typeof powerState>
export type ConsoleProtocol = z.infer<typeof consoleProtocol>
