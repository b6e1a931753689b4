/** A small pool for tests: three hosts, shared, local and ISO storage, two networks, no servers. */
import { createPool } from '../create.ts'
import type { Row, Value } from '../db/database.ts'
import { NULL_REF } from '../db/database.ts'
import { hostBehaviour, refreshAllowedOperations } from '../host/index.ts'
import { networkBehaviour } from '../network/index.ts'
import type { Pool } from '../pool.ts'
import { bodies } from '../rpc/generic.ts'
import type { Body } from '../rpc/generic.ts'
import { XapiError, toXapiError } from '../rpc/errors.ts'
import { storageBehaviour } from '../storage/index.ts'
import { vmBehaviour } from './index.ts'

export const MIB = 1024 * 1024
export const GIB = 1024 * MIB

const HOST_MEMORY = 16 * GIB

export interface TestPool {
  readonly pool: Pool
  readonly hosts: string[]
  /** Shared by all hosts, thin, 200 GiB. */
  readonly shared: string
  /** LVM of each host, 100 GiB. */
  readonly local: string[]
  readonly iso: string
  /** A PIF on every host. */
  readonly lan: string
  /** No PIF at all. */
  readonly internal: string
  /** Runs a message as a task and gives its result; a failure throws, as for a client. */
  readonly run: (method: string, ...params: Value[]) => Promise<string>
  /** `run` for messages that answer with something else than a string. */
  readonly ask: (method: string, ...params: Value[]) => Promise<unknown>
  /** The same as `Async.`: ref of the task at once. */
  readonly start: (method: string, ...params: Value[]) => string
  readonly field: (cls: string, ref: string, field: string) => Value
}

function addHost(pool: Pool, number: number): string {
  const metrics = pool.db.create('host_metrics', {
    memory_total: HOST_MEMORY,
    memory_free: HOST_MEMORY - GIB,
    live: true,
  })
  return pool.db.create('host', {
    name_label: `host${number}`,
    address: `10.0.0.${number}`,
    enabled: true,
    metrics,
    memory_overhead: GIB,
    cpu_info: { cpu_count: '8', vendor: 'GenuineIntel', features: '0' },
    capabilities: ['hvm-3.0-x86_64'],
  })
}

function addSr(pool: Pool, fields: Row, hosts: string[]): string {
  const sr = pool.db.create('SR', { physical_utilisation: 0, virtual_allocation: 0, ...fields })
  for (const host of hosts) pool.db.create('PBD', { host, SR: sr, currently_attached: true })
  return sr
}

export function testPool(options: { hosts?: number; timeScale?: number } = {}): TestPool {
  const behaviours = [vmBehaviour, storageBehaviour, networkBehaviour, hostBehaviour]
  const pool = createPool({ behaviours, seed: 1, timeScale: options.timeScale ?? 0 })
  const { db } = pool
  const hosts = Array.from({ length: options.hosts ?? 3 }, (_, i) => addHost(pool, i + 1))
  const size = { physical_size: 200 * GIB }
  const shared = addSr(pool, { name_label: 'nfs', type: 'nfs', shared: true, ...size }, hosts)
  const local = hosts.map((host) =>
    addSr(pool, { name_label: 'local', type: 'lvm', physical_size: 100 * GIB }, [host]),
  )
  const iso = addSr(
    pool,
    { name_label: 'iso', type: 'iso', content_type: 'iso', shared: true },
    hosts,
  )
  const lan = db.create('network', { name_label: 'lan', bridge: 'xenbr0' })
  for (const host of hosts) {
    const pif = { device: 'eth0', network: lan, host, VLAN: -1, physical: true, MTU: 1500 }
    db.create('PIF', { ...pif, currently_attached: true, management: true, managed: true })
  }
  const internal = db.create('network', { name_label: 'internal', bridge: 'xapi0' })
  db.create('pool', { master: hosts[0] ?? NULL_REF, default_SR: shared, suspend_image_SR: shared })
  refreshAllowedOperations(pool)
  const found = bodies(behaviours)
  return {
    pool,
    hosts,
    shared,
    local,
    iso,
    lan,
    internal,
    run: async (method, ...params) => {
      const result = await run(pool, found, method, params)
      return typeof result === 'string' ? result : ''
    },
    ask: (method, ...params) => run(pool, found, method, params),
    start: (method, ...params) => background(pool, found, method, params),
    field: (cls, ref, name) => db.must(cls, ref)[name] ?? '',
  }
}

function callOf(pool: Pool, method: string, ref: string) {
  const host = pool.coordinator()
  const session = {
    ref: NULL_REF,
    account: { name: 'root', password: '' },
    host,
    root: true,
    subject: NULL_REF,
    sid: '',
    ended: pool.closed,
  }
  return { pool, session, task: pool.tasks.handle(ref), host, method, gone: pool.closed }
}

function bodyOf(found: Map<string, Body>, method: string): Body {
  const body = found.get(method)
  if (!body) throw new XapiError('NOT_IMPLEMENTED', method)
  return body
}

async function run(
  pool: Pool,
  found: Map<string, Body>,
  method: string,
  params: Value[],
): Promise<unknown> {
  const task = pool.tasks.start({ label: method, host: pool.coordinator() })
  try {
    return await bodyOf(found, method)(callOf(pool, method, task.key), ...params)
  } finally {
    pool.tasks.remove(task.key)
  }
}

function background(pool: Pool, found: Map<string, Body>, method: string, params: Value[]): string {
  const task = pool.tasks.start({ label: `Async.${method}`, host: pool.coordinator() })
  Promise.resolve()
    .then(() => bodyOf(found, method)(callOf(pool, method, task.key), ...params))
    .then(
      () => pool.tasks.succeed(task.key, ''),
      (error: unknown) => pool.tasks.fail(task.key, toXapiError(error)),
    )
    .catch(() => {
      // The pool is gone before its task.
    })
  return task.key
}

export interface NewVm {
  readonly name?: string
  /** Bytes. */
  readonly memory?: number
  readonly disk?: boolean
  readonly nic?: boolean
  readonly fields?: Row
}

/** A halted HVM guest with a 10 GiB disk on shared storage and a VIF on the LAN. */
export async function makeVm(test: TestPool, options: NewVm = {}): Promise<string> {
  const memory = options.memory ?? GIB
  const vm = await test.run('VM.create', {
    name_label: options.name ?? 'debian-1',
    is_a_template: false,
    memory_static_max: memory,
    memory_dynamic_max: memory,
    memory_dynamic_min: memory,
    memory_static_min: memory / 2,
    VCPUs_max: 2,
    VCPUs_at_startup: 1,
    actions_after_shutdown: 'destroy',
    actions_after_reboot: 'restart',
    actions_after_crash: 'restart',
    HVM_boot_policy: 'BIOS order',
    HVM_boot_params: { order: 'cd' },
    reference_label: 'debian-12',
    platform: {},
    ...options.fields,
  })
  if (options.disk !== false) {
    const vdi = await addDisk(test, test.shared, 10 * GIB)
    await test.run('VBD.create', vbdRecord(vm, vdi, { bootable: true, userdevice: '0' }))
  }
  if (options.nic !== false) await test.run('VIF.create', vifRecord(vm, test.lan, '0'))
  return vm
}

export function addDisk(test: TestPool, SR: string, size: number): Promise<string> {
  return test.run('VDI.create', {
    SR,
    virtual_size: size,
    name_label: 'disk',
    name_description: '',
    type: 'user',
    sharable: false,
    read_only: false,
    other_config: {},
  })
}

export function vbdRecord(VM: string, VDI: string, fields: Row = {}): Row {
  return {
    VM,
    VDI,
    userdevice: 'autodetect',
    bootable: false,
    mode: 'RW',
    type: 'Disk',
    unpluggable: true,
    empty: false,
    other_config: {},
    qos_algorithm_type: '',
    qos_algorithm_params: {},
    ...fields,
  }
}

export function vifRecord(VM: string, network: string, device: string): Row {
  return {
    VM,
    network,
    device,
    MAC: '',
    MTU: 1500,
    other_config: {},
    qos_algorithm_type: '',
    qos_algorithm_params: {},
  }
}

/** Turns the event loop until what was started without waiting has run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
}
