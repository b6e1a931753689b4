import type * as z from 'zod/mini'
import { connection } from './connection.ts'
import { host } from './host.ts'
import { network, nic, physicalNic } from './network.ts'
import { pool } from './pool.ts'
import { snapshot } from './snapshot.ts'
import { disk, storage } from './storage.ts'
import { task } from './task.ts'
import { template } from './template.ts'
import { vm } from './vm.ts'

/** Every kind of resource, with its schema. The order is the one in which a reader wants them. */
export const resources = {
  connection,
  pool,
  host,
  vm,
  task,
  snapshot,
  template,
  storage,
  disk,
  network,
  nic,
  physicalNic,
} as const

export type Kind = keyof typeof resources
export type Resource<K extends Kind = Kind> = z.infer<(typeof resources)[K]>

export const kinds = Object.keys(resources) as Kind[]

/** The plural in URLs: `/api/v1/vms`, `/api/v1/physical-nics`. */
export const collections = {
  connection: 'connections',
  pool: 'pools',
  host: 'hosts',
  vm: 'vms',
  task: 'tasks',
  snapshot: 'snapshots',
  template: 'templates',
  storage: 'storages',
  disk: 'disks',
  network: 'networks',
  nic: 'nics',
  physicalNic: 'physical-nics',
} as const satisfies Record<Kind, string>
