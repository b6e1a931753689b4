/** Scripts on Python's XenAPI.py, which is xmlrpc.client beneath, take the simulator for xapi. */
import { execFile, execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startSimulator } from '../index.ts'

const SCRIPT = fileURLToPath(new URL('xenapi-client.py', import.meta.url))

const hasPython = ((): boolean => {
  try {
    execFileSync('python3', ['-c', 'import xmlrpc.client'])
    return true
  } catch {
    return false
  }
})()

interface Seen {
  readonly url: string
  readonly counts: Record<string, number>
  readonly vm: string
  readonly started: string
  readonly refused: [string, string[]]
  readonly description: string
  readonly duplicate: string[]
  readonly ended: string
}

test('a script lists everything, starts and stops a VM, waits for tasks and events', async (context) => {
  if (!hasPython) context.skip('python3 is not installed')
  const simulator = await startSimulator({ timeScale: 0, seed: 9 })
  try {
    const { db } = simulator.pool
    const args = [SCRIPT, simulator.urls[1]!, 'secret']
    const { stdout } = await promisify(execFile)('python3', args, { timeout: 60_000 })
    const seen: Seen = JSON.parse(stdout)
    expect(seen.url).toBe(simulator.url)
    for (const cls of ['VM', 'host', 'VDI', 'SR', 'network', 'PIF', 'VBD', 'VM_metrics', 'SM'])
      expect([cls, seen.counts[cls]]).toEqual([cls, db.count(cls)])
    expect(Object.keys(seen.counts).length).toBeGreaterThan(50)
    expect(seen).toMatchObject({
      started: 'success',
      refused: ['failure', ['VM_BAD_POWER_STATE', seen.vm, 'running', 'halted']],
      description: 'grüße <&> ✓',
      duplicate: ['MAP_DUPLICATE_KEY', 'VM', 'other_config', seen.vm, 'folder'],
      ended: 'SESSION_INVALID',
    })
    expect(db.must('VM', seen.vm)['other_config']).toMatchObject({ folder: '/a' })
  } finally {
    await simulator.close()
  }
})
