/** Programs of the project as child processes that tell what they cost. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Cost } from './probe.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const probe = fileURLToPath(new URL('probe.ts', import.meta.url))

export interface Child {
  readonly process: ChildProcess
  /** What it cost since the last time this was asked. */
  cost(): Promise<Cost>
  stop(): Promise<void>
}

/** Starts a TypeScript program; `ready` is called with each line that it writes until it says true. */
export async function startChild(
  args: readonly string[],
  ready: (line: string) => boolean,
  env: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const child = spawn(process.execPath, ['--expose-gc', '--import', probe, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with code ${code}`)))
    // Read to its end: a full pipe would stop the program.
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (ready(line)) resolve()
    })
  })
  return {
    process: child,
    async cost() {
      child.send('cost')
      const [cost] = (await once(child, 'message')) as [Cost]
      return cost
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}
