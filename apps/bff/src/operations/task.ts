import { ApiFailure } from '../http/errors.ts'
import type { OperationRegistry } from './registry.ts'
import { onPool, type PoolServices } from './services.ts'

/** `task.*` */
export function registerTaskOperations(registry: OperationRegistry, { pools }: PoolServices): void {
  registry.register(
    'task.cancel',
    onPool<'task.cancel'>(
      pools,
      async ({ resource }) => {
        const { connection, attached } = pools.live(resource.poolId)
        const ref = attached.tasks.find(resource.id)
        if (!ref)
          throw new ApiFailure('NOT_FOUND', 'The task is over.', { params: ['task', resource.id] })
        await connection.call('task.cancel', ref)
        return {}
      },
      ({ resource }) => resource.poolId,
    ),
  )
}
