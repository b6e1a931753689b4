import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Milliseconds until a server has to have said where it listens; generous, for machines that do much else. */
const startDeadline = 30_000

export interface Running {
  /** The line that told that it is ready, matched. */
  ready: RegExpExecArray
  /** Ends it by its id and waits until it is gone. SIGKILL: as a power cut does. */
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** Starts a server of the project with the Node that runs the tests, and waits for its line on standard output. */
export function startServer(
  args: readonly string[],
  readyLine: RegExp,
  env: Record<string, string> = {},
): Promise<Running> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // Whatever happens to the tests, nothing of theirs stays behind.
  const leave = () => child.kill('SIGKILL')
  process.once('exit', leave)
  child.once('close', () => process.off('exit', leave))
  const said: string[] = []
  return new Promise((resolve, reject) => {
    const fail = (why: string) =>
      reject(new Error(`${args.join(' ')} ${why}:\n${said.slice(-20).join('\n')}`))
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      fail('did not say that it is ready')
    }, startDeadline)
    child.once('close', (code) => {
      clearTimeout(timer)
      fail(`ended (${code})`)
    })
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line)
        if (said.length > 200) said.shift()
        const ready = readyLine.exec(line)
        if (!ready) return
        clearTimeout(timer)
        resolve({ ready, end: (signal = 'SIGTERM') => end(child, signal) })
      })
    }
  })
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill(signal)
  await closed
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

/**
 * The first of `count` free ports in a row, below those that the system hands out, so that a server which was killed
 * finds its ports free again.
 */
export async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const first = 12_000 + Math.floor(Math.random() * 18_000)
    const ports = Array.from({ length: count }, (_, index) => first + index)
    const free = await Promise.all(ports.map(isFree))
    if (free.every(Boolean)) return first
  }
  throw new Error(`No ${count} free ports in a row`)
}
