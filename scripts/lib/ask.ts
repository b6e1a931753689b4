import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/** False where nobody is there to answer: a script, CI. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true
}

/** Asks a question on the terminal; a secret's letters are not shown. */
export async function ask(question: string, { secret = false } = {}): Promise<string> {
  let muted = false
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!muted) process.stdout.write(chunk)
      done()
    },
  })
  const terminal = createInterface({ input: process.stdin, output, terminal: true })
  try {
    const answer = terminal.question(question)
    muted = secret
    return (await answer).trim()
  } finally {
    terminal.close()
    if (secret) process.stdout.write('\n')
  }
}
