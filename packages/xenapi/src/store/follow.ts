/** The event loop of a pool: event.from fills the store and keeps it (PROTOCOL section 3.1). */
import { DecodeError, XenApiError } from '../errors.ts'
import type { ClassName } from '../generated/names.ts'
import { eventClasses } from '../generated/names.ts'
import type { EventBatch, XenRecord } from '../types.ts'
import { modelClassName } from '../wire/schema.ts'
import type { ObjectStore, StoreUpdate } from './object-store.ts'
import { Slices } from './slices.ts'

/** What a console shows. role (1.9 MB of permissions), host_cpu, blob and the like are left out. */
export const DEFAULT_CLASSES: readonly ClassName[] = [
  'pool',
  'host',
  'host_metrics',
  'VM',
  'VM_metrics',
  'VM_guest_metrics',
  'VM_appliance',
  'VMSS',
  'SR',
  'PBD',
  'SM',
  'VDI',
  'VBD',
  'network',
  'VIF',
  'PIF',
  'PIF_metrics',
  'Bond',
  'VLAN',
  'tunnel',
  'console',
  'task',
  'message',
  'PCI',
  'PGPU',
  'GPU_group',
  'VGPU',
  'VGPU_type',
  'VTPM',
  'PUSB',
  'USB_group',
  'VUSB',
  'pool_update',
  'Certificate',
  'VM_group',
  'Cluster',
  'Cluster_host',
]

/** Not in the database, so without a count of valid refs. */
const UNCOUNTED: ReadonlySet<ClassName> = new Set<ClassName>(['message'])

export interface FollowOptions {
  readonly store: ObjectStore
  readonly classes: readonly ClassName[]
  /** What tells of more objects is no pool that anybody could show, and would fill the memory. */
  readonly maxObjects: number
  readonly eventsFrom: (classes: readonly ClassName[], token: string) => Promise<EventBatch>
  readonly allRecords: (cls: ClassName) => Promise<ReadonlyMap<string, XenRecord>>
  /** The store holds the state of the pool; called after each full answer. */
  readonly onSynced: () => void
  /** Whether to go on. */
  readonly isCurrent: () => boolean
  readonly onError: (error: unknown) => void
}

/** Follows until a call fails; then throws. */
export async function followEvents(options: FollowOptions): Promise<void> {
  const known = new Set<ClassName>(eventClasses)
  const classes = options.classes.filter((cls) => known.has(cls))
  const disputed = new Map<ClassName, string>()
  let token = ''
  while (options.isCurrent()) {
    let batch: EventBatch
    try {
      batch = await options.eventsFrom(classes, token)
    } catch (error) {
      if (token !== '' && isLostToken(error)) {
        token = ''
        continue
      }
      throw error
    }
    if (!options.isCurrent()) return
    checkBatch(batch)
    checkSize(options, batch.events.length)
    if (token !== '' && batch.token < token) {
      // xapi has gone back to an older database: what it tells from here on leaves things out.
      token = ''
      continue
    }
    if (token === '') {
      await options.store.replace(await contentsOf(batch, classes), options.onError)
      options.onSynced()
    } else {
      options.store.apply([...updatesOf(batch, classes)], options.onError)
    }
    checkSize(options)
    token = batch.token
    await repairCounts(batch, classes, disputed, options)
  }
}

function isLostToken(error: unknown): boolean {
  return (
    error instanceof XenApiError &&
    (error.code === 'EVENTS_LOST' || error.code === 'EVENT_FROM_TOKEN_PARSE_FAILURE')
  )
}

/** The decoder has checked the types; this checks what no type says. */
function checkBatch(batch: EventBatch): void {
  if (!/^\d+,\d+$/.test(batch.token)) {
    throw new DecodeError('structure', 0, 'event.from gave no token')
  }
}

/** `coming`: objects of an answer that the store has not taken yet. */
function checkSize({ store, classes, maxObjects }: FollowOptions, coming = 0): void {
  let size = coming
  if (coming === 0) for (const cls of classes) size += store.size(cls)
  if (size <= maxObjects) return
  throw new DecodeError('members', 0, `the pool tells of more than ${maxObjects} objects`)
}

function* updatesOf(batch: EventBatch, classes: readonly ClassName[]): Generator<StoreUpdate> {
  const wanted = new Set<string>(classes)
  for (const event of batch.events) {
    const cls = modelClassName(event.class)
    if (cls === undefined || !wanted.has(cls)) continue
    const removed = event.operation === 'del'
    // An event without a record tells nothing that the store could keep.
    if (!removed && !event.snapshot) continue
    yield {
      class: cls as ClassName,
      ref: event.ref,
      record: removed ? undefined : (event.snapshot as XenRecord | undefined),
    }
  }
}

async function contentsOf(
  batch: EventBatch,
  classes: readonly ClassName[],
): Promise<Map<ClassName, Map<string, XenRecord>>> {
  const contents = new Map(classes.map((cls) => [cls, new Map<string, XenRecord>()]))
  const slices = new Slices()
  for (const { class: cls, ref, record } of updatesOf(batch, classes)) {
    if (record) contents.get(cls)?.set(ref, record)
    // The first answer may hold the end of a task that has only just ended.
    else contents.get(cls)?.delete(ref)
    if (slices.isOver()) await slices.next()
  }
  return contents
}

/** xapi forgets deletions after 256 to 512 of a class; the counts of valid refs tell. */
async function repairCounts(
  batch: EventBatch,
  classes: readonly ClassName[],
  disputed: Map<ClassName, string>,
  options: FollowOptions,
): Promise<void> {
  for (const cls of classes) {
    const count = batch.valid_ref_counts[cls.toLowerCase()]
    if (count === undefined || UNCOUNTED.has(cls)) continue
    const own = options.store.size(cls)
    const dispute = `${own}/${count}`
    // What a fetch of everything did not settle, another will not settle either.
    if (own === count || disputed.get(cls) === dispute) continue
    try {
      const records = await options.allRecords(cls)
      if (!options.isCurrent()) return
      await options.store.replace(new Map([[cls, records]]), options.onError)
    } catch (error) {
      if (!(error instanceof XenApiError)) throw error
      if (error.code === 'SESSION_INVALID' || error.code === 'HOST_IS_SLAVE') throw error
      options.onError(error)
    }
    disputed.set(cls, `${options.store.size(cls)}/${count}`)
  }
}
