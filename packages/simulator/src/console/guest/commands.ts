/** The commands of a guest's shell. What they print comes from the VM's records (facts) and load. */
import { kernelLines, stamped } from './boot-log.ts'
import { resolvePath } from './files.ts'
import type { Guest } from './guest.ts'
import type { Shell } from './shell.ts'
import { processes, topProgram } from './top.ts'
import type { Tty } from './tty.ts'
import { uptimeText } from './uptime.ts'

export interface CommandContext {
  readonly shell: Shell
  readonly tty: Tty
  readonly guest: Guest
  readonly args: readonly string[]
  /** What the command before it in a pipe printed. */
  readonly input: string
}

export interface CommandResult {
  /** Lines that end with LF. */
  readonly output: string
  readonly error?: string
  /** 0 when left out. */
  readonly status?: number
}

type Command = (context: CommandContext) => CommandResult

const KIBIBYTE = 1024
const GIBIBYTE = 2 ** 30

const failed = (error: string, status = 1): CommandResult => ({ output: '', error, status })
const lines = (...texts: string[]): CommandResult => ({
  output: texts.map((text) => `${text}\n`).join(''),
})

/** Runs the command on named files, or on its input when none is named. */
function onFiles(
  name: string,
  paths: readonly string[],
  context: CommandContext,
  use: (text: string) => string,
): CommandResult {
  if (paths.length === 0) return { output: use(context.input) }
  let output = ''
  let error = ''
  for (const path of paths) {
    const full = resolvePath(context.shell.directory, path)
    const text = context.guest.files.read(full)
    if (text !== undefined) output += use(text)
    else if (context.guest.files.exists(full)) error += `${name}: ${path}: Is a directory\n`
    else error += `${name}: ${path}: No such file or directory\n`
  }
  return { output, error, status: error === '' ? 0 : 1 }
}

function splitLines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

function joinLines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('')
}

const free: Command = ({ guest, args }) => {
  const { memory } = guest.machine.facts()
  const unit = args.includes('-m') ? KIBIBYTE ** 2 : args.includes('-g') ? GIBIBYTE : KIBIBYTE
  const share = guest.machine.load().memory
  const used = memory * share
  const cache = (memory - used) * 0.4
  const human = args.includes('-h')
  const cell = (bytes: number): string =>
    (human ? `${(bytes / GIBIBYTE).toFixed(1)}Gi` : String(Math.round(bytes / unit))).padStart(12)
  const available = memory - used
  return lines(
    `        ${['total', 'used', 'free', 'shared', 'buff/cache', 'available'].map((name) => name.padStart(12)).join('')}`,
    `Mem:    ${[memory, used, memory - used - cache, memory / 200, cache, available].map(cell).join('')}`,
    `Swap:   ${[GIBIBYTE, 0, GIBIBYTE].map(cell).join('')}`,
  )
}

const df: Command = ({ guest, args }) => {
  const human = args.includes('-h')
  const cell = (bytes: number): string =>
    (human ? `${(bytes / GIBIBYTE).toFixed(1)}G` : String(Math.round(bytes / KIBIBYTE))).padStart(
      11,
    )
  const { disks, memory } = guest.machine.facts()
  const rows = [
    { name: 'tmpfs', size: memory / 10, used: memory / 400, mount: '/run' },
    ...disks.map((disk, index) => ({
      ...disk,
      name: `/dev/${disk.name}${index === 0 ? '1' : ''}`,
      mount: index === 0 ? '/' : `/mnt/${disk.name}`,
    })),
  ]
  return lines(
    `Filesystem ${(human ? 'Size' : '1K-blocks').padStart(11)} ${'Used'.padStart(11)} ${(human ? 'Avail' : 'Available').padStart(11)} Use% Mounted on`,
    ...rows.map(
      ({ name, size, used, mount }) =>
        `${name.padEnd(10)} ${cell(size)} ${cell(used)} ${cell(size - used)} ${`${Math.round((used / Math.max(size, 1)) * 100)}%`.padStart(4)} ${mount}`,
    ),
  )
}

const ip: Command = ({ guest, args }) => {
  const object = args.find((arg) => !arg.startsWith('-')) ?? ''
  if (object === '' || !'address'.startsWith(object))
    return failed(`Usage: ip address\nObject "${object}" is unknown here, try "ip a".\n`, 255)
  const shown = [
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN',
    '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
    '    inet 127.0.0.1/8 scope host lo',
  ]
  for (const [index, each] of guest.machine.facts().interfaces.entries()) {
    shown.push(
      `${index + 2}: \x1b[36m${each.name}\x1b[0m: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state \x1b[32mUP\x1b[0m`,
      `    link/ether \x1b[33m${each.mac}\x1b[0m brd ff:ff:ff:ff:ff:ff`,
      ...each.ipv4.map(
        (address) => `    inet \x1b[35m${address}\x1b[0m/24 scope global ${each.name}`,
      ),
      ...each.ipv6.map((address) => `    inet6 \x1b[34m${address}\x1b[0m/64 scope global`),
    )
  }
  return lines(...shown)
}

const ls: Command = ({ shell, guest, args }) => {
  const options = args.filter((arg) => arg.startsWith('-')).join('')
  const path = args.find((arg) => !arg.startsWith('-')) ?? '.'
  const full = resolvePath(shell.directory, path)
  const { files } = guest
  if (!files.exists(full))
    return failed(`ls: cannot access '${path}': No such file or directory\n`, 2)
  const names = files.isDirectory(full) ? files.list(full) : [path]
  const shown = names.filter((name) => options.includes('a') || !name.startsWith('.'))
  const cells = shown.map((name) => {
    const file = files.isDirectory(full) ? resolvePath(full, name) : full
    const directory = files.isDirectory(file)
    const coloured = directory ? `\x1b[1;34m${name}\x1b[0m` : name
    if (!options.includes('l')) return coloured
    const size = String(directory ? 4096 : (files.read(file)?.length ?? 0)).padStart(7)
    return `${directory ? 'drwxr-xr-x' : '-rw-r--r--'} 1 root root ${size} ${coloured}`
  })
  if (options.includes('l') || options.includes('1')) return lines(...cells)
  return cells.length === 0 ? { output: '' } : lines(cells.join('  '))
}

const cd: Command = ({ shell, guest, args }) => {
  const home = shell.variables.get('HOME') ?? '/root'
  const path = args[0] ?? home
  const full = resolvePath(shell.directory, path.replace(/^~(?=\/|$)/, home))
  if (!guest.files.exists(full)) return failed(`-bash: cd: ${path}: No such file or directory\n`)
  if (!guest.files.isDirectory(full)) return failed(`-bash: cd: ${path}: Not a directory\n`)
  shell.directory = full
  return { output: '' }
}

const grep: Command = (context) => {
  const [needle = '', ...paths] = context.args.filter((arg) => !arg.startsWith('-'))
  const blind = context.args.includes('-i')
  const wanted = blind ? needle.toLowerCase() : needle
  const result = onFiles('grep', paths, context, (text) =>
    joinLines(
      splitLines(text).filter((line) => (blind ? line.toLowerCase() : line).includes(wanted)),
    ),
  )
  return { ...result, status: result.output === '' ? 1 : 0 }
}

function slice(name: 'head' | 'tail'): Command {
  return (context) => {
    const option = context.args.indexOf('-n')
    const given = option >= 0 ? context.args[option + 1] : context.args[0]?.match(/^-(\d+)$/)?.[1]
    const count = Math.max(0, Number.parseInt(given ?? '10', 10) || 0)
    const paths = context.args.filter((arg, index) => {
      return !arg.startsWith('-') && (option < 0 || index !== option + 1)
    })
    return onFiles(name, paths, context, (text) => {
      const all = splitLines(text)
      return joinLines(
        name === 'head' ? all.slice(0, count) : all.slice(Math.max(0, all.length - count)),
      )
    })
  }
}

const stty: Command = ({ tty, args }) => {
  if (args[0] === 'size') return lines(`${tty.rows} ${tty.columns}`)
  let { rows, columns } = tty
  for (let index = 0; index + 1 < args.length; index += 2) {
    const value = Number(args[index + 1])
    if (!Number.isInteger(value) || value < 1)
      return failed(`stty: invalid integer argument: '${args[index + 1]}'\n`)
    if (args[index] === 'rows') rows = value
    else if (args[index] === 'cols' || args[index] === 'columns') columns = value
    else return failed(`stty: invalid argument '${args[index]}'\n`)
  }
  tty.resize(columns, rows)
  return args.length === 0
    ? lines(`speed 38400 baud; rows ${rows}; columns ${columns};`)
    : { output: '' }
}

function stop(kind: 'poweroff' | 'reboot'): Command {
  return ({ tty, guest, args }) => {
    const reboot = kind === 'reboot' || args.includes('-r')
    tty.shutDown(
      `\r\nBroadcast message from ${tty.user} on ${tty.name}:\r\nThe system will ${reboot ? 'reboot' : 'power off'} now!\r\n\r\n[\x1b[32m  OK  \x1b[0m] Reached target \x1b[1m${reboot ? 'reboot' : 'poweroff'}.target\x1b[0m.\r\n`,
      () => (reboot ? guest.machine.reboot() : guest.machine.powerOff()),
    )
    return { output: '' }
  }
}

function uname({ guest, args }: CommandContext): CommandResult {
  const { hostname, system } = guest.machine.facts()
  const all = `Linux ${hostname} ${system.kernel} #1 SMP PREEMPT_DYNAMIC x86_64 GNU/Linux`
  if (args[0] === '-a') return lines(all)
  return lines(args[0] === '-r' ? system.kernel : args[0] === '-n' ? hostname : 'Linux')
}

export const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['help', ({ shell }) => lines('Commands:', `  ${shell.commandNames().join(' ')}`)],
  ['uptime', ({ guest }) => lines(uptimeText(guest))],
  ['hostname', ({ guest }) => lines(guest.machine.facts().hostname)],
  ['uname', uname],
  ['free', free],
  ['df', df],
  ['ip', ip],
  ['ls', ls],
  ['ll', (context) => ls({ ...context, args: ['-l', ...context.args] })],
  ['cd', cd],
  ['pwd', ({ shell }) => lines(shell.directory)],
  ['cat', (context) => onFiles('cat', context.args, context, (text) => text)],
  ['grep', grep],
  ['head', slice('head')],
  ['tail', slice('tail')],
  [
    'wc',
    (context) =>
      onFiles(
        'wc',
        context.args.filter((arg) => !arg.startsWith('-')),
        context,
        (text) => {
          const words = text.split(/\s+/).filter((word) => word !== '').length
          const count = splitLines(text).length
          return context.args.includes('-l') ? `${count}\n` : `${count} ${words} ${text.length}\n`
        },
      ),
  ],
  [
    'echo',
    ({ args }) => (args[0] === '-n' ? { output: args.slice(1).join(' ') } : lines(args.join(' '))),
  ],
  [
    'mkdir',
    ({ shell, guest, args }) => {
      const problem = guest.files.makeDirectory(resolvePath(shell.directory, args[0] ?? ''))
      return problem === undefined
        ? { output: '' }
        : failed(`mkdir: cannot create directory '${args[0] ?? ''}': ${problem}\n`)
    },
  ],
  [
    'touch',
    ({ shell, guest, args }) => {
      const path = resolvePath(shell.directory, args[0] ?? '')
      const problem = guest.files.exists(path) ? undefined : guest.files.write(path, '')
      return problem === undefined
        ? { output: '' }
        : failed(`touch: cannot touch '${args[0] ?? ''}': ${problem}\n`)
    },
  ],
  [
    'rm',
    ({ shell, guest, args }) => {
      const path = args.find((arg) => !arg.startsWith('-')) ?? ''
      const problem = guest.files.remove(resolvePath(shell.directory, path))
      return problem === undefined
        ? { output: '' }
        : failed(`rm: cannot remove '${path}': ${problem}\n`)
    },
  ],
  ['date', ({ guest }) => lines(new Date(guest.machine.now()).toUTCString().replace('GMT', 'UTC'))],
  ['whoami', ({ tty }) => lines(tty.user)],
  [
    'id',
    ({ tty }) =>
      lines(
        tty.user === 'root'
          ? 'uid=0(root) gid=0(root)'
          : `uid=1000(${tty.user}) gid=1000(${tty.user})`,
      ),
  ],
  ['tty', ({ tty }) => lines(`/dev/${tty.name}`)],
  ['nproc', ({ guest }) => lines(String(guest.machine.facts().vcpus))],
  ['env', ({ shell }) => lines(...[...shell.variables].map(([name, value]) => `${name}=${value}`))],
  [
    'history',
    ({ tty }) =>
      lines(...tty.history.map((line, index) => `${String(index + 1).padStart(5)}  ${line}`)),
  ],
  ['dmesg', ({ guest }) => lines(...kernelLines(guest.machine.facts()).map(stamped))],
  ['ps', ({ guest }) => lines(...processes(guest))],
  [
    'top',
    ({ tty, guest }) => {
      tty.run(topProgram(tty, guest))
      return { output: '' }
    },
  ],
  ['clear', () => ({ output: '\x1b[H\x1b[2J' })],
  ['stty', stty],
  [
    'resize',
    ({ tty }) => {
      tty.askSize()
      return { output: '' }
    },
  ],
  ['poweroff', stop('poweroff')],
  ['halt', stop('poweroff')],
  ['shutdown', stop('poweroff')],
  ['reboot', stop('reboot')],
  [
    'exit',
    ({ tty }) => {
      tty.logOut()
      return { output: '' }
    },
  ],
  [
    'logout',
    ({ tty }) => {
      tty.logOut()
      return { output: '' }
    },
  ],
  ['true', () => ({ output: '' })],
  ['false', () => ({ output: '', status: 1 })],
])
