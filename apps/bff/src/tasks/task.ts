import type { Task, TaskStatus } from '@xendeck/contract'
import { instant } from '../inventory/fields.ts'
import type { Loose } from '../inventory/view.ts'
import { xenApiReason, type NameOf } from '../operations/xenapi-errors.ts'

/** What the console knows of a task that it has started itself. */
export interface Known {
  /** Operation name: `vm.start`. */
  readonly operation: string
  /** Display name of the person. */
  readonly startedBy: string
  readonly target: Task['target']
}

const statuses: Record<string, TaskStatus> = {
  pending: 'pending',
  // Declared, but never set by xapi (PROTOCOL 4).
  cancelling: 'pending',
  success: 'success',
  failure: 'failure',
  cancelled: 'cancelled',
}

export interface TaskFacts {
  readonly id: string
  readonly poolId: string
  readonly hostId: string | null
  readonly known: Known | undefined
  /** Found through current_operations, where the console did not start it. */
  readonly target: Task['target']
  readonly nameOf: NameOf
}

/** XenAPI `task` with what is known beside it. */
export function projectTask(record: Loose<'task'>, facts: TaskFacts): Task {
  const status = statuses[record.status ?? 'pending'] ?? 'pending'
  const [code, ...params] = record.error_info ?? []
  return {
    id: facts.id,
    poolId: facts.poolId,
    operation: facts.known?.operation ?? null,
    name: record.name_label ?? '',
    description: record.name_description ?? '',
    status,
    progress: status === 'pending' ? Math.min(1, Math.max(0, record.progress ?? 0)) : 1,
    createdAt: instant(record.created),
    finishedAt: instant(record.finished),
    target: facts.known?.target ?? facts.target,
    hostId: facts.hostId,
    startedBy: facts.known?.startedBy ?? null,
    cancellable: status === 'pending' && (record.allowed_operations ?? []).includes('cancel'),
    error: code === undefined ? null : xenApiReason(code, params, facts.nameOf),
  }
}

/** Work that the pool or its clients do all the time and that nobody wants to watch. */
const internal =
  /^(?:Async\.)?(?:session|event|task|message|console|role|user|secret|blob|SM)\.|^(?:Async\.)?\w+\.(?:get|assert|add_to|remove_from|set|update|scan|query|list)_?\w*$|^(?:Async\.)?host\.(?:tickle_heartbeat|compute_free_memory|call_plugin|send_debug_keys|get_\w+)$|^Connection to VM console$|^(?:server|dispatch|scan|timeout|xapi|VM metadata)\b/i

/**
 * Whether a task that somebody else has started is worth a line: `at once` for what was asked for as asynchronous or
 * has a name in words (Xen Orchestra, XenCenter), `late` for ordinary calls, which have a task for their duration only
 * (PROTOCOL 4) and matter when they last, `never` for the rest.
 */
export function interest(record: Loose<'task'>): 'at once' | 'late' | 'never' {
  const name = record.name_label ?? ''
  if (internal.test(name)) return 'never'
  if (name.startsWith('Async.')) return 'at once'
  return /^\w+\.\w+$/.test(name) ? 'late' : 'at once'
}
