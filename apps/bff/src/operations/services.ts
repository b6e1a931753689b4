import type { OperationName, OperationReply, Subject, Task } from '@xendeck/contract'
import type { AsyncMethodName, ClassName, Params, Ref, XenRecord } from '@xendeck/xenapi'
import { ApiFailure } from '../http/errors.ts'
import type { LivePool, Pools } from '../pools/pools.ts'
import { nameOf } from '../pools/registered-pool.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Known } from '../tasks/task.ts'
import { toPoolFailure } from './xenapi-errors.ts'
import type { Run, RunArguments } from './registry.ts'

/** What operations on pools work with. */
export interface PoolServices {
  readonly pools: Pools
  readonly jobs: Jobs
}

/** An object of a live pool, found again from its resource. */
export interface Located<C extends ClassName> extends LivePool {
  readonly ref: Ref<C>
  readonly record: XenRecord<C>
}

/**
 * The XenAPI object behind a resource id.
 * @throws ApiFailure POOL_DISCONNECTED, NOT_FOUND
 */
export function locate<C extends ClassName>(
  pools: Pools,
  cls: C,
  { id, poolId }: { readonly id: string; readonly poolId: string | null },
): Located<C> {
  const pool = pools.live(poolId)
  // Ids that would clash between pools carry the pool's uuid before their own.
  const uuid = id.startsWith(`${poolId}.`) ? id.slice(id.indexOf('.') + 1) : id
  const found = pool.connection.store.byUuid(cls, uuid)
  if (!found) throw new ApiFailure('NOT_FOUND', 'It is no longer there.', { params: [cls, id] })
  return { ...pool, ...found }
}

export interface Order {
  readonly operation: OperationName
  readonly subject: Subject
  readonly target: NonNullable<Task['target']>
}

/** Starts `Async.<method>` and answers with its task. */
export async function startTask<M extends AsyncMethodName>(
  { connection, attached }: LivePool,
  order: Order,
  method: M,
  params: Params<`Async.${M}`>,
  onSuccess?: (result: string) => Promise<void>,
): Promise<OperationReply> {
  const task = await connection.call<`Async.${M}`>(`Async.${method}`, ...params)
  const taskId = await attached.tasks.track(task as Ref<'task'>, {
    operation: order.operation,
    startedBy: order.subject.name,
    target: order.target,
    ...(onSuccess && { onSuccess }),
  })
  return { taskId }
}

/** A run whose XenAPI failures become replies with a sentence and names in it. */
export function onPool<N extends OperationName>(
  pools: Pools,
  run: Run<N>,
  poolOf: (args: RunArguments<N>) => string | null,
): Run<N> {
  return async (args) => {
    try {
      return await run(args)
    } catch (error) {
      const poolId = poolOf(args)
      const connection = poolId === null ? undefined : pools.byPoolId(poolId)?.connection
      throw toPoolFailure(error, (ref) => connection && nameOf(connection, ref))
    }
  }
}

/**
 * One step of a console task: runs `Async.<method>` to its end, out of sight. Asynchronous, since a synchronous call
 * would have to stay open for as long as the work takes.
 * @throws XenApiError of the task
 */
export async function runStep<M extends AsyncMethodName>(
  { connection, attached }: LivePool,
  known: Known,
  method: M,
  params: Params<`Async.${M}`>,
): Promise<void> {
  const task = (await connection.call<`Async.${M}`>(`Async.${method}`, ...params)) as Ref<'task'>
  await attached.tasks.track(task, { ...known, hidden: true })
  await connection.taskResult(task)
}
