import { setTimeout as sleep } from 'node:timers/promises'
import { DecodeError, TransportError, XenApiError, type Ref, type XenRecord } from '@xendeck/xenapi'
import * as z from 'zod'
import { ApiFailure } from '../http/errors.ts'
import { isRef, type RecordStore } from '../inventory/view.ts'
import type { JobRun, JobWork } from '../jobs/jobs.ts'
import type { NewJob } from '../jobs/job-store.ts'
import type { LivePool } from '../pools/pools.ts'
import { nameOf } from '../pools/registered-pool.ts'
import { runStep, type Located, type Order } from './services.ts'
import { reasonOf } from './xenapi-errors.ts'

/** How often what is busy is tried, and the milliseconds between: detaching lags behind (VDI_IN_USE). */
const TRIES = 5
const PAUSE = 2_000
/** An operation that is going on with the object may take longer than that: a deletion that was begun before. */
const LONGEST_OPERATION = 30 * 60_000
/** How often a call may go unanswered by a pool that counts as connected, and the milliseconds between. */
const UNANSWERED = 20
const UNANSWERED_PAUSE = 250

const step = z.object({
  cls: z.enum(['VM', 'VDI']),
  /** XenAPI uuid: what is another object by now has another one. */
  uuid: z.string(),
  /** For people, once it is gone. */
  name: z.string(),
})
type Step = z.infer<typeof step>

/** Machines first, the one that was ordered at their head, then disks: the drives say what is in use. */
const plan = z.object({ steps: z.array(step) })
const state = z.object({
  /** Index of the step that is being done. */
  next: z.number(),
  /** What could not be deleted. */
  left: z.array(z.object({ name: z.string(), why: z.string() })),
})
type State = z.infer<typeof state>

/** The order to delete a VM, its snapshots and the disks that only they use. */
export function deleteVmOrder(vm: Located<'VM'>, order: Order, poolId: string): NewJob {
  const { store } = vm.connection
  const snapshots = vm.record.snapshots.filter(
    (ref) => store.get('VM', ref)?.is_a_snapshot === true,
  )
  return deletionOf([vm.ref, ...snapshots], vm, order, poolId)
}

/** The order to delete a snapshot and its disks. */
export function deleteSnapshotOrder(vm: Located<'VM'>, order: Order, poolId: string): NewJob {
  return deletionOf([vm.ref], vm, order, poolId)
}

function deletionOf(
  machines: readonly Ref<'VM'>[],
  { connection }: LivePool,
  { operation, subject, target }: Order,
  poolId: string,
): NewJob {
  const { store } = connection
  const steps: Step[] = []
  const add = (cls: Step['cls'], ref: string) => {
    const uuid = store.get(cls, ref)?.uuid
    if (uuid !== undefined) steps.push({ cls, uuid, name: nameOf(connection, ref) ?? uuid })
  }
  for (const ref of machines) add('VM', ref)
  // Now: with the VM go the drives that say which disks were its.
  for (const ref of disksOnlyOf(store, machines)) add('VDI', ref)
  return {
    operation,
    startedBy: subject.name,
    poolId,
    target,
    plan: { steps } satisfies z.infer<typeof plan>,
    state: { next: 0, left: [] } satisfies State,
  }
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
    return vdi !== undefined && otherUser(store, vdi, own) === undefined
  })
}

/** Ref of a machine beside `own` that has a drive for the disk. */
function otherUser(
  store: RecordStore,
  vdi: XenRecord<'VDI'>,
  own: ReadonlySet<string>,
): string | undefined {
  for (const ref of vdi.VBDs) {
    const user = store.get('VBD', ref)?.VM
    if (user !== undefined && store.get('VM', user) !== undefined && !own.has(user)) return user
  }
  return undefined
}

/** `vm.delete` with disks and `snapshot.delete`. What is gone already, by whomever, counts as done. */
export const deleteMachines: JobWork = async (run) => {
  const { steps } = plan.parse(run.job.plan)
  const { next, left } = state.parse(run.job.state)
  for (const [index, one] of steps.entries()) {
    if (index < next) continue
    await run.save({ next: index, left } satisfies State)
    const { connection } = await run.pool()
    run.progress.report(index / steps.length, one.name)
    try {
      await destroy(run, one, steps)
    } catch (error) {
      // The first is the VM itself: nothing is lost yet, and its own error says it best.
      if (index === 0 || run.signal.aborted) throw error
      const { message } = reasonOf(error, (ref) => nameOf(connection, ref))
      left.push({ name: one.name, why: message })
    }
  }
  if (left.length === 0) return
  throw new ApiFailure(
    'DELETE_INCOMPLETE',
    `${run.job.target.name} is deleted, but not all that belonged to it. Left: ${left.map(({ name, why }) => `${name} (${why})`).join('; ')}`,
    { status: 409, params: left.map(({ name }) => name) },
  )
}

async function destroy(run: JobRun, one: Step, steps: readonly Step[]): Promise<void> {
  const begun = performance.now()
  let tries = 0
  let unanswered = 0
  for (;;) {
    const pool = await run.pool()
    const { store } = pool.connection
    const found = store.byUuid(one.cls, one.uuid)
    if (!found) return
    if (one.cls === 'VDI') refuseTaken(store, one.uuid, steps)
    try {
      return await destroyOnce(pool, run, one.cls, found.ref)
    } catch (error) {
      if (isGone(error, one.cls)) return
      if (isOpen(error) && unanswered < UNANSWERED) {
        unanswered += 1
        await sleep(UNANSWERED_PAUSE, undefined, { signal: run.signal })
        continue
      }
      tries += 1
      const isGoingOn =
        Object.keys(store.byUuid(one.cls, one.uuid)?.record.current_operations ?? {}).length > 0 &&
        performance.now() - begun < LONGEST_OPERATION
      if (!isBusy(error) || (tries >= TRIES && !isGoingOn)) throw error
      await sleep(PAUSE, undefined, { signal: run.signal })
    }
  }
}

async function destroyOnce(
  pool: LivePool,
  { job }: JobRun,
  cls: Step['cls'],
  ref: string,
): Promise<void> {
  const order = { operation: job.operation, startedBy: job.startedBy, target: job.target }
  if (cls === 'VM') return await runStep(pool, order, 'VM.destroy', [ref as Ref<'VM'>])
  return await runStep(pool, order, 'VDI.destroy', [ref as Ref<'VDI'>])
}

/** Since the plan was made somebody may have given the disk to another VM: then it is not ours to delete. */
function refuseTaken(store: RecordStore, uuid: string, steps: readonly Step[]): void {
  const vdi = store.byUuid('VDI', uuid)?.record
  if (!vdi) return
  const own = new Set<string>()
  for (const { cls, uuid: machine } of steps) {
    const ref = cls === 'VM' ? store.byUuid('VM', machine)?.ref : undefined
    if (ref !== undefined) own.add(ref)
  }
  const user = otherUser(store, vdi, own)
  if (user === undefined) return
  const name = store.get('VM', user)?.name_label ?? ''
  throw new ApiFailure('CONFLICT', `It belongs to ${name} by now.`, { params: [name] })
}

/** Somebody else was faster: that is what was wanted. */
function isGone(error: unknown, cls: Step['cls']): boolean {
  return (
    error instanceof XenApiError &&
    ['HANDLE_INVALID', 'UUID_INVALID'].includes(error.code) &&
    error.params[0]?.toLowerCase() === cls.toLowerCase()
  )
}

/** Whether it was done is not known: no answer, or the pool has dropped the task. Doing it again tells. */
function isOpen(error: unknown): boolean {
  if (error instanceof TransportError || error instanceof DecodeError) return true
  return (
    error instanceof XenApiError &&
    error.code === 'HANDLE_INVALID' &&
    error.params[0]?.toLowerCase() === 'task'
  )
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof XenApiError &&
    ['VDI_IN_USE', 'OTHER_OPERATION_IN_PROGRESS'].includes(error.code)
  )
}
