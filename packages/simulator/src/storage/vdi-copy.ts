/** Full copies of disks: the time they take, and what is undone when one is cancelled. */
import type { Call } from '../rpc/registry.ts'
import { int } from '../vm/row.ts'
import { work } from '../vm/work.ts'
import type { Span } from '../vm/work.ts'
import { deriveVdi, removeVdi } from './vdi-store.ts'

/** Simulated speed of a copy, bytes a second: a disk of 10 GiB takes about 20 seconds. */
const COPY_SPEED = 512 * 1024 * 1024

/**
 * @param into an existing disk to fill; else a new one is made on `sr`
 * @returns the disk that has the contents
 * @throws XapiError TASK_CANCELLED; nothing is left of a cancelled copy
 */
export async function copyContents(
  call: Call,
  vdi: string,
  sr: string,
  into?: string,
  span: Span = {},
): Promise<string> {
  const { pool } = call
  const seconds = Math.max(1, int(pool.db.must('VDI', vdi), 'virtual_size') / COPY_SPEED)
  const target = into ?? deriveVdi(pool, vdi, 'copy', sr)
  try {
    await work(call, seconds, span)
  } catch (error) {
    if (into === undefined && pool.db.get('VDI', target)) removeVdi(pool, target)
    throw error
  }
  return target
}
