import { operations, type OperationName, type OperationReply } from '@xendeck/contract'
import type { Response } from 'express'
import type { Context } from '../context.ts'
import type { Exchange, Routes } from '../http/routes.ts'
import { registerBatchRoute } from './batch.ts'
import { operationRoute } from './operation-route.ts'
import { openApiDocument } from './openapi.ts'

/** `POST /{collection}/{id}/{operation}` and `POST /{collection}` for every registered operation, and `POST /batch`. */
export function registerOperationRoutes(routes: Routes, context: Context): void {
  // Before the operations: `/{collection}/{id}/…` has three parts, so the order is for readers only.
  registerBatchRoute(routes)
  for (const name of context.operations.registered) {
    const { permission } = operations[name]
    routes.post(operationRoute(name), permission, (exchange) => order(name, exchange))
  }
  routes.get('/openapi.json', 'account.self', ({ response }) => {
    response.setHeader('Cache-Control', 'private, no-cache')
    response.json(openApiDocument(context.config))
  })
}

async function order(name: OperationName, exchange: Exchange): Promise<void> {
  const { context, request, response, session, requestId, from } = exchange
  const { id } = request.params
  const reply = await context.operations.execute(name, {
    context,
    subject: session.subject,
    from,
    requestId,
    ...(typeof id === 'string' && { id }),
    input: inputOf(request.body),
  })
  send(response, reply)
}

/** An operation without input may be ordered without a body. */
function inputOf(body: unknown): unknown {
  return body === undefined ? {} : body
}

function send(response: Response, reply: OperationReply): void {
  response.setHeader('Cache-Control', 'no-store')
  response.status(reply.taskId === undefined ? 200 : 202).json(reply)
}
