import { t } from '@lingui/core/macro'
import type { Task } from '@xendeck/contract'

/** Operations of the console and XenAPI methods, by what they mean to people. `name` is what it works on. */
const titles: Record<string, (name: string) => string> = {
  'vm.start': (name) => t`Start ${name}`,
  'vm.shutDown': (name) => t`Shut down ${name}`,
  'vm.forceShutDown': (name) => t`Force shutdown of ${name}`,
  'vm.restart': (name) => t`Restart ${name}`,
  'vm.forceRestart': (name) => t`Force restart of ${name}`,
  'vm.suspend': (name) => t`Suspend ${name}`,
  'vm.resume': (name) => t`Resume ${name}`,
  'vm.pause': (name) => t`Pause ${name}`,
  'vm.unpause': (name) => t`Unpause ${name}`,
  'vm.migrate': (name) => t`Migrate ${name}`,
  'vm.snapshot': (name) => t`Take a snapshot of ${name}`,
  'vm.delete': (name) => t`Delete ${name}`,
  'snapshot.revert': (name) => t`Revert to ${name}`,
  'snapshot.delete': (name) => t`Delete snapshot ${name}`,
}

/** XenAPI task names → the operation they amount to. */
export const operationOfMethod: Record<string, string> = {
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

/** What a task does, and to what: "Migrate db-1". XenAPI's own name where it is not a common one. */
export function taskTitle(task: Pick<Task, 'operation' | 'name' | 'target'>): string {
  const method = task.name.replace(/^Async\./, '')
  const title = titles[task.operation ?? operationOfMethod[method] ?? '']
  if (title) return title(task.target?.name ?? '').trim()
  return task.target ? t`${method} on ${task.target.name}` : method
}
