import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OperationReply, Snapshot, Task, Vm } from '@xendeck/contract'
import { startSimulator, type Simulator } from '@xendeck/simulator'
import { adminPassword } from './bff.ts'
import { ChildBff } from './child-bff.ts'

let simulator: Simulator
let dataDir: string
let bff: ChildBff

beforeEach(async () => {
  simulator = await startSimulator({ timeScale: 0 })
  dataDir = mkdtempSync(join(tmpdir(), 'xendeck-jobs-'))
  bff = await start()
})

afterEach(async () => {
  await bff.kill()
  await simulator.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(): Promise<ChildBff> {
  const started = await ChildBff.start({
    XENDECK_DATA_DIR: dataDir,
    XENDECK_ADMIN_PASSWORD: adminPassword,
    XENDECK_POOLS: JSON.stringify([
      { address: simulator.url, username: 'root', password: 'secret' },
    ]),
  })
  await started.signIn('admin', adminPassword)
  return started
}

async function eventually<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  return await vi.waitUntil(async () => (await look()) || undefined, {
    timeout: 20_000,
    interval: 20,
  })
}

function taskOnceOver(id: string | undefined): Promise<Task> {
  return eventually(async () => {
    const task = await bff.get<Task>(`tasks/${id}`)
    return task?.status !== 'pending' && task
  })
}

function inPool(cls: string): Set<string> {
  return new Set([...simulator.pool.db.all(cls)].map(([, record]) => String(record['uuid'])))
}

/** A halted VM with a disk and a snapshot, and the disks that go with both. */
async function victim(): Promise<{ vm: Vm; snapshot: Snapshot; disks: string[] }> {
  const found = await eventually(async () =>
    (await bff.get<Vm[]>('vms'))?.find(
      (vm) =>
        vm.powerState === 'halted' &&
        vm.snapshotIds.length === 0 &&
        vm.drives.some(({ type, diskId }) => type === 'disk' && diskId !== null),
    ),
  )
  const made = await bff.post<OperationReply>(`vms/${found.id}/snapshot`, { name: 'one' })
  expect(await taskOnceOver(made.taskId)).toMatchObject({ status: 'success' })
  const snapshot = await eventually(async () =>
    (await bff.get<Snapshot[]>('snapshots'))?.find(
      ({ vmId, drives }) => vmId === found.id && drives.some(({ diskId }) => diskId),
    ),
  )
  const disks = [...found.drives, ...snapshot.drives]
    .filter(({ type, diskId }) => type === 'disk' && diskId !== null)
    .map(({ diskId }) => String(diskId))
  return { vm: found, snapshot, disks }
}

describe('deleting a VM with its disks', () => {
  it('goes on after the process was killed in the middle, as the same task', async () => {
    const { vm, snapshot, disks } = await victim()
    simulator.pool.faults.delay('VDI.destroy', 3)
    const { taskId } = await bff.post<OperationReply>(`vms/${vm.id}/delete`, { disks: true })
    await eventually(async () => !inPool('VM').has(snapshot.id) || undefined)
    await bff.kill()
    expect(disks.filter((disk) => inPool('VDI').has(disk))).not.toEqual([])

    bff = await start()
    expect(await taskOnceOver(taskId)).toMatchObject({
      status: 'success',
      operation: 'vm.delete',
      startedBy: 'admin',
      target: { kind: 'vm', id: vm.id, name: vm.name },
    })
    expect(inPool('VM').has(vm.id) || inPool('VM').has(snapshot.id)).toBe(false)
    expect(disks.filter((disk) => inPool('VDI').has(disk))).toEqual([])
  })

  it('goes on after the pool was away', async () => {
    const { vm, disks } = await victim()
    simulator.pool.faults.delay('VDI.destroy', 1)
    const { taskId } = await bff.post<OperationReply>(`vms/${vm.id}/delete`, { disks: true })
    await eventually(async () => !inPool('VM').has(vm.id) || undefined)
    const hosts = simulator.pool.servers.map(({ host }) => host)
    await Promise.all(hosts.map((host) => simulator.pool.faults.killHost(host)))
    await Promise.all(hosts.map((host) => simulator.pool.faults.reviveHost(host)))
    expect(await taskOnceOver(taskId)).toMatchObject({ status: 'success' })
    expect(disks.filter((disk) => inPool('VDI').has(disk))).toEqual([])
  })

  it('spares a disk that somebody has taken meanwhile, and says so', async () => {
    const { vm, disks } = await victim()
    simulator.pool.faults.delay('VM.destroy', 2)
    const { taskId } = await bff.post<OperationReply>(`vms/${vm.id}/delete`, { disks: true })
    await bff.kill()
    const { db } = simulator.pool
    const other = (await otherVm(vm.id)) ?? ''
    const taken = disks[0] ?? ''
    db.create('VBD', {
      VM: other,
      VDI: db.byUuid('VDI', taken) ?? '',
      type: 'Disk',
      userdevice: '9',
    })
    bff = await start()
    const task = await taskOnceOver(taskId)
    expect(task).toMatchObject({ status: 'failure', error: { code: 'DELETE_INCOMPLETE' } })
    expect(disks.filter((disk) => inPool('VDI').has(disk))).toEqual([taken])
  })

  it('is still told of after the next start', async () => {
    const { vm } = await victim()
    simulator.pool.faults.fail('VDI.destroy', 'SR_BACKEND_FAILURE_46', ['', 'busy'], 1)
    const { taskId } = await bff.post<OperationReply>(`vms/${vm.id}/delete`, { disks: true })
    expect(await taskOnceOver(taskId)).toMatchObject({ status: 'failure' })
    await bff.kill('SIGTERM')
    bff = await start()
    expect(await taskOnceOver(taskId)).toMatchObject({
      status: 'failure',
      error: { code: 'DELETE_INCOMPLETE' },
    })
  })
})

/** Ref of a halted VM other than `id`. */
async function otherVm(id: string): Promise<string | undefined> {
  const vms = [...simulator.pool.db.all('VM')]
  return vms.find(
    ([, vm]) => vm['power_state'] === 'Halted' && vm['is_a_template'] !== true && vm['uuid'] !== id,
  )?.[0]
}
