import type * as z from 'zod/mini'
import type { Subject } from '../permissions.ts'
import { isPermitted } from '../permissions.ts'
import type { Resource } from '../resources/index.ts'
import { connectionOperations } from './connection.ts'
import { refuse, type OperationSpec, type Refusal } from './define.ts'
import { taskOperations } from './task.ts'
import { snapshotOperations, vmOperations } from './vm.ts'

/** Every operation there is, by name. Routes, buttons, batch, audit and the API document come from here. */
export const operations = {
  ...vmOperations,
  ...snapshotOperations,
  ...taskOperations,
  ...connectionOperations,
} as const

export type OperationName = keyof typeof operations
export type InputOf<N extends OperationName> = z.input<(typeof operations)[N]['input']>
export type ParsedInputOf<N extends OperationName> = z.output<(typeof operations)[N]['input']>
export type KindOf<N extends OperationName> = (typeof operations)[N]['kind']
export const operationNames = Object.keys(operations) as OperationName[]

/** The last part of the URL: `vm.forceShutDown` → `force-shut-down`. */
export function operationPath(name: OperationName): string {
  const verb = name.slice(name.indexOf('.') + 1)
  return verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** null: `subject` can do it to `resource` now; otherwise why not. The one answer for buttons, batch and routes. */
export function can<N extends OperationName>(
  name: N,
  resource: Resource<KindOf<N>>,
  subject: Subject,
): Refusal | null {
  const spec: OperationSpec = operations[name]
  const poolId = 'poolId' in resource ? resource.poolId : null
  if (!isPermitted(subject, spec.permission, poolId)) return refuse('forbidden')
  return spec.can ? spec.can(resource, subject) : null
}

/** `POST /{collection}/{id}/{operation}`: 200 with a result, or 202 with the task that does the work. */
export interface OperationReply {
  /** The task's resource id; follow it on the feed. */
  taskId?: string
  /** The id of what was made, where something was. */
  createdId?: string
}

/** `POST /api/v1/batch` */
export interface BatchRequest<N extends OperationName = OperationName> {
  operation: N
  targets: string[]
  input: InputOf<N>
}
export interface BatchResult {
  id: string
  ok: boolean
  taskId?: string
  error?: {
    code: string
    message: string
    params: string[]
    refusal?: { code: string; params: Record<string, string> }
  }
}
