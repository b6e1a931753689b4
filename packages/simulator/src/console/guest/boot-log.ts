/** What a guest prints while it starts: text and when, in seconds after the start. */
import type { GuestFacts } from './facts.ts'

export interface BootLine {
  /** Seconds after the start of the boot. */
  readonly at: number
  readonly text: string
}

/** The boot takes this many simulated seconds until the log-in prompt. */
export const BOOT_SECONDS = 4
/** Before this the firmware and the boot loader are on the screen (seconds). */
export const FIRMWARE_SECONDS = 1

const MEBIBYTE = 2 ** 20

/** Firmware and boot loader, as they stand on the screen one after the other. */
export function firmwareLines(facts: GuestFacts): BootLine[] {
  const disk = facts.disks[0]?.name ?? 'xvda'
  if (facts.system.family === 'dom0') return [{ at: 0, text: 'Xen hypervisor starting\r\n' }]
  return [
    { at: 0, text: 'SeaBIOS (version 1.16.3)\r\n' },
    { at: 0.15, text: `Machine UUID ${facts.uuid}\r\n\r\n` },
    { at: 0.3, text: 'iPXE (http://ipxe.org) 00:04.0 PCI2.10 PnP PMM\r\n\r\n' },
    { at: 0.4, text: `Booting from Hard Disk (${disk})...\r\n` },
    { at: 0.55, text: '\x1b[H\x1b[2JGNU GRUB  version 2.12\r\n\r\n' },
    { at: 0.6, text: `  \x1b[7m*${facts.system.name.padEnd(60)}\x1b[0m\r\n` },
    { at: 0.6, text: `   Advanced options for ${facts.system.name}\r\n\r\n` },
    { at: 0.75, text: `Loading Linux ${facts.system.kernel} ...\r\n` },
    { at: 0.85, text: 'Loading initial ramdisk ...\r\n' },
  ]
}

/** What the kernel says, also shown by dmesg; seconds are those since the kernel started. */
export function kernelLines(facts: GuestFacts): { at: number; text: string }[] {
  const megabytes = Math.round(facts.memory / MEBIBYTE)
  const lines = [
    `Linux version ${facts.system.kernel} (gcc 14.2.0) #1 SMP PREEMPT_DYNAMIC`,
    'Command line: root=/dev/xvda1 ro console=tty0 console=hvc0',
    'Hypervisor detected: Xen HVM',
    'Xen version 4.17.',
    'Xen Platform PCI: I/O protocol version 1',
    `tsc: Detected 2400.000 MHz processor`,
    `Memory: ${megabytes * 1024 - 51_200}K/${megabytes * 1024}K available`,
    `smp: Brought up 1 node, ${facts.vcpus} CPU${facts.vcpus === 1 ? '' : 's'}`,
    'devtmpfs: initialized',
    'NET: Registered PF_NETLINK/PF_ROUTE protocol family',
    'xen:balloon: Initialising balloon driver',
    'Grant table initialized',
    'NET: Registered PF_INET protocol family',
    'Trying to unpack rootfs image as initramfs...',
    'xen_netfront: Initialising Xen virtual ethernet driver',
    ...facts.disks.map(
      (disk) => `blkfront: ${disk.name}: flush diskcache: enabled; persistent grants: enabled`,
    ),
    ...facts.disks.map(
      (disk) => `${disk.name}: ${Math.round(disk.size / MEBIBYTE)} MiB, 512-byte logical blocks`,
    ),
    ...facts.interfaces.map((each) => `${each.name}: xen_netfront, hardware address ${each.mac}`),
    'EXT4-fs (xvda1): mounted filesystem r/w with ordered data mode',
    'systemd[1]: Detected virtualization xen.',
    `systemd[1]: Hostname set to <${facts.hostname}>.`,
  ]
  return lines.map((text, index) => ({ at: (index * 1.4) / lines.length, text }))
}

const UNITS = [
  'Created slice system-getty.slice - Slice /system/getty',
  'Listening on systemd-journald.socket - Journal Sockets',
  'Mounted dev-hugepages.mount - Huge Pages File System',
  'Finished systemd-modules-load.service - Load Kernel Modules',
  'Finished systemd-udevd.service - Rule-based Manager for Device Events',
  'Started systemd-timesyncd.service - Network Time Synchronization',
  'Reached target sysinit.target - System Initialization',
  'Started dbus.service - D-Bus System Message Bus',
  'Finished networking.service - Raise network interfaces',
  'Reached target network.target - Network',
  'Started cron.service - Regular background program processing daemon',
  'Started ssh.service - OpenBSD Secure Shell server',
  'Started xe-daemon.service - Xen guest agent',
  'Started getty@tty1.service - Getty on tty1',
  'Reached target multi-user.target - Multi-User System',
]

/** A kernel message with its time stamp, as the console shows it. */
export function stamped(line: { at: number; text: string }): string {
  return `[${line.at.toFixed(6).padStart(12)}] ${line.text}`
}

export function bootLines(facts: GuestFacts): BootLine[] {
  const kernel = kernelLines(facts).map((line) => ({
    at: FIRMWARE_SECONDS + line.at,
    text: `${stamped(line)}\r\n`,
  }))
  const units = UNITS.map((unit, index) => ({
    at: 2.5 + (index * 1.4) / UNITS.length,
    text: `[\x1b[32m  OK  \x1b[0m] ${unit.replace(/^(\w+(?: \w+)?) (\S+\.\w+)/, '$1 \x1b[1m$2\x1b[0m')}.\r\n`,
  }))
  return [...kernel, ...units]
}
