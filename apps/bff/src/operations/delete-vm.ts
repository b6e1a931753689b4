import type { Ref, XenRecord } from '@xendeck/xenapi'
import { XenApiError } from '@xendeck/xenapi'
import { ApiFailure } from '../http/errors.ts'
import { isRef, type RecordStore } from '../inventory/view.ts'
import { nameOf } from '../pools/registered-pool.ts'
import type { Progress } from '../tasks/console-tasks.ts'
import { runStep, type Located, type Order, type PoolServices } from './services.ts'
import { reasonOf } from './xenapi-errors.ts'

/** How often a disk that is still in use is tried, and the milliseconds between: detaching lags behind (VDI_IN_USE). */
const TRIES = 5
const PAUSE = 2_000

/** Deletes a VM, its snapshots and the disks that only they use. Returns the task's id. */
export function deleteVm(
  services: PoolServices,
  vm: Located<'VM'>,
  order: Order,
  poolId: string,
): string {
  const { store } = vm.connection
  const snapshots = vm.record.snapshots.filter(
    (ref) => store.get('VM', ref)?.is_a_snapshot === true,
  )
  return deleteMachines(services, vm, order, poolId, [vm.ref, ...snapshots])
}

/** Deletes a snapshot and its disks. Returns the task's id. */
export function deleteSnapshot(
  services: PoolServices,
  vm: Located<'VM'>,
  order: Order,
  poolId: string,
): string {
  return deleteMachines(services, vm, order, poolId, [vm.ref])
}

function deleteMachines(
  services: PoolServices,
  pool: Located<'VM'>,
  order: Order,
  poolId: string,
  machines: readonly Ref<'VM'>[],
): string {
  const { connection } = pool
  // Before anything is destroyed: with the VM go the drives that say which disks were its.
  const disks = disksOnlyOf(connection.store, machines)
  return services.tasks.start(
    {
      operation: order.operation,
      startedBy: order.subject.name,
      target: order.target,
      poolId,
      name: order.operation,
      nameOf: (ref) => nameOf(connection, ref),
    },
    (progress) => destroyAll(pool, order, machines, disks, progress),
  )
}

/**
 * Disks of the machines' drives, and their saved memory, that no other VM, template or snapshot has a drive for. CDs are
 * somebody's images and stay.
 */
export function disksOnlyOf(store: RecordStore, machines: readonly Ref<'VM'>[]): Ref<'VDI'>[] {
  const own: ReadonlySet<string> = new Set(machines)
  const disks = new Set<Ref<'VDI'>>()
  for (const machine of machines) {
    const vm = store.get('VM', machine)
    if (!vm) continue
    for (const ref of vm.VBDs) {
      const vbd = store.get('VBD', ref)
      if (vbd?.type === 'Disk' && isRef(vbd.VDI)) disks.add(vbd.VDI)
    }
    if (isRef(vm.suspend_VDI)) disks.add(vm.suspend_VDI)
  }
  return [...disks].filter((disk) => {
    const vdi = store.get('VDI', disk)
    return vdi !== undefined && !isUsedElsewhere(store, vdi, own)
  })
}

function isUsedElsewhere(
  store: RecordStore,
  vdi: XenRecord<'VDI'>,
  own: ReadonlySet<string>,
): boolean {
  return vdi.VBDs.some((ref) => {
    const user = store.get('VBD', ref)?.VM
    return user !== undefined && store.get('VM', user) !== undefined && !own.has(user)
  })
}

async function destroyAll(
  pool: Located<'VM'>,
  order: Order,
  machines: readonly Ref<'VM'>[],
  disks: readonly Ref<'VDI'>[],
  progress: Progress,
): Promise<void> {
  const { connection } = pool
  const total = machines.length + disks.length
  const left: { name: string; why: string }[] = []
  let done = 0
  const step = async (ref: string, destroy: () => Promise<void>) => {
    const name = nameOf(connection, ref) ?? ''
    progress.report(done / total, name)
    try {
      await destroy()
    } catch (error) {
      // The first is the VM itself: nothing is lost yet, and its own error says it best.
      if (done === 0) throw error
      left.push({ name, why: reasonOf(error, (one) => nameOf(connection, one)).message })
    }
    done += 1
  }
  for (const ref of machines) {
    await step(ref, () => tolerant(() => runStep(pool, order, 'VM.destroy', [ref])))
  }
  for (const ref of disks) await step(ref, () => destroyDisk(pool, order, ref))
  if (left.length === 0) return
  const names = left.map(({ name }) => name)
  throw new ApiFailure(
    'DELETE_INCOMPLETE',
    `${order.target.name} is deleted, but not all that belonged to it. Left: ${left.map(({ name, why }) => `${name} (${why})`).join('; ')}`,
    { status: 409, params: names },
  )
}

async function destroyDisk(pool: Located<'VM'>, order: Order, ref: Ref<'VDI'>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tolerant(() => runStep(pool, order, 'VDI.destroy', [ref]))
    } catch (error) {
      if (attempt === TRIES || !(error instanceof XenApiError) || error.code !== 'VDI_IN_USE')
        throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  }
}

/** Somebody else was faster: that is what was wanted. */
async function tolerant(destroy: () => Promise<void>): Promise<void> {
  try {
    await destroy()
  } catch (error) {
    if (!(error instanceof XenApiError) || !['HANDLE_INVALID', 'UUID_INVALID'].includes(error.code))
      throw error
  }
}
