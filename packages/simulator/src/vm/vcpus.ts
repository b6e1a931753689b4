/** Virtual CPUs of a VM, halted and live (PROTOCOL section 5.5). */
import type { Call, Handler } from '../rpc/registry.ts'
import { memoryOverhead } from './host-memory.ts'
import { assertVcpus } from './memory-constraints.ts'
import { withVmOperation } from './operation.ts'
import { int, refOrNone } from './row.ts'
import { domainType } from './views.ts'

async function setMax(call: Call, vm: string, value: number): Promise<void> {
  const { db } = call.pool
  db.must('VM', vm)
  await withVmOperation(call, vm, 'changing_VCPUs', () => {
    assertVcpus(int(db.must('VM', vm), 'VCPUs_at_startup'), value, value)
    db.write('VM', vm, { VCPUs_max: value })
    const row = db.must('VM', vm)
    db.write('VM', vm, { memory_overhead: memoryOverhead(row, domainType(row)) })
  })
}

async function setAtStartup(call: Call, vm: string, value: number): Promise<void> {
  const { db } = call.pool
  db.must('VM', vm)
  await withVmOperation(call, vm, 'changing_VCPUs', () => {
    assertVcpus(value, int(db.must('VM', vm), 'VCPUs_max'), value)
    db.write('VM', vm, { VCPUs_at_startup: value })
  })
}

/** The record keeps what the next start uses; VM_metrics shows what the guest has now. */
async function setNumberLive(call: Call, vm: string, value: number): Promise<void> {
  const { db } = call.pool
  db.must('VM', vm)
  await withVmOperation(call, vm, 'changing_VCPUs_live', () => {
    const row = db.must('VM', vm)
    assertVcpus(value, int(row, 'VCPUs_max'), value)
    const metrics = refOrNone(row, 'metrics')
    if (metrics === undefined || !db.get('VM_metrics', metrics)) return
    const utilisation = Array.from({ length: value }, (_, cpu): [string, number] => [`${cpu}`, 0])
    db.write('VM_metrics', metrics, {
      VCPUs_number: value,
      VCPUs_utilisation: Object.fromEntries(utilisation),
    })
  })
}

export const vcpuHandlers: Readonly<Record<string, Handler>> = {
  'VM.set_VCPUs_max': setMax,
  'VM.set_VCPUs_at_startup': setAtStartup,
  'VM.set_VCPUs_number_live': setNumberLive,
}
