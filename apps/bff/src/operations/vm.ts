import type { OperationReply } from '@xendeck/contract'
import type { Ref } from '@xendeck/xenapi'
import { ApiFailure } from '../http/errors.ts'
import { deleteMachines, deleteVmOrder } from './delete-vm.ts'
import type { OperationRegistry, Run, RunArguments } from './registry.ts'
import {
  locate,
  onPool,
  startTask,
  type Located,
  type Order,
  type PoolServices,
} from './services.ts'

type VmOperation =
  | 'vm.start'
  | 'vm.shutDown'
  | 'vm.forceShutDown'
  | 'vm.restart'
  | 'vm.forceRestart'
  | 'vm.suspend'
  | 'vm.resume'
  | 'vm.pause'
  | 'vm.unpause'
  | 'vm.migrate'
  | 'vm.rename'
  | 'vm.describe'
  | 'vm.tag'
  | 'vm.snapshot'
  | 'vm.delete'

type OnVm<N extends VmOperation> = (
  vm: Located<'VM'>,
  order: Order,
  args: RunArguments<N>,
) => Promise<OperationReply>

/** `vm.*`. What takes time is started and followed as a task; plain fields are written at once. */
export function registerVmOperations(registry: OperationRegistry, services: PoolServices): void {
  const { pools, jobs } = services
  jobs.define('vm.delete', deleteMachines)

  const register = <N extends VmOperation>(operation: N, act: OnVm<N>): void => {
    const run: Run<N> = async (args) => {
      const vm = locate(pools, 'VM', args.resource)
      const { id, name } = args.resource
      return act(vm, { operation, subject: args.subject, target: { kind: 'vm', id, name } }, args)
    }
    registry.register(
      operation,
      onPool(pools, run, ({ resource }) => resource.poolId),
    )
  }

  register('vm.start', async (vm, order, { input }) => {
    const host = input.hostId === undefined ? undefined : hostOf(vm, input.hostId)
    return host
      ? startTask(vm, order, 'VM.start_on', [vm.ref, host, false, false])
      : startTask(vm, order, 'VM.start', [vm.ref, false, false])
  })
  register('vm.resume', async (vm, order, { input }) => {
    const host = input.hostId === undefined ? undefined : hostOf(vm, input.hostId)
    return host
      ? startTask(vm, order, 'VM.resume_on', [vm.ref, host, false, false])
      : startTask(vm, order, 'VM.resume', [vm.ref, false, false])
  })
  register('vm.shutDown', (vm, order) => startTask(vm, order, 'VM.clean_shutdown', [vm.ref]))
  register('vm.forceShutDown', (vm, order) => startTask(vm, order, 'VM.hard_shutdown', [vm.ref]))
  register('vm.restart', (vm, order) => startTask(vm, order, 'VM.clean_reboot', [vm.ref]))
  register('vm.forceRestart', (vm, order) => startTask(vm, order, 'VM.hard_reboot', [vm.ref]))
  register('vm.suspend', (vm, order) => startTask(vm, order, 'VM.suspend', [vm.ref]))
  register('vm.pause', (vm, order) => startTask(vm, order, 'VM.pause', [vm.ref]))
  register('vm.unpause', (vm, order) => startTask(vm, order, 'VM.unpause', [vm.ref]))
  register('vm.migrate', async (vm, order, { input }) =>
    startTask(vm, order, 'VM.pool_migrate', [vm.ref, hostOf(vm, input.hostId), { live: 'true' }]),
  )
  register('vm.rename', async (vm, _order, { input }) => {
    await vm.connection.call('VM.set_name_label', vm.ref, input.name)
    return {}
  })
  register('vm.describe', async (vm, _order, { input }) => {
    await vm.connection.call('VM.set_name_description', vm.ref, input.description)
    return {}
  })
  register('vm.tag', async (vm, _order, { input }) => {
    // Each is one call that leaves other tags alone: two people who tag at once lose nothing.
    for (const tag of new Set(input.add)) await vm.connection.call('VM.add_tags', vm.ref, tag)
    for (const tag of new Set(input.remove)) await vm.connection.call('VM.remove_tags', vm.ref, tag)
    return {}
  })
  register('vm.snapshot', async (vm, order, { input }) => {
    const { connection } = vm
    const { description } = input
    // xapi gives the snapshot the VM's own description, which says nothing of why it was taken: an empty one is set too.
    const describe =
      description === undefined
        ? undefined
        : async (result: string) => {
            const ref = refIn(result)
            if (ref) await connection.call('VM.set_name_description', ref, description)
          }
    // A halted VM has no memory to keep: xapi would refuse the checkpoint.
    const withMemory = input.memory && vm.record.power_state !== 'Halted'
    return withMemory
      ? startTask(vm, order, 'VM.checkpoint', [vm.ref, input.name], describe)
      : startTask(vm, order, 'VM.snapshot', [vm.ref, input.name], describe)
  })
  register('vm.delete', async (vm, order, { input, resource }) => {
    if (!input.disks) return startTask(vm, order, 'VM.destroy', [vm.ref])
    return { taskId: await jobs.order(deleteVmOrder(vm, order, resource.poolId)) }
  })
}

/** @throws ApiFailure INVALID_INPUT where the host is not one of the VM's pool */
function hostOf(vm: Located<'VM'>, hostId: string) {
  const host = vm.connection.store.byUuid('host', hostId)
  if (host) return host.ref
  throw new ApiFailure('INVALID_INPUT', 'That is no host of the VM’s pool.', {
    fields: { hostId: 'no host of this pool' },
  })
}

/** The ref in a task's result, `<value>OpaqueRef:…</value>` or bare (PROTOCOL 4). */
function refIn(result: string): Ref<'VM'> | undefined {
  const found = /OpaqueRef:[\w-]+/.exec(result)?.[0]
  return found === undefined ? undefined : (found as Ref<'VM'>)
}
