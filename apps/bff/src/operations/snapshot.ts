import type { OperationReply } from '@xendeck/contract'
import { deleteMachines, deleteSnapshotOrder } from './delete-vm.ts'
import type { OperationRegistry, Run, RunArguments } from './registry.ts'
import {
  locate,
  onPool,
  startTask,
  type Located,
  type Order,
  type PoolServices,
} from './services.ts'

type SnapshotOperation = 'snapshot.revert' | 'snapshot.rename' | 'snapshot.delete'

type OnSnapshot<N extends SnapshotOperation> = (
  snapshot: Located<'VM'>,
  order: Order,
  args: RunArguments<N>,
) => Promise<OperationReply>

/** `snapshot.*`: to XenAPI a snapshot is a VM (PROTOCOL 5.7). */
export function registerSnapshotOperations(
  registry: OperationRegistry,
  services: PoolServices,
): void {
  const { pools, jobs } = services
  jobs.define('snapshot.delete', deleteMachines)

  const register = <N extends SnapshotOperation>(operation: N, act: OnSnapshot<N>): void => {
    const run: Run<N> = async (args) => {
      const snapshot = locate(pools, 'VM', args.resource)
      const { id, name } = args.resource
      return act(
        snapshot,
        { operation, subject: args.subject, target: { kind: 'snapshot', id, name } },
        args,
      )
    }
    registry.register(
      operation,
      onPool(pools, run, ({ resource }) => resource.poolId),
    )
  }

  register('snapshot.revert', (snapshot, order) =>
    startTask(snapshot, order, 'VM.revert', [snapshot.ref]),
  )
  register('snapshot.rename', async ({ connection, ref }, _order, { input }) => {
    await connection.call('VM.set_name_label', ref, input.name)
    if (input.description !== undefined) {
      await connection.call('VM.set_name_description', ref, input.description)
    }
    return {}
  })
  register('snapshot.delete', async (snapshot, order, { resource }) => ({
    taskId: await jobs.order(deleteSnapshotOrder(snapshot, order, resource.poolId)),
  }))
}
