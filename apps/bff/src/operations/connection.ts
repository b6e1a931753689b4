import type { OperationRegistry } from './registry.ts'
import type { PoolServices } from './services.ts'

/** `connection.*`: registering pools and their connections. */
export function registerConnectionOperations(
  registry: OperationRegistry,
  { pools }: PoolServices,
): void {
  registry.register('connection.create', async ({ input }) => {
    const { address, username, password, label, fingerprint } = input
    const createdId = await pools.create({
      address,
      username,
      password,
      label: label ?? '',
      fingerprint: fingerprint ?? null,
    })
    return { createdId }
  })
  registry.register('connection.edit', async ({ resource, input }) => {
    const given = Object.entries(input).filter(([, value]) => value !== undefined)
    await pools.edit(resource.id, Object.fromEntries(given))
    return {}
  })
  registry.register('connection.delete', async ({ resource }) => {
    await pools.delete(resource.id)
    return {}
  })
  registry.register('connection.connect', async ({ resource }) => {
    await pools.connect(resource.id)
    return {}
  })
  registry.register('connection.disconnect', async ({ resource }) => {
    await pools.disconnect(resource.id)
    return {}
  })
}
