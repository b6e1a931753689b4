/** A small shell: quoting, variables, `;`, `&&`, pipes and redirection over built-in commands. */
import { COMMANDS, type CommandResult } from './commands.ts'
import { resolvePath } from './files.ts'
import type { Tty } from './tty.ts'

interface Stage {
  readonly words: readonly string[]
  readonly target: { readonly path: string; readonly append: boolean } | undefined
}

interface Step {
  readonly stages: readonly Stage[]
  /** Runs only when the step before succeeded. */
  readonly conditional: boolean
}

/** Output of one line is cut here. */
const MAX_OUTPUT = 256 * 1024
const MAX_STAGES = 64

export class Shell {
  readonly tty: Tty
  directory: string
  readonly variables = new Map<string, string>()
  #status = 0

  constructor(tty: Tty) {
    this.tty = tty
    this.directory = tty.user === 'root' ? '/root' : '/home'
    this.variables.set('HOME', this.directory)
    this.variables.set('USER', tty.user)
    this.variables.set('SHELL', '/bin/bash')
  }

  prompt(): string {
    const { hostname, system } = this.tty.guest.machine.facts()
    const home = this.variables.get('HOME') ?? '/root'
    const place = this.directory === home ? '~' : this.directory
    const sign = this.tty.user === 'root' ? '#' : '$'
    if (system.family === 'dom0')
      return `[${this.tty.user}@${hostname} ${place.split('/').at(-1) || '/'}]${sign} `
    return `\x1b[1;32m${this.tty.user}@${hostname}\x1b[0m:\x1b[1;34m${place}\x1b[0m${sign} `
  }

  /** Runs a line; returns what it prints, lines ending with LF. */
  execute(line: string): string {
    let output = ''
    for (const step of parse(line).slice(0, MAX_STAGES)) {
      if (step.conditional && this.#status !== 0) continue
      output += this.#runStages(step.stages)
      if (output.length > MAX_OUTPUT) return `${output.slice(0, MAX_OUTPUT)}\n`
    }
    return output
  }

  /** Words that could stand at the end of the line. */
  complete(line: string): string[] {
    const words = line.trimStart().split(/\s+/)
    const word = words.at(-1) ?? ''
    if (words.length <= 1)
      return this.commandNames().filter((name) => name.startsWith(word) && word !== '')
    const files = this.tty.guest.files
    const directory = word.includes('/') ? word.slice(0, word.lastIndexOf('/') + 1) : '.'
    const path = resolvePath(this.directory, directory)
    const tail = word.slice(word.lastIndexOf('/') + 1)
    return files
      .list(path)
      .filter((name) => name.startsWith(tail))
      .map((name) => (files.isDirectory(resolvePath(path, name)) ? `${name}/` : name))
  }

  commandNames(): string[] {
    const own = this.tty.guest.machine.commands?.keys() ?? []
    return [...COMMANDS.keys(), ...own].toSorted()
  }

  /** At the moment a command runs: what stands before it on the line may have set the variable. */
  #expand(word: string): string {
    return expand(word, (name) => this.#variable(name))
  }

  #variable(name: string): string {
    return name === '?' ? String(this.#status) : (this.variables.get(name) ?? '')
  }

  #runStages(stages: readonly Stage[]): string {
    let input = ''
    let errors = ''
    for (const { words, target } of stages) {
      const result = this.#run(
        words.map((word) => this.#expand(word)),
        input,
      )
      this.#status = result.status ?? 0
      errors += result.error ?? ''
      input = result.output
      if (target !== undefined) {
        const path = resolvePath(this.directory, this.#expand(target.path))
        const files = this.tty.guest.files
        const before = target.append ? (files.read(path) ?? '') : ''
        const problem = files.write(path, before + input)
        if (problem !== undefined) errors += `-bash: ${target.path}: ${problem}\n`
        if (problem !== undefined) this.#status = 1
        input = ''
      }
    }
    return errors + input
  }

  #run(words: readonly string[], input: string): CommandResult {
    const [name, ...args] = words
    if (name === undefined) return { output: input }
    const assignment = /^([A-Za-z_]\w{0,31})=(.*)$/s.exec(name)
    if (assignment !== null && args.length === 0 && this.variables.size < 100) {
      this.variables.set(assignment[1] ?? '', assignment[2] ?? '')
      return { output: '' }
    }
    const own = this.tty.guest.machine.commands?.get(name)
    if (own !== undefined) return { output: own(args) }
    const command = COMMANDS.get(name.replace(/^(\/usr)?\/s?bin\//, ''))
    if (command === undefined)
      return { output: '', error: `-bash: ${name}: command not found\n`, status: 127 }
    return command({ shell: this, tty: this.tty, guest: this.tty.guest, args, input })
  }
}

/** Splits a line into steps, stages and words that are still quoted. */
function parse(line: string): Step[] {
  const steps: Step[] = []
  let stages: Stage[] = []
  let words: string[] = []
  let target: Stage['target']
  let redirect: 'write' | 'append' | undefined
  let conditional = false
  const endWord = (word: string): void => {
    if (redirect === undefined) words.push(word)
    else target = { path: word, append: redirect === 'append' }
    redirect = undefined
  }
  const endStage = (): void => {
    if (words.length > 0 || target !== undefined) stages.push({ words, target })
    words = []
    target = undefined
  }
  const endStep = (next: boolean): void => {
    endStage()
    if (stages.length > 0) steps.push({ stages, conditional })
    stages = []
    conditional = next
  }
  // One word with its quoted parts, or one operator.
  const pattern = /\s+|#.*$|(&&|;|\|\|?|>>|>|<)|((?:'[^']*'|"[^"]*"|\\.|[^\s'"\\;|&><])+)|./gs
  for (const [, operator, word] of line.matchAll(pattern)) {
    if (word !== undefined) endWord(word)
    else if (operator === ';') endStep(false)
    else if (operator === '&&') endStep(true)
    else if (operator === '|') endStage()
    else if (operator === '>') redirect = 'write'
    else if (operator === '>>') redirect = 'append'
  }
  endStep(false)
  return steps
}

function expand(word: string, variable: (name: string) => string): string {
  const replaced = (text: string): string =>
    text.replace(/\$(\w+|\?)|\$\{(\w+)\}/g, (_, plain: string, braced: string) =>
      variable(plain ?? braced),
    )
  return [...word.matchAll(/'([^']*)'|"([^"]*)"|\\(.)|([^'"\\]+)/gs)]
    .map(([, single, double, escaped, plain]) => {
      if (single !== undefined) return single
      if (double !== undefined) return replaced(double)
      return escaped ?? replaced(plain ?? '')
    })
    .join('')
}
