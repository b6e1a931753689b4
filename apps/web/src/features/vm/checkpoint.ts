import { refuse, type Refusal, type Vm } from '@xendeck/contract'

/** Why a snapshot of this VM cannot have its memory; null where it can. xapi calls that a checkpoint. */
export function checkpointRefusal(vm: Vm): Refusal | null {
  if (vm.allowed.includes('checkpoint')) return null
  if (vm.powerState === 'halted')
    return refuse('powerState', { actual: 'halted', needed: 'running,suspended' })
  const [current] = vm.current
  if (current) return refuse('busy', { operation: current.operation })
  if (vm.tools.state !== 'running') return refuse('noTools')
  return refuse('notNow')
}
