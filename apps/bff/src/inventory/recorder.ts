import type { ClassName } from '@xendeck/xenapi'
import type { Claims } from './claims.ts'
import { isDefaultTemplate } from './kind-of-vm.ts'
import { isRef, type Loose, type RecordStore, type View } from './view.ts'

/** The {@link View} of one pool that notes what is read of it, between {@link begin} and {@link end}. */
export class Recorder implements View {
  readonly poolId: string
  readonly poolRef: string
  readonly connectionId: string
  live = true
  readonly #store: RecordStore
  readonly #claims: Claims
  #own = ''
  #contents = new Set<string>()
  #links = new Set<string>()

  constructor(
    store: RecordStore,
    claims: Claims,
    pool: { id: string; ref: string; connectionId: string },
  ) {
    this.#store = store
    this.#claims = claims
    this.poolId = pool.id
    this.poolRef = pool.ref
    this.connectionId = pool.connectionId
  }

  begin(own: string): void {
    this.#own = own
    this.#contents.clear()
    this.#links.clear()
  }

  /** What was read since: refs by content, and refs whose being there matters. */
  end(): { contents: string[]; links: string[] } {
    return { contents: [...this.#contents], links: [...this.#links] }
  }

  get<C extends ClassName>(cls: C, ref: string | undefined): Loose<C> | undefined {
    if (!isRef(ref)) return undefined
    if (ref !== this.#own) this.#contents.add(ref)
    return this.#store.get(cls, ref)
  }

  peek<C extends ClassName>(cls: C, ref: string | undefined): Loose<C> | undefined {
    return isRef(ref) ? this.#store.get(cls, ref) : undefined
  }

  id(cls: ClassName, ref: string | undefined): string | null {
    if (!isRef(ref)) return null
    if (ref !== this.#own) this.#links.add(ref)
    return idOf(this.#store, this.#claims, this.poolId, cls, ref)
  }
}

/** Resource id of an object: its uuid, with the pool's before it for default templates (see contract/resources/template.ts). */
export function idOf(
  store: RecordStore,
  claims: Claims,
  poolId: string,
  cls: ClassName,
  ref: string,
): string | null {
  const record = store.get(cls, ref)
  if (!record || !('uuid' in record) || !record.uuid) return null
  if (cls === 'VM') {
    const vm = store.get('VM', ref)
    if (vm && isDefaultTemplate(vm)) return `${poolId}.${vm.uuid}`
  }
  return claims.idOf(cls, record.uuid, poolId)
}
