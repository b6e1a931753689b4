/** VM.provision: the disks a template asks for (PROTOCOL section 5.6). */
import { SaxesParser } from 'saxes'
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { withHostOperation } from '../host/allowed.ts'
import { createVdi, removeVdi } from '../storage/vdi-store.ts'
import { refreshVmAndDevices } from './allowed.ts'
import { createVbd } from './vbd-create.ts'
import { withVmOperation } from './operation.ts'
import { makeVm } from './record.ts'
import { map, text } from './row.ts'
import { destroyVbd } from './device-copy.ts'
import { work } from './work.ts'

export interface ProvisionDisk {
  readonly device: string
  /** Bytes. */
  readonly size: number
  /** uuid. */
  readonly sr: string
  readonly bootable: boolean
  readonly type: string
}

/**
 * Reads other_config.disks: `<provision><disk device="0" size="…" sr="…" …/></provision>`.
 * @throws XapiError INTERNAL_ERROR when it is no XML
 */
export function parseProvision(xml: string): ProvisionDisk[] {
  const disks: ProvisionDisk[] = []
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    if (name !== 'disk') return
    disks.push({
      device: attributes['device'] ?? '0',
      size: Number(attributes['size'] ?? 0),
      sr: attributes['sr'] ?? '',
      bootable: attributes['bootable'] === 'true',
      type: attributes['type'] ?? 'user',
    })
  })
  parser.on('error', (error) => {
    throw new XapiError('INTERNAL_ERROR', `Xmlm.Error(${error.message})`)
  })
  parser.write(xml).close()
  return disks
}

function createDisk(call: Call, vm: string, disk: ProvisionDisk): { vdi: string; vbd: string } {
  const { pool } = call
  const sr = pool.db.byUuid('SR', disk.sr)
  if (sr === undefined) throw new XapiError('UUID_INVALID', 'sr', disk.sr)
  const vdi = createVdi(pool, sr, disk.size, {
    name_label: disk.device,
    name_description: 'Created by template provisioner',
    type: disk.type === 'system' ? 'system' : 'user',
    sharable: false,
    read_only: false,
    sm_config: { vmhint: text(pool.db.must('VM', vm), 'uuid') },
  })
  const vbd = createVbd(call, {
    VM: vm,
    VDI: vdi,
    userdevice: disk.device,
    bootable: disk.bootable,
    mode: 'RW',
    type: 'Disk',
    unpluggable: disk.type !== 'system',
    empty: false,
    other_config: { owner: '' },
    qos_algorithm_type: '',
    qos_algorithm_params: {},
  })
  return { vdi, vbd }
}

async function provision(call: Call, vm: string): Promise<void> {
  const { pool } = call
  const { db } = pool
  db.must('VM', vm)
  await withVmOperation(call, vm, 'provision', () =>
    withHostOperation(call, pool.coordinator(), 'provision', async () => {
      // First of all, and for good: a failure below leaves a VM without disks.
      makeVm(call, vm)
      const made: { vdi: string; vbd: string }[] = []
      try {
        const xml = map(db.must('VM', vm), 'other_config')['disks']
        for (const disk of xml === undefined ? [] : parseProvision(xml)) {
          made.push(createDisk(call, vm, disk))
          await work(call, 0.5, { to: 0.9 })
        }
      } catch (error) {
        for (const { vbd, vdi } of made) {
          destroyVbd(pool, vbd)
          removeVdi(pool, vdi)
        }
        throw error
      }
      const {
        disks: _disks,
        postinstall: _script,
        ...rest
      } = map(db.must('VM', vm), 'other_config')
      db.write('VM', vm, { other_config: rest })
    }),
  )
  refreshVmAndDevices(db, vm)
}

export const provisionHandlers: Readonly<Record<string, Handler>> = { 'VM.provision': provision }
