/** When an SR operation is allowed (PROTOCOL section 6.1). Pure. */
import type { Failure } from '../vm/row.ts'
import type { Features } from './features.ts'

export interface SrView {
  readonly ref: string
  readonly features: Features
  readonly isToolsSr: boolean
  readonly currentOperations: Readonly<Record<string, string>>
  readonly pbdCount: number
  readonly anyAttached: boolean
  /** A managed VDI that is not RRD archive. */
  readonly hasManagedVdis: boolean
}

export const SR_OPERATIONS = [
  'scan',
  'destroy',
  'forget',
  'plug',
  'unplug',
  'vdi_create',
  'vdi_destroy',
  'vdi_resize',
  'vdi_clone',
  'vdi_snapshot',
  'vdi_mirror',
  'vdi_enable_cbt',
  'vdi_disable_cbt',
  'vdi_data_destroy',
  'vdi_list_changed_blocks',
  'vdi_set_on_boot',
  'vdi_introduce',
  'vdi_revert',
  'update',
  'pbd_create',
  'pbd_destroy',
] as const

/** `vdi_clone` needs none: xapi makes clones itself where the driver cannot. */
const FEATURE: Readonly<Record<string, string>> = {
  vdi_create: 'VDI_CREATE',
  vdi_destroy: 'VDI_DELETE',
  vdi_resize: 'VDI_RESIZE',
  vdi_introduce: 'VDI_INTRODUCE',
  vdi_mirror: 'VDI_MIRROR',
  vdi_enable_cbt: 'VDI_CONFIG_CBT',
  vdi_disable_cbt: 'VDI_CONFIG_CBT',
  vdi_data_destroy: 'VDI_CONFIG_CBT',
  vdi_list_changed_blocks: 'VDI_CONFIG_CBT',
  vdi_set_on_boot: 'VDI_RESET_ON_BOOT',
  update: 'SR_UPDATE',
  vdi_revert: 'VDI_REVERT',
  vdi_snapshot: 'VDI_SNAPSHOT',
}

/** The first reason why the operation cannot start now. */
export function srOperationError(view: SrView, operation: string): Failure | undefined {
  const feature = FEATURE[operation]
  const withheld = view.isToolsSr && (operation === 'vdi_create' || operation === 'vdi_destroy')
  if (feature && (withheld || !view.features.has(feature))) {
    return ['SR_OPERATION_NOT_SUPPORTED', view.ref]
  }
  if (view.anyAttached && (operation === 'destroy' || operation === 'forget')) {
    return ['SR_HAS_PBD', view.ref]
  }
  if (operation === 'destroy') {
    if (view.pbdCount === 0) return ['SR_HAS_NO_PBDS', view.ref]
    if (view.hasManagedVdis) return ['SR_NOT_EMPTY']
  }
  const current = Object.entries(view.currentOperations)
  const busy = operation === 'plug' ? current.find(([, op]) => op !== 'plug') : current[0]
  return busy ? ['OTHER_OPERATION_IN_PROGRESS', 'SR', view.ref, busy[1], busy[0]] : undefined
}

/** SR.allowed_operations. */
export function allowedSrOperations(view: SrView): string[] {
  return SR_OPERATIONS.filter((operation) => !srOperationError(view, operation))
}
