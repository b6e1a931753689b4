/** When operations on a host or the pool are allowed (PROTOCOL sections 8.1 and 8.2). Pure. */
import type { Failure } from '../vm/row.ts'

export interface HostView {
  readonly ref: string
  readonly enabled: boolean
  readonly live: boolean
  readonly powerOnMode: string
  readonly currentOperations: Readonly<Record<string, string>>
}

const HOST_OPERATIONS = [
  'provision',
  'evacuate',
  'shutdown',
  'reboot',
  'power_on',
  'vm_start',
  'vm_resume',
  'vm_migrate',
  'apply_updates',
  'enable',
]
const BRINGS_VMS = new Set(['provision', 'vm_resume', 'vm_migrate'])
const TAKES_VMS = new Set(['evacuate', 'reboot', 'shutdown'])
/** A running operation and those it excludes. */
const EXCLUDES: Readonly<Record<string, readonly string[]>> = {
  reboot: ['shutdown', 'apply_updates'],
  shutdown: ['reboot', 'apply_updates'],
  apply_updates: ['reboot', 'shutdown', 'enable'],
  provision: ['provision'],
}

/** The first reason why the operation cannot start on the host now. */
export function hostOperationError(view: HostView, operation: string): Failure | undefined {
  const opposite = BRINGS_VMS.has(operation)
    ? TAKES_VMS
    : TAKES_VMS.has(operation)
      ? BRINGS_VMS
      : new Set<string>()
  for (const [task, running] of Object.entries(view.currentOperations)) {
    if (opposite.has(running) || EXCLUDES[running]?.includes(operation)) {
      return ['OTHER_OPERATION_IN_PROGRESS', 'host', view.ref, running, task]
    }
  }
  if (['reboot', 'shutdown', 'apply_updates'].includes(operation) && view.enabled) {
    return ['HOST_NOT_DISABLED']
  }
  if (operation === 'power_on') {
    if (view.live) return ['HOST_IS_LIVE', view.ref]
    if (view.powerOnMode === '') return ['HOST_POWER_ON_MODE_DISABLED']
  }
  return undefined
}

export function allowedHostOperations(view: HostView): string[] {
  return HOST_OPERATIONS.filter((operation) => !hostOperationError(view, operation))
}

export interface PoolView {
  readonly haEnabled: boolean
  readonly hasCluster: boolean
  readonly currentOperations: Readonly<Record<string, string>>
}

const POOL_OPERATIONS = [
  'ha_enable',
  'ha_disable',
  'cluster_create',
  'designate_new_master',
  'tls_verification_enable',
  'configure_repositories',
  'sync_updates',
  'sync_bundle',
  'apply_updates',
  'cert_refresh',
  'exchange_certificates_on_join',
  'exchange_ca_certificates_on_join',
  'copy_primary_host_certs',
  'eject',
  'get_updates',
  'exchange_crls_on_join',
]

/** pool.allowed_operations: pool operations never run beside each other. */
export function allowedPoolOperations(view: PoolView): string[] {
  if (Object.keys(view.currentOperations).length > 0) return []
  const refused = new Set(
    view.haEnabled
      ? ['ha_enable', 'tls_verification_enable', 'cluster_create']
      : ['ha_disable', ...(view.hasCluster ? ['cluster_create'] : [])],
  )
  return POOL_OPERATIONS.filter((operation) => !refused.has(operation))
}
