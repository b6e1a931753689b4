import type { Vm } from '@xendeck/contract'
import { comparePositions } from './fields.ts'
import type { Loose } from './view.ts'

/** `0/ip` (old agents), `0/ipv4/0`, `0/ipv6/1`: VM_guest_metrics.networks, PROTOCOL 5.3. */
const networkKey = /^(\d+)\/(ip|ipv4|ipv6)(?:\/(\d+))?$/

interface GuestAddress {
  /** VIF.device. */
  readonly device: string
  readonly version: 4 | 6
  readonly index: number
  readonly address: string
}

/** Agents put several addresses into one value, between spaces, commas or line ends, and leave empty ones behind. */
export function guestAddresses(
  networks: Readonly<Record<string, string>> | undefined,
): GuestAddress[] {
  const found: GuestAddress[] = []
  for (const [key, value] of Object.entries(networks ?? {})) {
    const match = networkKey.exec(key)
    if (!match) continue
    const [, device = '', , index = '0'] = match
    for (const address of value.split(/[\s,]+/)) {
      if (address === '') continue
      found.push({ device, version: address.includes(':') ? 6 : 4, index: Number(index), address })
    }
  }
  return found.toSorted(
    (a, b) => a.version - b.version || comparePositions(a.device, b.device) || a.index - b.index,
  )
}

/** All of them, IPv4 first, the first NIC's first; of one NIC where `device` is given. */
export function addressList(
  metrics: Loose<'VM_guest_metrics'> | undefined,
  device?: string,
): string[] {
  const all = guestAddresses(metrics?.networks)
  const some = device === undefined ? all : all.filter((one) => one.device === device)
  return [...new Set(some.map((one) => one.address))]
}

/** Windows agents add boot paths behind bars: `Windows Server 2022 Standard|C:\Windows|\Device\…`. */
export function guestOs(metrics: Loose<'VM_guest_metrics'> | undefined): Vm['os'] {
  const version = metrics?.os_version
  if (!version) return null
  const name = version['name']?.split('|')[0]?.trim() ?? ''
  const distro = version['distro'] ?? ''
  const kernel = version['uname'] ?? ''
  return name === '' && distro === '' && kernel === '' ? null : { name, distro, kernel }
}

/**
 * Tools are there where PV drivers were detected or an agent has told its version; PV_drivers_detected came with
 * XenServer 7.0, before it only the version says so. Outdated where the pool says that they are not up to date.
 */
export function guestTools(
  powerState: Vm['powerState'],
  metrics: Loose<'VM_guest_metrics'> | undefined,
): Vm['tools'] {
  if (powerState === 'halted') return { state: 'unknown', version: null }
  const { major, minor, micro, build } = metrics?.PV_drivers_version ?? {}
  const numbers = [major, minor, micro].filter(
    (part) => part !== undefined && part !== '' && part !== '-1',
  )
  const version =
    numbers.length === 0
      ? null
      : numbers.join('.') + (build === undefined || build === '' ? '' : `-${build}`)
  if (metrics?.PV_drivers_detected !== true && version === null) {
    return { state: powerState === 'suspended' ? 'unknown' : 'absent', version: null }
  }
  return { state: metrics?.PV_drivers_up_to_date === false ? 'outdated' : 'running', version }
}
