/** When a VDI operation is allowed (PROTOCOL section 6.5). Pure. */
import type { Failure } from '../vm/row.ts'
import type { Features } from './features.ts'

export interface VdiView {
  readonly ref: string
  readonly sr: string
  readonly srType: string
  readonly isToolsSr: boolean
  readonly srAttached: boolean
  readonly features: Features
  readonly type: string
  readonly managed: boolean
  readonly sharable: boolean
  readonly onBootReset: boolean
  readonly isSnapshot: boolean
  readonly cbtEnabled: boolean
  readonly currentOperations: Readonly<Record<string, string>>
  /** Modes of the VBDs that are attached or reserved, and whether their VM is a snapshot. */
  readonly active: readonly { readonly mode: string; readonly vmIsSnapshot: boolean }[]
  /** An operation in progress on one of its VBDs. */
  readonly vbdOperation?: { readonly task: string; readonly operation: string }
  readonly haEnabled: boolean
}

/** Feature a driver needs for the operation; an operation that is absent needs none. */
const FEATURE: Readonly<Record<string, string>> = {
  snapshot: 'VDI_SNAPSHOT',
  destroy: 'VDI_DELETE',
  resize: 'VDI_RESIZE',
  resize_online: 'VDI_RESIZE_ONLINE',
  update: 'VDI_UPDATE',
  generate_config: 'VDI_GENERATE_CONFIG',
  clone: 'VDI_CLONE',
  revert_to: 'VDI_CLONE',
  revert_from: 'VDI_CLONE',
  mirror: 'VDI_MIRROR',
  enable_cbt: 'VDI_CONFIG_CBT',
  disable_cbt: 'VDI_CONFIG_CBT',
  data_destroy: 'VDI_CONFIG_CBT',
  list_changed_blocks: 'VDI_CONFIG_CBT',
  set_on_boot: 'VDI_RESET_ON_BOOT',
}

/**
 * What allowed_operations is computed over: xapi leaves newer operations out, so that older pools
 * can read the field, and drops `blocked` and `force_unlock`.
 */
const LISTED = [
  'clone',
  'copy',
  'resize',
  'resize_online',
  'snapshot',
  'destroy',
  'forget',
  'update',
  'generate_config',
] as const

/** May run while a VM has the disk attached. */
const LIVE = new Set([
  'snapshot',
  'resize_online',
  'blocked',
  'clone',
  'revert_to',
  'mirror',
  'enable_cbt',
  'disable_cbt',
  'data_destroy',
])

const NOT_WITH_CBT_METADATA = new Set([
  'clone',
  'copy',
  'disable_cbt',
  'enable_cbt',
  'mirror',
  'resize',
  'resize_online',
  'snapshot',
  'revert_to',
  'revert_from',
  'set_on_boot',
])

function blockedByAttach(view: VdiView, operation: string): boolean {
  if (LIVE.has(operation)) return false
  // A checkpoint's disks stay marked as attached, but nothing writes to them.
  if (operation === 'copy') {
    return view.active.some((vbd) => vbd.mode === 'RW' && !vbd.vmIsSnapshot)
  }
  if (operation === 'list_changed_blocks') return view.active.some((vbd) => !vbd.vmIsSnapshot)
  return view.active.length > 0
}

function destroyError(view: VdiView): Failure | undefined {
  if (view.srType === 'udev') return ['VDI_IS_A_PHYSICAL_DEVICE', view.ref]
  if (view.isToolsSr) return ['SR_OPERATION_NOT_SUPPORTED', view.sr]
  if (view.type === 'rrd') return ['VDI_HAS_RRDS', view.ref]
  if (view.haEnabled && isHaDisk(view)) return ['HA_IS_ENABLED']
  return undefined
}

function isHaDisk(view: VdiView): boolean {
  return view.type === 'ha_statefile' || view.type === 'redo_log'
}

/** Rules of one operation each, after the common ones. */
function ownError(view: VdiView, operation: string): Failure | undefined {
  const ha = view.haEnabled && isHaDisk(view)
  switch (operation) {
    case 'forget':
      if (ha) return ['HA_IS_ENABLED']
      return view.type === 'rrd' ? ['VDI_HAS_RRDS', view.ref] : undefined
    case 'destroy':
    case 'revert_from':
      return destroyError(view)
    case 'data_destroy':
      if (!view.isSnapshot) return ['OPERATION_NOT_ALLOWED', `VDI is not a snapshot: ${view.ref}`]
      return view.cbtEnabled ? destroyError(view) : ['VDI_NO_CBT_METADATA', view.ref]
    case 'resize':
    case 'resize_online':
      return ha ? ['HA_IS_ENABLED'] : undefined
    case 'snapshot':
      if (view.sharable) return ['VDI_IS_SHARABLE', view.ref]
      if (view.onBootReset) return ['VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION']
      return Object.values(view.currentOperations).includes('copy')
        ? ['OPERATION_NOT_ALLOWED', 'Snapshot operation not allowed during copy.']
        : undefined
    case 'copy':
      if (view.onBootReset) return ['VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION']
      return isHaDisk(view)
        ? [
            'OPERATION_NOT_ALLOWED',
            "VDI containing HA statefile or redo log cannot be copied (check the VDI's allowed operations).",
          ]
        : undefined
    case 'enable_cbt':
    case 'disable_cbt':
      if (view.isSnapshot) return ['OPERATION_NOT_ALLOWED', `VDI is a snapshot: ${view.ref}`]
      if (view.type !== 'user' && view.type !== 'system') {
        return ['VDI_INCOMPATIBLE_TYPE', view.ref, view.type]
      }
      return view.onBootReset ? ['VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION'] : undefined
    case 'revert_to':
      return view.isSnapshot ? undefined : ['REVERT_ONLY_ALLOWED_ON_SNAPSHOT']
    default:
      return undefined
  }
}

/** The first reason why the operation cannot start now. */
export function vdiOperationError(view: VdiView, operation: string): Failure | undefined {
  const current = Object.entries(view.currentOperations)
  const mirroring = operation === 'destroy' && current.some(([, op]) => op === 'mirror')
  const exclusive = current.find(([, op]) => op !== 'copy')
  if (exclusive && !mirroring) {
    return ['OTHER_OPERATION_IN_PROGRESS', 'VDI', view.ref, exclusive[1], exclusive[0]]
  }
  if (!view.srAttached && operation === 'resize') return ['SR_HAS_NO_PBDS', view.sr]
  if (blockedByAttach(view, operation)) return ['VDI_IN_USE', view.ref, operation]
  if (view.vbdOperation && operation !== 'data_destroy') {
    const { task, operation: busy } = view.vbdOperation
    return ['OTHER_OPERATION_IN_PROGRESS', 'VDI', view.ref, busy, task]
  }
  const feature = FEATURE[operation]
  if (feature && !view.features.has(feature)) return ['SR_OPERATION_NOT_SUPPORTED', view.sr]
  if (view.type === 'cbt_metadata' && NOT_WITH_CBT_METADATA.has(operation)) {
    return ['VDI_INCOMPATIBLE_TYPE', view.ref, 'cbt_metadata']
  }
  if (view.cbtEnabled && (operation === 'mirror' || operation === 'set_on_boot')) {
    return ['VDI_CBT_ENABLED', view.ref]
  }
  return ownError(view, operation)
}

/** VDI.allowed_operations. */
export function allowedVdiOperations(view: VdiView): string[] {
  return LISTED.filter((operation) => !vdiOperationError(view, operation))
}
