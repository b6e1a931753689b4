import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { OperationName, Task, TaskStatus } from '@xendeck/contract'
import type { StateShape } from '@xendeck/ui'
import { operationOfMethod } from '../../lib/task-words.ts'

const operationTitles: Partial<Record<OperationName, MessageDescriptor>> = {
  'vm.start': msg`Start`,
  'vm.shutDown': msg`Shut down`,
  'vm.forceShutDown': msg`Force shut down`,
  'vm.restart': msg`Restart`,
  'vm.forceRestart': msg`Force restart`,
  'vm.suspend': msg`Suspend`,
  'vm.resume': msg`Resume`,
  'vm.pause': msg`Pause`,
  'vm.unpause': msg`Unpause`,
  'vm.migrate': msg`Migrate`,
  'vm.snapshot': msg`Snapshot`,
  'vm.delete': msg`Delete`,
  'snapshot.revert': msg`Revert to snapshot`,
  'snapshot.delete': msg`Delete snapshot`,
}

/** What a task does, without what it does it to: our verb where there is one, else XenAPI's own name. */
export function taskTitle(task: Pick<Task, 'operation' | 'name'>): MessageDescriptor | string {
  const method = task.name.replace(/^Async\./, '')
  const operation = task.operation ?? operationOfMethod[method]
  return (operation && operationTitles[operation as OperationName]) || method
}

export const statusLabels: Record<TaskStatus, MessageDescriptor> = {
  pending: msg`Running`,
  success: msg`Done`,
  failure: msg`Failed`,
  cancelled: msg`Cancelled`,
}

export const statusShapes: Record<TaskStatus, StateShape> = {
  pending: 'moving',
  success: 'ok',
  failure: 'failed',
  cancelled: 'halted',
}
