import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface RunOptions {
  env?: Record<string, string | undefined>
  /** Called for every line of stdout and stderr; without it the child writes to our own. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void
  /** Given on standard input, which is then closed. */
  input?: string
}

/** Starts a program of the project in its root folder. */
export function start(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): ChildProcess {
  const output = options.onLine ? 'pipe' : 'inherit'
  const stdio: StdioOptions = [options.input === undefined ? 'ignore' : 'pipe', output, output]
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...options.env },
    stdio,
  })
  for (const stream of ['stdout', 'stderr'] as const) {
    const readable = child[stream]
    if (readable)
      createInterface({ input: readable }).on('line', (line) => options.onLine?.(line, stream))
  }
  if (options.input !== undefined) child.stdin?.end(options.input)
  return child
}

/** Resolves with the exit code once the child has ended; 127 where it could not be started. */
export function ended(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => {
    child.once('error', () => resolve(127))
    child.once('close', (code, signal) => resolve(code ?? (signal ? 130 : 1)))
  })
}

export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<number> {
  return ended(start(command, args, options))
}
