/** What a guest knows about the machine it runs on; everything its commands print comes from here. */

export interface GuestInterface {
  /** `eth0`, `enX0`. */
  readonly name: string
  readonly mac: string
  /** Addresses without prefix length. */
  readonly ipv4: readonly string[]
  readonly ipv6: readonly string[]
}

export interface GuestDisk {
  /** `xvda`. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly used: number
}

export interface GuestSystem {
  readonly family: 'linux' | 'windows' | 'dom0'
  /** `Debian GNU/Linux 13`. */
  readonly name: string
  /** `debian`. */
  readonly distribution: string
  /** Release of the kernel, `6.12.48+deb13-amd64`. */
  readonly kernel: string
}

export interface GuestFacts {
  readonly uuid: string
  /** The VM's name. */
  readonly label: string
  readonly hostname: string
  readonly system: GuestSystem
  /** Bytes. */
  readonly memory: number
  readonly vcpus: number
  readonly cpuModel: string
  readonly interfaces: readonly GuestInterface[]
  readonly disks: readonly GuestDisk[]
  /** Milliseconds since 1970. */
  readonly bootedAt: number
}

/** What one process of a guest uses: `cpu` 0..1 of one CPU. */
export interface GuestLoad {
  /** 0..1, over all vCPUs. */
  readonly cpu: number
  /** 1, 5 and 15 minutes. */
  readonly average: readonly [number, number, number]
  /** 0..1 of the memory. */
  readonly memory: number
}

/** A guest's way to the rest of the simulator. */
export interface GuestMachine {
  facts(): GuestFacts
  load(): GuestLoad
  /** false while the VM is paused: it sees no input. */
  isRunning(): boolean
  /** Milliseconds since 1970. */
  now(): number
  /** The guest has switched itself off. */
  powerOff(): void
  /** The guest has restarted itself. */
  reboot(): void
  /** Commands that only this guest has (dom0's xe); output ends with a line feed. */
  readonly commands?: ReadonlyMap<string, (args: readonly string[]) => string>
}
