/**
 * What xapi does to its database when it starts (PROTOCOL section 12): fields that old releases did
 * not have are derived, what points nowhere is collected, and hosts are alive.
 */
import { NEVER } from '../clock.ts'
import { NULL_REF, type Row } from '../db/database.ts'
import { placeConsoles } from '../console/place.ts'
import type { Pool } from '../pool.ts'
import { createConsoles } from '../vm/consoles.ts'
import { flag, int, list, map, refOrNone, text } from '../vm/row.ts'

export function upgrade(pool: Pool): void {
  upgradePool(pool)
  collectGarbage(pool)
  for (const [ref, row] of pool.db.all('host')) upgradeHost(pool, ref, row)
  for (const [ref, row] of pool.db.all('VM')) upgradeVm(pool, ref, row)
  for (const [ref, row] of pool.db.all('VM_guest_metrics'))
    if (Object.keys(map(row, 'PV_drivers_version')).length > 0)
      pool.db.write('VM_guest_metrics', ref, { PV_drivers_detected: true })
  for (const [ref, row] of pool.db.all('SR')) upgradeSr(pool, ref, row)
  upgradeConsoles(pool)
  for (const cls of ['VBD', 'VIF'] as const)
    for (const [ref, row] of pool.db.all(cls)) makeDeviceMetrics(pool, cls, ref, row)
}

/**
 * A host's first start makes the pool object; a coordinator that is gone gives way to a member. Of
 * several pools the one is kept whose coordinator is there: a database is that of one.
 */
function upgradePool(pool: Pool): void {
  const [first] = pool.db.all('host')
  const pools = [...pool.db.all('pool')]
  const hasCoordinator = ([, row]: [string, Row]): boolean =>
    pool.db.get('host', text(row, 'master')) !== undefined
  const kept = pools.find((each) => hasCoordinator(each)) ?? pools[0]
  for (const [ref] of pools) if (ref !== kept?.[0]) pool.db.destroy('pool', ref)
  const host = first?.[0] ?? NULL_REF
  if (pool.ref === NULL_REF)
    pool.db.create('pool', {
      master: host,
      default_SR: NULL_REF,
      suspend_image_SR: NULL_REF,
      crash_dump_SR: NULL_REF,
    })
  else if (pool.db.get('host', pool.coordinator()) === undefined)
    pool.db.write('pool', pool.ref, { master: host })
}

/**
 * Rows whose both ends must exist (xapi/db_gc_util.ml). A VBD without its disk goes too, unless it
 * is an empty drive.
 */
function collectGarbage(pool: Pool): void {
  const { db } = pool
  const exists = (cls: string, row: Row, field: string): boolean =>
    db.get(cls, text(row, field)) !== undefined
  const keep: Readonly<Record<string, (row: Row) => boolean>> = {
    VBD: (row) => exists('VM', row, 'VM') && (flag(row, 'empty') || exists('VDI', row, 'VDI')),
    VIF: (row) => exists('VM', row, 'VM') && exists('network', row, 'network'),
    PBD: (row) => exists('host', row, 'host') && exists('SR', row, 'SR'),
    PIF: (row) => exists('host', row, 'host') && exists('network', row, 'network'),
    VDI: (row) => exists('SR', row, 'SR'),
    console: (row) => exists('VM', row, 'VM'),
    host_cpu: (row) => exists('host', row, 'host'),
    PGPU: (row) => exists('host', row, 'host'),
    VGPU: (row) => exists('VM', row, 'VM'),
    VTPM: (row) => exists('VM', row, 'VM'),
  }
  for (const [cls, isKept] of Object.entries(keep))
    for (const [ref, row] of db.all(cls)) if (!isKept(row)) db.destroy(cls, ref)
}

function upgradeHost(pool: Pool, ref: string, row: Row): void {
  const config = map(row, 'other_config')
  const now = pool.clock.iso()
  const metrics = text(row, 'metrics')
  if (pool.db.get('host_metrics', metrics) !== undefined)
    pool.db.write('host_metrics', metrics, { live: true, last_updated: now })
  else pool.db.write('host', ref, { metrics: makeHostMetrics(pool, row) })
  const cpus = [...pool.db.all('host_cpu')].filter(([, cpu]) => cpu['host'] === ref).length
  const cpuInfo = map(row, 'cpu_info')
  pool.db.write('host', ref, {
    iscsi_iqn: text(row, 'iscsi_iqn') || (config['iscsi_iqn'] ?? ''),
    multipathing: flag(row, 'multipathing') || config['multipathing'] === 'true',
    control_domain: controlDomain(pool, ref, row),
    cpu_info: { ...cpuInfo, cpu_count: cpuInfo['cpu_count'] ?? String(Math.max(1, cpus)) },
  })
}

function makeHostMetrics(pool: Pool, host: Row): string {
  const total = Math.max(int(host, 'boot_free_mem') + int(host, 'memory_overhead'), 2 ** 33)
  return pool.db.create('host_metrics', {
    live: true,
    memory_total: total,
    memory_free: int(host, 'boot_free_mem'),
    last_updated: pool.clock.iso(),
  })
}

/** The host's own domain 0, also in databases from before the field. */
function controlDomain(pool: Pool, host: string, row: Row): string {
  const known = text(row, 'control_domain')
  if (pool.db.get('VM', known) !== undefined) return known
  for (const [ref, vm] of pool.db.all('VM'))
    if (flag(vm, 'is_control_domain') && vm['resident_on'] === host && int(vm, 'domid') <= 0)
      return ref
  return NULL_REF
}

function upgradeVm(pool: Pool, ref: string, row: Row): void {
  const changes: Row = {}
  const isTemplate = flag(row, 'is_a_template')
  if (isTemplate && map(row, 'other_config')['default_template'] === 'true')
    changes['is_default_template'] = true
  const domainType =
    row['domain_type'] === 'unspecified'
      ? text(row, 'HVM_boot_policy') === ''
        ? 'pv'
        : 'hvm'
      : text(row, 'domain_type')
  changes['domain_type'] = domainType
  const isLive = row['power_state'] === 'Running' || row['power_state'] === 'Paused'
  if (isLive) Object.assign(changes, domain(pool, row))
  else Object.assign(changes, { resident_on: NULL_REF, domid: -1 })
  changes['scheduled_to_be_resident_on'] = NULL_REF
  const metrics = vmMetrics(pool, row, isLive, domainType)
  if (metrics !== undefined) changes['metrics'] = metrics
  const guest = text(row, 'guest_metrics')
  if (pool.db.get('VM_guest_metrics', guest) === undefined) changes['guest_metrics'] = NULL_REF
  pool.db.write('VM', ref, changes)
}

/** Where a live VM runs: its host, or another when that is not in the pool any more. */
function domain(pool: Pool, row: Row): Row {
  const hosts = [...pool.db.all('host')].map(([host]) => host)
  const here = text(row, 'resident_on')
  const wished = [here, refOrNone(row, 'affinity') ?? '', pool.coordinator()]
  const host = wished.find((each) => hosts.includes(each)) ?? hosts[0] ?? NULL_REF
  const isControlDomain = flag(row, 'is_control_domain')
  const used = [...pool.db.all('VM')]
    .filter(([, vm]) => vm['resident_on'] === host)
    .map(([, vm]) => int(vm, 'domid'))
  const domid = int(row, 'domid')
  if (isControlDomain || (domid > 0 && host === here)) return { resident_on: host }
  return { resident_on: host, domid: Math.max(0, ...used) + 1 }
}

/** Completes the metrics of a VM; the ref of new ones when it had none. */
function vmMetrics(pool: Pool, row: Row, isLive: boolean, domainType: string): string | undefined {
  const { db, clock } = pool
  const ref = text(row, 'metrics')
  const known = db.get('VM_metrics', ref)
  if (known === undefined && flag(row, 'is_a_template') && !flag(row, 'is_a_snapshot'))
    return NULL_REF
  const fields: Row = {}
  if (isLive) {
    const started = known === undefined || known['start_time'] === NEVER
    if (started) fields['start_time'] = clock.iso()
    if (known === undefined || int(known, 'VCPUs_number') === 0)
      fields['VCPUs_number'] = int(row, 'VCPUs_at_startup')
    if (known === undefined || int(known, 'memory_actual') === 0)
      fields['memory_actual'] = int(row, 'memory_target') || int(row, 'memory_dynamic_max')
    fields['current_domain_type'] = domainType
    fields['hvm'] = domainType === 'hvm'
  }
  if (known === undefined) return db.create('VM_metrics', fields)
  db.write('VM_metrics', ref, fields)
  return undefined
}

function upgradeSr(pool: Pool, ref: string, row: Row): void {
  const config = map(row, 'other_config')
  const isTools = 'xenserver_tools_sr' in config || config['xensource_internal'] === 'true'
  if (!isTools) return
  pool.db.write('SR', ref, { is_tools_sr: true })
  for (const vdi of list(row, 'VDIs')) {
    const disk = pool.db.get('VDI', vdi)
    if (
      disk !== undefined &&
      /tools.*\.iso$/i.test(text(disk, 'name_label') + text(disk, 'location'))
    )
      pool.db.write('VDI', vdi, { is_tools_iso: true })
  }
}

/**
 * Live VMs keep their consoles, now where this pool serves them; those of VMs that do not run are
 * left over from a crash.
 */
function upgradeConsoles(pool: Pool): void {
  for (const [ref, row] of pool.db.all('console')) {
    const vm = pool.db.get('VM', text(row, 'VM'))
    if (vm === undefined || refOrNone(vm, 'resident_on') === undefined)
      pool.db.destroy('console', ref)
  }
  for (const [ref, vm] of pool.db.all('VM')) {
    const host = refOrNone(vm, 'resident_on')
    if (host !== undefined && list(vm, 'consoles').length === 0) createConsoles(pool, ref, host)
  }
  placeConsoles(pool)
}

/** Never written to a file, but every device has them while xapi runs. */
function makeDeviceMetrics(pool: Pool, cls: 'VBD' | 'VIF', ref: string, row: Row): void {
  const { db } = pool
  const metrics = text(row, 'metrics')
  if (db.get(`${cls}_metrics`, metrics) !== undefined) return
  const isFree = metrics !== NULL_REF && db.classOf(metrics) === undefined
  const made = db.create(
    `${cls}_metrics`,
    { last_updated: pool.clock.iso() },
    isFree ? { ref: metrics } : {},
  )
  db.write(cls, ref, { metrics: made })
}
