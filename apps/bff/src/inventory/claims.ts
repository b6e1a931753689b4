import type { ClassName } from '@xendeck/xenapi'

/**
 * Makes ids unique over all pools. Uuids nearly are, but not all: a storage of CD images that two pools have mounted, or
 * a pool restored beside the original, has the same ones twice. Who comes first has the bare uuid, the other
 * `<pool uuid>.<uuid>`.
 */
export class Claims {
  readonly #owners = new Map<ClassName, Map<string, string>>()

  idOf(cls: ClassName, uuid: string, poolId: string): string {
    let owners = this.#owners.get(cls)
    if (!owners) this.#owners.set(cls, (owners = new Map()))
    const owner = owners.get(uuid)
    if (owner === poolId) return uuid
    if (owner !== undefined) return `${poolId}.${uuid}`
    owners.set(uuid, poolId)
    return uuid
  }

  release(cls: ClassName, uuid: string, poolId: string): void {
    const owners = this.#owners.get(cls)
    if (owners?.get(uuid) === poolId) owners.delete(uuid)
  }

  releasePool(poolId: string): void {
    for (const owners of this.#owners.values()) {
      for (const [uuid, owner] of owners) if (owner === poolId) owners.delete(uuid)
    }
  }
}
