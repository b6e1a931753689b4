/**
 * MAC addresses made from a VM's `mac_seed` (PROTOCOL section 5.8), so that a client can know them
 * before the VIF exists and a snapshot's clone keeps them apart from the original's.
 */
import { createHash } from 'node:crypto'

function md5(data: Buffer): Buffer {
  return createHash('md5').update(data).digest()
}

/** The address of device number `device` under `seed`: lower case, colons, locally administered. */
export function macFromSeed(seed: string, device: number): string {
  let first: Buffer = Buffer.from(seed, 'utf8')
  for (let round = 0; round < 2 * device + 1; round++) first = md5(first)
  const second = md5(first)
  const bytes = [...first.subarray(0, 4), ...second.subarray(1, 3)]
  // Unicast, locally administered.
  bytes[0] = ((bytes[0] ?? 0) | 0x02) & ~0x01
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')
}

export function isValidMac(mac: string): boolean {
  return /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(mac)
}
