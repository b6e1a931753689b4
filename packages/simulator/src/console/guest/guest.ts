/**
 * The operating system of one VM between two boots: its files, its users' shells and its terminals.
 * It belongs to the VM, not to a connection: whoever looks sees the same.
 */
import type { GuestMachine } from './facts.ts'
import { Files } from './files.ts'
import { Tty } from './tty.ts'

const DIRECTORIES = ['/bin', '/boot', '/dev', '/home', '/mnt', '/opt', '/proc', '/root', '/run']
const MORE_DIRECTORIES = ['/sbin', '/srv', '/sys', '/tmp', '/usr/bin', '/usr/share', '/var/log']

function filesOf(machine: GuestMachine): Files {
  const { hostname, system, vcpus, memory, cpuModel } = machine.facts()
  const processors = Array.from(
    { length: vcpus },
    (_, index) => `processor\t: ${index}\nmodel name\t: ${cpuModel}\ncpu MHz\t\t: 2400.000\n\n`,
  )
  return new Files(
    {
      '/etc/hostname': `${hostname}\n`,
      '/etc/hosts': `127.0.0.1\tlocalhost\n127.0.1.1\t${hostname}\n`,
      '/etc/os-release': `PRETTY_NAME="${system.name}"\nID=${system.distribution}\n`,
      '/etc/issue': `${system.name} \\n \\l\n`,
      '/etc/fstab': '/dev/xvda1\t/\text4\terrors=remount-ro\t0\t1\n',
      '/etc/passwd':
        'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/usr/sbin:/usr/sbin/nologin\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n',
      '/etc/resolv.conf': 'nameserver 10.20.0.2\n',
      '/proc/cpuinfo': processors.slice(0, 64).join(''),
      '/proc/meminfo': `MemTotal:       ${Math.round(memory / 1024)} kB\n`,
      '/root/.bashrc': 'alias ll="ls -l"\n',
      '/root/README': 'This guest is simulated. Type "help" for the commands it knows.\n',
      '/var/log/syslog': 'systemd[1]: Startup finished.\n',
    },
    [...DIRECTORIES, ...MORE_DIRECTORIES],
  )
}

export class Guest {
  readonly machine: GuestMachine
  readonly files: Files
  readonly #terminals = new Map<string, Tty>()

  /** @param secondsPerBootSecond how long a simulated second of the boot lasts; 0: no waiting */
  readonly bootScale: number

  constructor(machine: GuestMachine, bootScale: number, files?: Files) {
    this.machine = machine
    this.bootScale = bootScale
    this.files = files ?? filesOf(machine)
  }

  /** The terminal of that name (`tty1`, `ttyS0`), made when first looked at. */
  terminal(name: string, columns: number, rows: number): Tty {
    let terminal = this.#terminals.get(name)
    if (terminal === undefined) {
      terminal = new Tty(this, name, columns, rows)
      this.#terminals.set(name, terminal)
    }
    return terminal
  }

  /** The machine stops: nothing runs any more. */
  stop(): void {
    for (const terminal of this.#terminals.values()) terminal.stop()
    this.#terminals.clear()
  }
}
