/** Which operating system a guest shows, told from what its VM's records say. */
import type { GuestSystem } from './facts.ts'

const KERNELS: readonly (readonly [match: RegExp, distribution: string, kernel: string])[] = [
  [/debian.*13|trixie/i, 'debian', '6.12.48+deb13-amd64'],
  [/debian.*12|bookworm/i, 'debian', '6.1.0-40-amd64'],
  [/debian/i, 'debian', '5.10.0-36-amd64'],
  [/ubuntu.*24/i, 'ubuntu', '6.8.0-85-generic'],
  [/ubuntu.*22/i, 'ubuntu', '5.15.0-157-generic'],
  [/ubuntu/i, 'ubuntu', '5.4.0-216-generic'],
  [/alma|rocky|oracle|centos|red ?hat|rhel/i, 'rhel', '5.14.0-570.49.1.el9_6.x86_64'],
  [/suse|sles/i, 'sles', '6.4.0-150600.23.73-default'],
  [/alpine/i, 'alpine', '6.12.51-0-lts'],
  [/freebsd/i, 'freebsd', '14.3-RELEASE'],
]

/**
 * @param names what is known, best first: the name the guest tools report, the template's label,
 * the VM's name. Without any hint it is a Linux.
 * @param uname the kernel the guest tools report
 */
export function guestSystem(names: readonly string[], uname = ''): GuestSystem {
  const known = names.find((name) => /windows|\bwin(dows)?[-_ ]?\d|\bw2k/i.test(name))
  const first = names.find((name) => name !== '') ?? ''
  if (known !== undefined) {
    const name = known.split('|')[0] ?? known
    return { family: 'windows', name, distribution: 'windows', kernel: '10.0' }
  }
  for (const name of names)
    for (const [match, distribution, kernel] of KERNELS)
      if (match.test(name)) {
        const clean = (name.split('|')[0] ?? name).replace(/\s*\(.*\)$/, '')
        return { family: 'linux', name: clean, distribution, kernel: uname || kernel }
      }
  const reported = names[0] ?? ''
  return {
    family: 'linux',
    name: reported === '' ? 'Linux' : first,
    distribution: 'linux',
    kernel: uname || '6.12.48',
  }
}

/** A host name from a VM's name: `DB 1 (old)` becomes `db-1-old`. */
export function hostnameOf(label: string): string {
  const name = label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 32)
  return name === '' ? 'localhost' : name
}
