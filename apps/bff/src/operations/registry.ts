import * as z from 'zod'
import {
  can,
  errorCodes,
  operations,
  type KindOf,
  type OperationName,
  type OperationReply,
  type OperationSpec,
  type ParsedInputOf,
  type Refusal,
  type Resource,
  type Subject,
} from '@xendeck/contract'
import type { AuditEntry } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import { ApiFailure, toApiFailure } from '../http/errors.ts'

/** What an operation acts on; nothing where it makes something new. */
export type TargetOf<N extends OperationName> = N extends `${string}.create`
  ? undefined
  : Resource<KindOf<N>>

export interface RunArguments<N extends OperationName> {
  readonly context: Context
  readonly subject: Subject
  /** As the inventory has it now. */
  readonly resource: TargetOf<N>
  readonly input: ParsedInputOf<N>
  /** Aborted when the BFF shuts down. A caller that goes away does not abort what it has ordered. */
  readonly signal: AbortSignal
  readonly requestId: string
}

/** What an operation does. Permission, input and `can` have been checked when it is called. */
export type Run<N extends OperationName> = (args: RunArguments<N>) => Promise<OperationReply>

/** One order to do one operation on one target. */
export interface Invocation {
  readonly context: Context
  readonly subject: Subject
  /** Address of the caller, for the audit. */
  readonly from: string
  readonly requestId: string
  /** The target's id; not given for what creates. */
  readonly id?: string
  /** As it came from the caller, unchecked. */
  readonly input: unknown
}

/** What is left to an operation once its target has been found. */
type Perform = (invocation: Invocation, target: Resource | undefined) => Promise<OperationReply>

/** The operations that this BFF can do. Declared in packages/contract; each `run` is registered once at start. */
export class OperationRegistry {
  readonly #performs = new Map<OperationName, Perform>()
  readonly #shutdown = new AbortController()

  register<N extends OperationName>(name: N, run: Run<N>): void {
    if (this.#performs.has(name)) throw new Error(`operation ${name} is registered twice`)
    this.#performs.set(name, (invocation, target) =>
      perform(name, run, invocation, target, this.#shutdown.signal),
    )
  }

  get registered(): OperationName[] {
    return [...this.#performs.keys()]
  }

  /** Aborts the signal of what runs. */
  close(): void {
    this.#shutdown.abort(new ApiFailure('SHUTTING_DOWN', 'The console restarts. Try again soon.'))
  }

  /**
   * Permission, target, input, `can`, then the operation itself. The outcome goes into the audit, whatever it is.
   * @throws ApiFailure of what stood in the way
   */
  async execute(name: OperationName, invocation: Invocation): Promise<OperationReply> {
    const { context, subject } = invocation
    let target: Resource | undefined
    const record = (result: string) => {
      // What a pool answers with may be any text; labels come from a fixed set.
      const isOurs = result === 'ok' || Object.hasOwn(errorCodes, result)
      const labels = { operation: name, result: isOurs ? result : 'XENAPI' }
      context.metrics.count('xendeck_operations_total', 'Operations by name and outcome.', labels)
      return context.audit.append({
        userId: subject.userId,
        userName: subject.name,
        from: invocation.from,
        action: name,
        target: describeTarget(name, invocation.id, target),
        poolId: poolOf(target),
        result,
        requestId: invocation.requestId,
      })
    }
    try {
      const act = this.#performs.get(name)
      if (!act) throw new ApiFailure('NOT_FOUND', 'There is no such operation.', { params: [name] })
      // The role alone decides first: who may never do this learns nothing of what exists.
      context.access.authorize(subject, operations[name].permission)
      target = findTarget(name, invocation)
      const reply = await act(invocation, target)
      await record('ok')
      return reply
    } catch (thrown) {
      const failure = toApiFailure(thrown)
      await record(failure.code)
      throw failure
    }
  }
}

async function perform<N extends OperationName>(
  name: N,
  run: Run<N>,
  invocation: Invocation,
  target: Resource | undefined,
  signal: AbortSignal,
): Promise<OperationReply> {
  const { context, subject, requestId } = invocation
  const { permission } = operations[name]
  context.access.authorize(subject, permission, { poolId: poolOf(target) })
  const schema: z.core.$ZodType = operations[name].input
  const input = z.parse(schema, invocation.input) as ParsedInputOf<N>
  // findTarget has looked it up by the kind that belongs to the name.
  const resource = target as TargetOf<N>
  if (target) {
    const refusal = can(name, target as Resource<KindOf<N>>, subject)
    if (refusal) throw refused(name, refusal)
  }
  signal.throwIfAborted()
  return await run({ context, subject, resource, input, signal, requestId })
}

function findTarget(name: OperationName, invocation: Invocation): Resource | undefined {
  const spec: OperationSpec = operations[name]
  if (spec.creates) return undefined
  const { context, subject, id } = invocation
  const target = id === undefined ? undefined : context.inventory.find(spec.kind, id, subject)
  if (target) return target
  throw new ApiFailure('NOT_FOUND', `There is no such ${spec.kind}.`, {
    params: [spec.kind, id ?? ''],
  })
}

function refused(name: OperationName, refusal: Refusal): ApiFailure {
  if (refusal.code === 'forbidden') {
    return new ApiFailure('FORBIDDEN', 'Your role does not allow this.', {
      params: [operations[name].permission],
    })
  }
  const why = Object.values(refusal.params).join(', ')
  return new ApiFailure(
    'OPERATION_REFUSED',
    `${name} cannot be done now: ${refusal.code}${why && ` (${why})`}.`,
    { params: [name, refusal.code], refusal },
  )
}

function poolOf(target: Resource | undefined): string | null {
  return target && 'poolId' in target ? target.poolId : null
}

function describeTarget(
  name: OperationName,
  id: string | undefined,
  target: Resource | undefined,
): AuditEntry['target'] {
  const { kind } = operations[name]
  if (!target) return id === undefined ? null : { kind, id, name: '' }
  if ('name' in target) return { kind, id: target.id, name: target.name }
  return { kind, id: target.id, name: 'label' in target ? target.label : '' }
}
