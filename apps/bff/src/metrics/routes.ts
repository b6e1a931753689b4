import type { LoadReply } from '@xendeck/contract'
import * as z from 'zod'
import type { Context } from '../context.ts'
import type { Routes } from '../http/routes.ts'
import type { Loads } from './loads.ts'

/** A screen shows some dozens; a whole pool is not to be asked for again and again. */
const MOST = 200

const query = z.object({
  kind: z.enum(['vm', 'host']),
  ids: z
    .string()
    .max(MOST * 80)
    .transform((text) => [...new Set(text.split(',').filter((id) => id !== ''))])
    .refine((ids) => ids.length <= MOST, `at most ${MOST} ids`),
})

/** `GET /load?kind=vm&ids=a,b`: of those the caller may see and of which something is known. */
export function registerLoadRoutes(routes: Routes, { inventory }: Context, loads: Loads): void {
  routes.get('/load', 'inventory.read', async ({ request, response, session }) => {
    const { kind, ids } = query.parse(request.query)
    const byPool = new Map<string, string[]>()
    for (const id of ids) {
      const resource = inventory.find(kind, id, session.subject)
      if (resource) byPool.set(resource.poolId, [...(byPool.get(resource.poolId) ?? []), id])
    }
    const parts = await Promise.all([...byPool].map(([poolId, of]) => loads.read(kind, poolId, of)))
    const reply: LoadReply = { step: 5, series: Object.assign({}, ...parts) }
    response.set('cache-control', 'no-store').json(reply)
  })
}
