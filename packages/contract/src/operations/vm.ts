import * as z from 'zod/mini'
import { id } from '../resources/common.ts'
import { noInput, operation } from './define.ts'
import { always, canXenApi } from './vm-can.ts'

const name = z.string().check(z.minLength(1), z.maxLength(255))
const tag = z.string().check(z.minLength(1), z.maxLength(100))

export const vmOperations = {
  'vm.start': operation({
    kind: 'vm',
    summary: 'Start the VM, on a host of the pool’s choice or on the one given.',
    permission: 'vm.power',
    bulk: true,
    input: z.object({ hostId: z.optional(id) }),
    can: canXenApi('start'),
  }),
  'vm.shutDown': operation({
    kind: 'vm',
    summary: 'Ask the guest to shut down.',
    permission: 'vm.power',
    bulk: true,
    input: noInput,
    can: canXenApi('clean_shutdown'),
  }),
  'vm.forceShutDown': operation({
    kind: 'vm',
    summary: 'Cut the power. What the guest has not written is lost.',
    permission: 'vm.power',
    bulk: true,
    dangerous: true,
    input: noInput,
    can: canXenApi('hard_shutdown'),
  }),
  'vm.restart': operation({
    kind: 'vm',
    summary: 'Ask the guest to restart.',
    permission: 'vm.power',
    bulk: true,
    input: noInput,
    can: canXenApi('clean_reboot'),
  }),
  'vm.forceRestart': operation({
    kind: 'vm',
    summary: 'Reset it. What the guest has not written is lost.',
    permission: 'vm.power',
    bulk: true,
    dangerous: true,
    input: noInput,
    can: canXenApi('hard_reboot'),
  }),
  'vm.suspend': operation({
    kind: 'vm',
    summary: 'Save its memory to storage and stop it.',
    permission: 'vm.power',
    bulk: true,
    input: noInput,
    can: canXenApi('suspend'),
  }),
  'vm.resume': operation({
    kind: 'vm',
    summary: 'Continue a suspended VM, on a host of the pool’s choice or on the one given.',
    permission: 'vm.power',
    bulk: true,
    input: z.object({ hostId: z.optional(id) }),
    can: canXenApi('resume'),
  }),
  'vm.pause': operation({
    kind: 'vm',
    summary: 'Stop its vCPUs; its memory stays on the host.',
    permission: 'vm.power',
    bulk: true,
    input: noInput,
    can: canXenApi('pause'),
  }),
  'vm.unpause': operation({
    kind: 'vm',
    summary: 'Let a paused VM run on.',
    permission: 'vm.power',
    bulk: true,
    input: noInput,
    can: canXenApi('unpause'),
  }),
  'vm.migrate': operation({
    kind: 'vm',
    summary: 'Move the running VM to another host of its pool.',
    permission: 'vm.migrate',
    bulk: true,
    input: z.object({ hostId: id }),
    can: canXenApi('pool_migrate'),
  }),
  'vm.rename': operation({
    kind: 'vm',
    summary: 'Change its name.',
    permission: 'vm.edit',
    input: z.object({ name }),
    can: always,
  }),
  'vm.describe': operation({
    kind: 'vm',
    summary: 'Change its description.',
    permission: 'vm.edit',
    input: z.object({ description: z.string().check(z.maxLength(10_000)) }),
    can: always,
  }),
  'vm.tag': operation({
    kind: 'vm',
    summary: 'Add and remove tags; other tags stay.',
    permission: 'vm.edit',
    bulk: true,
    input: z.object({ add: z._default(z.array(tag), []), remove: z._default(z.array(tag), []) }),
    can: always,
  }),
  'vm.snapshot': operation({
    kind: 'vm',
    summary: 'Take a snapshot of its disks, with `memory` of its running state too.',
    permission: 'vm.snapshot',
    bulk: true,
    input: z.object({
      name,
      description: z.optional(z.string()),
      memory: z._default(z.boolean(), false),
    }),
    can: canXenApi('snapshot'),
  }),
  'vm.delete': operation({
    kind: 'vm',
    summary: 'Delete the VM; with `disks` its disks and snapshots too.',
    permission: 'vm.delete',
    bulk: true,
    dangerous: true,
    input: z.object({ disks: z.boolean() }),
    can: canXenApi('destroy'),
  }),
} as const

export const snapshotOperations = {
  'snapshot.revert': operation({
    kind: 'snapshot',
    summary: 'Put the VM back to this snapshot. Its present state is lost.',
    permission: 'vm.snapshot',
    dangerous: true,
    input: noInput,
    can: canXenApi('revert'),
  }),
  'snapshot.rename': operation({
    kind: 'snapshot',
    summary: 'Change its name and description.',
    permission: 'vm.snapshot',
    input: z.object({ name, description: z.optional(z.string().check(z.maxLength(10_000))) }),
    can: always,
  }),
  'snapshot.delete': operation({
    kind: 'snapshot',
    summary: 'Delete the snapshot and its disks.',
    permission: 'vm.snapshot',
    bulk: true,
    dangerous: true,
    input: noInput,
    can: canXenApi('destroy'),
  }),
} as const
