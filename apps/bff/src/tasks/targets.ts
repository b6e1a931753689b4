import type { ClassName, StoreChange } from '@xendeck/xenapi'
import type { RecordStore } from '../inventory/view.ts'

export interface TargetRef {
  readonly cls: ClassName
  readonly ref: string
}

/** A start is also `vm_start` on its host and `attach` on its disks: what a person means comes first. */
const ranks: Partial<Record<ClassName, number>> = { VM: 0, SR: 1, host: 2, VDI: 3, pool: 4 }

/** Which object a task works on, read from the objects: current_operations names the task (PROTOCOL 3.3). */
export class TaskTargets {
  readonly #targets = new Map<string, TargetRef>()

  get(task: string): TargetRef | undefined {
    return this.#targets.get(task)
  }

  delete(task: string): void {
    this.#targets.delete(task)
  }

  /** Refs of the tasks whose target has become known. */
  apply(store: RecordStore, { class: cls, ref, record, previous }: StoreChange): string[] {
    const rank = ranks[cls]
    if (rank === undefined) return []
    const found: string[] = []
    const current = operationsOf(record)
    for (const task of Object.keys(current)) {
      const known = this.#targets.get(task)
      if (known && (known.ref === ref || (ranks[known.cls] ?? 9) <= rank)) continue
      this.#targets.set(task, { cls, ref })
      found.push(task)
    }
    // Calls that are over before their task was ever seen would stay here for good.
    for (const task of Object.keys(operationsOf(previous))) {
      if (!(task in current) && !store.get('task', task)) this.#targets.delete(task)
    }
    return found
  }
}

const none: Readonly<Record<string, unknown>> = {}

function operationsOf(record: object | undefined): Readonly<Record<string, unknown>> {
  if (!record || !('current_operations' in record)) return none
  const { current_operations: operations } = record
  return typeof operations === 'object' && operations !== null
    ? (operations as Readonly<Record<string, unknown>>)
    : none
}
