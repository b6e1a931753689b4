/**
 * Device names of a VM's disks. `userdevice` may be a disk number or a Linux name; two names that
 * mean the same disk number clash (PROTOCOL section 5.8).
 */

/** Highest disk number a guest can have. */
const LAST_DISK = 254

const NAME = /^(xvd|hd|sd)([a-z]{1,2})(\d*)$/

function letters(text: string): number {
  let number = 0
  for (const letter of text) number = number * 26 + (letter.charCodeAt(0) - 96)
  return number - 1
}

/** The disk number a name stands for, undefined when it is no valid name. */
export function diskNumber(userdevice: string): number | undefined {
  if (/^\d+$/.test(userdevice)) {
    const number = Number(userdevice)
    return number <= LAST_DISK + 1 ? number : undefined
  }
  const named = NAME.exec(userdevice)
  return named?.[2] === undefined ? undefined : letters(named[2])
}

/** The name the guest sees: xvda, xvdb, … xvdaa. */
export function linuxDevice(disk: number): string {
  let name = ''
  for (let rest = disk; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    name = String.fromCharCode(97 + (rest % 26)) + name
  }
  return `xvd${name}`
}

export function isValidUserdevice(userdevice: string, type: string): boolean {
  if (userdevice === 'autodetect') return true
  if (type === 'Floppy') return /^fd[01]$/.test(userdevice)
  return diskNumber(userdevice) !== undefined
}

/** Numbers that no existing device name means, lowest first. */
export function freeDisks(usedNames: Iterable<string>): number[] {
  const used = new Set<number>()
  for (const name of usedNames) {
    const number = diskNumber(name)
    if (number !== undefined) used.add(number)
  }
  return Array.from({ length: LAST_DISK + 1 }, (_, disk) => disk).filter((disk) => !used.has(disk))
}
