/** What the objects of a made-up pool are told to be. */
import type { OsName } from './operating-systems.ts'

export interface HostOptions {
  readonly name: string
  readonly description?: string
  readonly address: string
  /** Bytes. */
  readonly memory: number
  readonly cpus: number
  readonly cpuModel: string
  readonly bootedDaysAgo: number
  readonly tags?: readonly string[]
}

export interface SrOptions {
  readonly name: string
  readonly description?: string
  readonly type: string
  readonly size: number
  readonly shared: boolean
  readonly contentType?: string
  readonly hosts: readonly string[]
  readonly deviceConfig?: Readonly<Record<string, string>>
  readonly tools?: boolean
  readonly tags?: readonly string[]
}

export interface DiskOptions {
  readonly name: string
  readonly description?: string
  readonly sr: string
  /** Bytes. */
  readonly size: number
  /** Bytes really used; a part of `size` when left out. */
  readonly used?: number
}

export interface VmOptions {
  readonly name: string
  readonly description?: string
  readonly os: OsName
  readonly vcpus: number
  /** Bytes. */
  readonly memory: number
  readonly disks: readonly DiskOptions[]
  readonly networks: readonly string[]
  /** One for each network; '' for none. */
  readonly addresses?: readonly string[]
  readonly tags?: readonly string[]
  readonly state: 'Running' | 'Paused' | 'Suspended' | 'Halted'
  /** Where it runs, or ran last. */
  readonly host?: string
  readonly tools?: boolean
  readonly bootedDaysAgo?: number
  /** ISO in the drive; undefined: the drive is empty; null: no drive. */
  readonly iso?: string | null
  readonly affinity?: string
  /** Where a suspended VM's memory is. */
  readonly suspendSr?: string
  readonly otherConfig?: Readonly<Record<string, string>>
}
