import type { MessageDescriptor } from '@lingui/core'
import { i18n } from '@lingui/core'
import { msg, t } from '@lingui/core/macro'
import type { OperationName, Task, TaskStatus } from '@xendeck/contract'
import type { StateShape } from '@xendeck/ui'

interface Words {
  /** Where what it is done to stands beside it. */
  verb: MessageDescriptor
  /** With what it is done to. */
  sentence: (name: string) => string
}

const words: Partial<Record<OperationName, Words>> = {
  'vm.start': { verb: msg`Start`, sentence: (name) => t`Start ${name}` },
  'vm.shutDown': { verb: msg`Shut down`, sentence: (name) => t`Shut down ${name}` },
  'vm.forceShutDown': {
    verb: msg`Force shut down`,
    sentence: (name) => t`Force shutdown of ${name}`,
  },
  'vm.restart': { verb: msg`Restart`, sentence: (name) => t`Restart ${name}` },
  'vm.forceRestart': { verb: msg`Force restart`, sentence: (name) => t`Force restart of ${name}` },
  'vm.suspend': { verb: msg`Suspend`, sentence: (name) => t`Suspend ${name}` },
  'vm.resume': { verb: msg`Resume`, sentence: (name) => t`Resume ${name}` },
  'vm.pause': { verb: msg`Pause`, sentence: (name) => t`Pause ${name}` },
  'vm.unpause': { verb: msg`Unpause`, sentence: (name) => t`Unpause ${name}` },
  'vm.migrate': { verb: msg`Migrate`, sentence: (name) => t`Migrate ${name}` },
  'vm.snapshot': { verb: msg`Snapshot`, sentence: (name) => t`Take a snapshot of ${name}` },
  'vm.delete': { verb: msg`Delete`, sentence: (name) => t`Delete ${name}` },
  'snapshot.revert': {
    verb: msg`Revert to snapshot`,
    sentence: (name) => t`Revert to ${name}`,
  },
  'snapshot.delete': {
    verb: msg`Delete snapshot`,
    sentence: (name) => t`Delete snapshot ${name}`,
  },
}

/** XenAPI task names → the operation they amount to, for tasks that others have started. */
const operationOfMethod: Record<string, OperationName> = {
  'VM.start': 'vm.start',
  'VM.start_on': 'vm.start',
  'VM.clean_shutdown': 'vm.shutDown',
  'VM.shutdown': 'vm.shutDown',
  'VM.hard_shutdown': 'vm.forceShutDown',
  'VM.clean_reboot': 'vm.restart',
  'VM.hard_reboot': 'vm.forceRestart',
  'VM.suspend': 'vm.suspend',
  'VM.resume': 'vm.resume',
  'VM.resume_on': 'vm.resume',
  'VM.pause': 'vm.pause',
  'VM.unpause': 'vm.unpause',
  'VM.pool_migrate': 'vm.migrate',
  'VM.migrate_send': 'vm.migrate',
  'VM.snapshot': 'vm.snapshot',
  'VM.checkpoint': 'vm.snapshot',
  'VM.destroy': 'vm.delete',
  'VM.revert': 'snapshot.revert',
}

/** The XenAPI method where it is not one of ours. */
function wordsOf({ operation, name }: Pick<Task, 'operation' | 'name'>): Words | string {
  const method = name.replace(/^Async\./, '')
  const known = (operation as OperationName | null) ?? operationOfMethod[method]
  return (known && words[known]) || method
}

/** What a task does, without what it does it to. */
export function taskVerb(task: Pick<Task, 'operation' | 'name'>): string {
  const found = wordsOf(task)
  return typeof found === 'string' ? found : i18n._(found.verb)
}

/** What a task does, and to what: "Migrate db-1". */
export function taskTitle(task: Pick<Task, 'operation' | 'name' | 'target'>): string {
  const found = wordsOf(task)
  const { target } = task
  if (typeof found !== 'string') {
    return target ? found.sentence(target.name) : i18n._(found.verb)
  }
  return target ? t`${found} on ${target.name}` : found
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
