import type { ClassName, ObjectStore, XenRecord } from '@xendeck/xenapi'

/** A pool's records, as read: what of the object store the inventory needs. */
export type RecordStore = Pick<ObjectStore, 'get' | 'byUuid' | 'entries' | 'subscribe'>

/** A record as an old pool may send it: fields that came later are missing. */
export type Loose<C extends ClassName> = Readonly<Partial<XenRecord<C>>>

/**
 * What a projector may read of one pool. Everything it reads is noted, so that a change re-projects only what depends
 * on it: `get` depends on the record's content, `id` only on the object being there.
 */
export interface View {
  /** XenAPI uuid of the pool. */
  readonly poolId: string
  /** XenAPI ref of the pool. */
  readonly poolRef: string
  /** Id of the registered connection. */
  readonly connectionId: string
  /** False while the connection is lost. */
  readonly live: boolean
  /** undefined for null, dangling and broken refs (`''`, `Ref:*`): all of them occur (PROTOCOL 1.7, XenAPI bugs). */
  get<C extends ClassName>(cls: C, ref: string | undefined): Loose<C> | undefined
  /** The resource id of the object, null where there is none. */
  id(cls: ClassName, ref: string | undefined): string | null
  /**
   * Reads without depending on it: only for what never changes in an object's life (is_control_domain), of objects
   * whose coming and going is noted in another way.
   */
  peek<C extends ClassName>(cls: C, ref: string | undefined): Loose<C> | undefined
}

/** `OpaqueRef:NULL`, `''` and `Ref:*` name nothing. */
export function isRef(ref: string | undefined): ref is string {
  return ref !== undefined && ref !== '' && ref !== 'OpaqueRef:NULL' && !ref.startsWith('Ref:')
}

/** Ids of those refs that lead somewhere. */
export function ids(view: View, cls: ClassName, refs: readonly string[] | undefined): string[] {
  const found: string[] = []
  for (const ref of refs ?? []) {
    const id = view.id(cls, ref)
    if (id !== null) found.push(id)
  }
  return found
}
