import {
  operationNames,
  operations,
  type BatchResult,
  type OperationName,
  type OperationSpec,
} from '@xendeck/contract'
import * as z from 'zod'
import { ApiFailure, errorBody, toApiFailure } from '../http/errors.ts'
import type { Exchange, Routes } from '../http/routes.ts'

const maxTargets = 1000
/** Orders at once: a pool with a thousand tasks beginning together serves nobody else. */
const concurrency = 16

const batchRequest = z.object({
  operation: z.enum(operationNames),
  targets: z.array(z.string().min(1).max(300)).min(1).max(maxTargets),
  input: z.unknown().optional(),
})

/**
 * `POST /batch`: one operation on many targets, and a result for each, in the order given; one that fails stops no
 * other. What was ordered is carried out even where the caller goes away: half a batch, cut where a browser tab
 * happened to be closed, would be worse than either all or nothing.
 */
export function registerBatchRoute(routes: Routes): void {
  // Each target is checked for the operation's own permission.
  routes.post('/batch', 'inventory.read', async (exchange) => {
    const { operation, targets, input } = z.parse(batchRequest, exchange.request.body)
    const spec: OperationSpec = operations[operation]
    if (!spec.bulk) {
      throw new ApiFailure('INVALID_INPUT', `${operation} is done to one target at a time.`, {
        fields: { operation: 'not for many targets' },
      })
    }
    exchange.context.access.authorize(exchange.session.subject, spec.permission)
    const results = await mapLimited([...new Set(targets)], concurrency, (id) =>
      orderOne(exchange, operation, id, input ?? {}),
    )
    exchange.response.setHeader('Cache-Control', 'no-store')
    exchange.response.json({ results })
  })
}

async function orderOne(
  exchange: Exchange,
  operation: OperationName,
  id: string,
  input: unknown,
): Promise<BatchResult> {
  const { context, session, from, requestId } = exchange
  try {
    const { subject } = session
    const order = { context, subject, from, requestId, id, input }
    const { taskId } = await context.operations.execute(operation, order)
    return { id, ok: true, ...(taskId !== undefined && { taskId }) }
  } catch (thrown) {
    const failure = toApiFailure(thrown)
    if (failure.status >= 500) {
      context.log.error({ requestId, operation, id, err: failure.cause }, failure.message)
    }
    const { code, message, params, refusal } = errorBody(failure, requestId).error
    return { id, ok: false, error: { code, message, params, ...(refusal && { refusal }) } }
  }
}

/** `work` on each of `items`, at most `limit` at a time; results in the order of `items`. */
export async function mapLimited<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  const worker = async () => {
    // The iterator is shared: each worker takes the next one.
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return results
}
