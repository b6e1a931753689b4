import {
  CertificateError,
  ConsoleRefusedError,
  DecodeError,
  TransportError,
  XenApiError,
} from '@xendeck/xenapi'
import { ApiFailure } from '../http/api-failure.ts'

/** `{0}` stands for the first parameter. Meanings: the data model's errors and PROTOCOL 5, 6. */
export const sentences: Readonly<Record<string, string>> = {
  CANNOT_CONTACT_HOST: 'The host {0} cannot be reached by the pool. Check that it is up.',
  CANNOT_DESTROY_SYSTEM_NETWORK: 'This network belongs to the pool itself and cannot be deleted.',
  DEVICE_ALREADY_ATTACHED: 'The device is already attached.',
  DEVICE_ALREADY_DETACHED: 'The device is already detached.',
  DEVICE_ALREADY_EXISTS: 'The position {0} is taken. Choose another one.',
  FEATURE_RESTRICTED: 'The pool’s licence does not cover this ({0}).',
  HA_CONSTRAINT_VIOLATION_SR_NOT_SHARED:
    'High availability needs shared storage; {0} is not shared.',
  HA_IS_ENABLED: 'This cannot be done while high availability is enabled. Disable it first.',
  HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN:
    'This would break the failover plan of high availability. Lower the number of host failures to tolerate first.',
  HANDLE_INVALID: 'The {0} is no longer there. Somebody may have deleted it.',
  HOST_DISABLED: 'The host {0} is in maintenance mode. Enable it or choose another one.',
  HOST_EVACUATE_IN_PROGRESS: 'The host {0} is being emptied. Choose another one.',
  HOST_IS_SLAVE: 'This address belongs to a member; the pool’s coordinator is {0}.',
  HOST_NOT_ENOUGH_FREE_MEMORY:
    'No host has enough free memory: {0} bytes are needed, {1} are free. Stop something or choose another host.',
  HOST_NOT_ENOUGH_PCPUS: 'The VM wants {0} vCPUs, the host has {1} CPUs.',
  HOST_NOT_LIVE: 'The host does not answer to the pool.',
  HOST_OFFLINE: 'The host {0} is offline.',
  HOST_STILL_BOOTING: 'The host is still starting. Try again in a minute.',
  INTERNAL_ERROR: 'The pool failed inside: {0}',
  INVALID_DEVICE: 'The position {0} is not valid for this VM.',
  INVALID_VALUE: 'The pool does not accept the value {1} for {0}.',
  LICENCE_RESTRICTION: 'The pool’s licence does not cover this ({0}).',
  MAC_INVALID: '{0} is not a valid MAC address.',
  MEMORY_CONSTRAINT_VIOLATION:
    'The memory limits must satisfy: static min ≤ dynamic min ≤ dynamic max ≤ static max.',
  MEMORY_CONSTRAINT_VIOLATION_ORDER:
    'The memory limits must satisfy: static min ≤ dynamic min ≤ dynamic max ≤ static max.',
  MESSAGE_METHOD_UNKNOWN: 'This pool is too old to know {0}.',
  MESSAGE_REMOVED: 'This pool no longer supports the call.',
  NO_HOSTS_AVAILABLE:
    'No host can run this VM now. Check free memory, maintenance mode, and that hosts see its storage and networks.',
  NOT_IMPLEMENTED: 'The pool does not implement {0}.',
  NOT_SUPPORTED_DURING_UPGRADE: 'This cannot be done while the pool is being upgraded.',
  OPERATION_BLOCKED: 'This operation is blocked on {0}: {1}',
  OPERATION_NOT_ALLOWED: 'The pool does not allow this: {0}',
  OPERATION_PARTIALLY_FAILED:
    'Part of the operation failed ({0}). Look at the object before trying again.',
  OTHER_OPERATION_IN_PROGRESS: 'Another operation is running on {1}. Wait for it to end.',
  RBAC_PERMISSION_DENIED:
    'The account that the console uses for this pool lacks the permission {0}.',
  REVERT_ONLY_ALLOWED_ON_SNAPSHOT: 'Only a snapshot can be reverted to.',
  SESSION_AUTHENTICATION_FAILED: 'The pool does not accept this user name and password.',
  SESSION_AUTHORIZATION_FAILED: 'The account is known but has no access to this pool.',
  SESSION_INVALID: 'The pool has ended the session. It is being renewed; try again.',
  SR_BACKEND_FAILURE_44: 'There is not enough space on the storage.',
  SR_BACKEND_FAILURE_46: 'The disk is not available on its storage.',
  SR_BACKEND_FAILURE_47: 'The storage is not available.',
  SR_BACKEND_FAILURE_109:
    'The snapshot chain is too long. Delete some snapshots and wait for coalescing.',
  SR_FULL: 'There is not enough space on the storage.',
  SR_HAS_NO_PBDS: 'The storage {0} is not attached to any host.',
  SR_HAS_PBD: 'The storage {0} is still attached. Detach it first.',
  SR_OPERATION_NOT_SUPPORTED: 'The storage of {0} cannot do this.',
  SR_REQUIRES_UPGRADE: 'The storage {0} has to be upgraded first.',
  SR_SUSPEND_SPACE_INSUFFICIENT: 'There is not enough space on {0} to save the VM’s memory.',
  SUSPEND_IMAGE_NOT_ACCESSIBLE:
    'The saved memory of the VM is on storage that the host does not see.',
  TASK_CANCELLED: 'It was cancelled.',
  TOO_MANY_PENDING_TASKS: 'The pool has too much to do. Try again in a moment.',
  TOO_MANY_STORAGE_MIGRATES: 'Only {0} storage migrations can run at a time. Wait for one to end.',
  UUID_INVALID: 'There is no such {0}. Somebody may have deleted it.',
  VDI_IN_USE: 'The disk {0} is in use. Stop the VM that uses it, or detach it.',
  VDI_IS_A_PHYSICAL_DEVICE: 'The disk {0} is a physical device.',
  VDI_MISSING: 'The disk {1} is missing on its storage.',
  VDI_NOT_AVAILABLE: 'The disk {0} is not available.',
  VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION:
    'A disk that is reset at every boot does not allow this.',
  VDI_READONLY: 'The disk {0} is read-only.',
  VM_BAD_POWER_STATE: 'The VM is {2}; this needs it to be {1}.',
  VM_CANNOT_DELETE_DEFAULT_TEMPLATE: 'Templates that came with the product cannot be deleted.',
  VM_CRASHED: 'The guest has crashed.',
  VM_HALTED: 'The VM stopped while this was going on.',
  VM_HAS_PCI_ATTACHED: 'The VM uses a PCI device of its host, which does not allow this.',
  VM_HAS_VGPU: 'The VM has a virtual GPU, which does not allow this.',
  VM_HAS_VUSBS: 'The VM has USB devices attached, which does not allow this.',
  VM_HOST_INCOMPATIBLE_VERSION: 'The host {0} runs an older version than the VM {1} needs.',
  VM_HVM_REQUIRED: 'The host has no hardware virtualisation, which the VM needs.',
  VM_INCOMPATIBLE_WITH_THIS_HOST: 'The VM cannot run on the host {1}: {2}',
  VM_IS_IMMOBILE: 'The VM is tied to its host and cannot move.',
  VM_IS_PROTECTED: 'High availability protects this VM, which does not allow this.',
  VM_IS_SNAPSHOT: 'This cannot be done to a snapshot.',
  VM_IS_TEMPLATE: 'This cannot be done to a template.',
  VM_IS_USING_NESTED_VIRT: 'The VM uses nested virtualisation, which does not allow this.',
  VM_LACKS_FEATURE:
    'The guest tools of {0} do not run or do not support this. Install or start them.',
  VM_MIGRATE_FAILED: 'The VM could not be moved: {3}',
  VM_MISSING_PV_DRIVERS: 'The VM has no drivers for this. Install the guest tools.',
  VM_NON_SUSPENDABLE: 'The guest says that it cannot be suspended now: {1}',
  VM_REQUIRES_NETWORK: 'The host has no connection to the network {1}, which the VM needs.',
  VM_REQUIRES_SR: 'The host does not see the storage {1}, which the VM needs.',
  VM_REVERT_FAILED: 'Going back to the snapshot failed half-way; the VM is halted. Try again.',
  VM_SHUTDOWN_TIMEOUT: 'The guest did not shut down in time. Try again, or force it.',
  VM_UNSAFE_BOOT: 'The VM is not safe to start on this host.',
}

/** Some codes' parameters are secret: the session's ref. */
const secretParameters = new Set(['SESSION_INVALID', 'SESSION_NOT_REGISTERED'])

/** The failure in one English sentence; an unknown code with its parameters. */
export function sentence(code: string, params: readonly string[]): string {
  if (secretParameters.has(code)) return sentences[code] ?? code
  const known = sentences[code]
  if (known)
    return known.replaceAll(/\{(\d)\}/g, (_, index: string) => params[Number(index)] || '?')
  const said = params.filter((param) => param !== '')
  if (code.startsWith('SR_BACKEND_FAILURE_'))
    return `The storage reports: ${said.join(' ') || code}`
  return said.length > 0 ? `${code}: ${said.join(', ')}` : code
}

/** What went wrong, as resources and replies have it. */
export interface Reason {
  readonly code: string
  readonly params: string[]
  readonly message: string
}

/** Turns a ref among the parameters into a name that people know; undefined where there is none. */
export type NameOf = (ref: string) => string | undefined

export function xenApiReason(code: string, params: readonly string[], nameOf?: NameOf): Reason {
  if (secretParameters.has(code)) return { code, params: [], message: sentence(code, []) }
  // The wire has a HANDLE_INVALID's class first, then a ref that nobody can look up any more.
  const named = params.map((param) =>
    param.startsWith('OpaqueRef:') ? (nameOf?.(param) ?? '') : param,
  )
  return { code, params: named, message: sentence(code, named) }
}

/** What a failed call or connection is told as. Nothing secret: neither session nor password. */
export function reasonOf(error: unknown, nameOf?: NameOf): Reason {
  if (error instanceof ApiFailure)
    return { code: error.code, params: [...error.params], message: error.message }
  if (error instanceof XenApiError) return xenApiReason(error.code, error.params, nameOf)
  if (error instanceof CertificateError) {
    const { fingerprint, address, expected } = error
    return expected === null
      ? {
          code: 'CERTIFICATE_UNTRUSTED',
          params: [fingerprint, error.problem],
          message: `No authority vouches for the certificate of ${address}. Compare its fingerprint with the host’s and confirm it.`,
        }
      : {
          code: 'CERTIFICATE_CHANGED',
          params: [fingerprint, expected],
          message: `${address} shows another certificate than the one that was confirmed. Find out why before confirming the new one.`,
        }
  }
  if (error instanceof TransportError) {
    return {
      code: 'POOL_UNREACHABLE',
      params: [error.reason],
      message: `The pool cannot be reached (${error.message}).`,
    }
  }
  if (error instanceof ConsoleRefusedError) {
    return { code: 'POOL_ERROR', params: [String(error.status)], message: error.message }
  }
  if (error instanceof DecodeError) {
    return {
      code: 'POOL_ERROR',
      params: [error.reason],
      message: 'The pool sent a reply that is no XenAPI.',
    }
  }
  return { code: 'INTERNAL', params: [], message: 'The console failed; its log has more.' }
}

const statuses: Record<string, number> = {
  HANDLE_INVALID: 404,
  UUID_INVALID: 404,
  RBAC_PERMISSION_DENIED: 403,
  SESSION_INVALID: 502,
  SESSION_AUTHENTICATION_FAILED: 502,
  INTERNAL_ERROR: 502,
  MESSAGE_METHOD_UNKNOWN: 502,
  MESSAGE_PARAMETER_COUNT_MISMATCH: 502,
  TOO_MANY_PENDING_TASKS: 503,
}

/** The reply to a request whose XenAPI call has failed: mostly a conflict with the state that the pool is in. */
export function toPoolFailure(error: unknown, nameOf?: NameOf): unknown {
  if (error instanceof ApiFailure) return error
  if (error instanceof XenApiError) {
    const { code, params, message } = xenApiReason(error.code, error.params, nameOf)
    return new ApiFailure(code, message, { params, status: statuses[code] ?? 409, cause: error })
  }
  const { code, params, message } = reasonOf(error, nameOf)
  if (code === 'INTERNAL') return error
  if (code === 'POOL_UNREACHABLE' || code === 'POOL_ERROR') {
    return new ApiFailure(code, message, { params, cause: error })
  }
  return new ApiFailure(code, message, { params, status: 409, cause: error })
}
