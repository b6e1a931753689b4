/** The processes of a guest, made from its load: `ps` and `top`. */
import type { Guest } from './guest.ts'
import type { Program, Tty } from './tty.ts'
import { uptimeText } from './uptime.ts'

interface Process {
  readonly id: number
  readonly user: string
  readonly command: string
  /** Part of the guest's CPU and memory use that is this process's. */
  readonly share: number
}

const SERVICES: readonly (readonly [match: RegExp, user: string, command: string])[] = [
  [/db|sql|postgres/i, 'postgres', 'postgres: checkpointer'],
  [/web|www|nginx/i, 'www-data', 'nginx: worker process'],
  [/mail|mx/i, 'postfix', 'qmgr -l -t unix -u'],
  [/git|build|ci/i, 'git', 'gitaly serve /etc/gitaly.toml'],
  [/cache|redis/i, 'redis', 'redis-server 127.0.0.1:6379'],
  [/mon|grafana|prom/i, 'prometheus', 'prometheus --storage.tsdb'],
]

function processList(guest: Guest): Process[] {
  const { label, system } = guest.machine.facts()
  const service = SERVICES.find(([match]) => match.test(label))
  const main: Process[] =
    system.family === 'dom0'
      ? [
          { id: 1711, user: 'root', command: '/opt/xensource/bin/xapi -daemon', share: 0.5 },
          { id: 2210, user: 'root', command: 'tapdisk', share: 0.3 },
          { id: 1388, user: 'root', command: 'oxenstored', share: 0.1 },
        ]
      : [
          {
            id: 812,
            user: service?.[1] ?? 'app',
            command: service?.[2] ?? 'app --serve',
            share: 0.8,
          },
        ]
  return [
    { id: 1, user: 'root', command: '/sbin/init', share: 0.02 },
    { id: 2, user: 'root', command: '[kthreadd]', share: 0 },
    { id: 214, user: 'root', command: '/lib/systemd/systemd-journald', share: 0.03 },
    { id: 402, user: 'root', command: '/usr/sbin/cron -f', share: 0.01 },
    { id: 460, user: 'root', command: 'sshd: /usr/sbin/sshd -D', share: 0.01 },
    ...main,
    { id: 990, user: 'root', command: '-bash', share: 0.01 },
  ]
}

export function processes(guest: Guest): string[] {
  const { cpu, memory } = guest.machine.load()
  return [
    'USER          PID %CPU %MEM COMMAND',
    ...processList(guest).map(
      ({ id, user, command, share }) =>
        `${user.padEnd(10)} ${String(id).padStart(6)} ${(cpu * share * 100).toFixed(1).padStart(4)} ${(memory * share * 100).toFixed(1).padStart(4)} ${command}`,
    ),
  ]
}

/** `top`: drawn every two seconds until q. */
export function topProgram(tty: Tty, guest: Guest): Program {
  return {
    interval: 2000,
    key: (key) => !(key.kind === 'text' && key.text === 'q'),
    draw() {
      const { memory } = guest.machine.facts()
      const load = guest.machine.load()
      const mebibytes = memory / 2 ** 20
      const used = (load.memory * mebibytes).toFixed(1)
      const user = (load.cpu * 80).toFixed(1)
      const system = (load.cpu * 20).toFixed(1)
      const idle = ((1 - load.cpu) * 100).toFixed(1)
      const [title = '', ...rows] = processes(guest)
      const list = rows.toSorted((a, b) => Number(b.slice(18, 22)) - Number(a.slice(18, 22)))
      const shown = [
        `top -${uptimeText(guest)}`,
        `Tasks: ${list.length + 80} total,   1 running, ${list.length + 79} sleeping`,
        `%Cpu(s): ${user.padStart(5)} us, ${system.padStart(5)} sy, ${idle.padStart(5)} id`,
        `MiB Mem : ${mebibytes.toFixed(1)} total, ${used} used`,
        '',
        `\x1b[7m${title.padEnd(tty.columns - 1)}\x1b[0m`,
        ...list,
        '',
        'q quits',
      ]
      return `\x1b[H${shown
        .slice(0, tty.rows)
        .map((line) => (line.startsWith('\x1b') ? line : line.slice(0, tty.columns - 1)))
        .join('\x1b[K\r\n')}\x1b[K\x1b[J`
    },
  }
}
