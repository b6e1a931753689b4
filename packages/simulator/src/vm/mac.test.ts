import { expect, test } from 'vitest'
import { isValidMac, macFromSeed } from './mac.ts'

test('a MAC follows from seed and device as in xapi', () => {
  // Recordings 151, 156 and 200: device 0 of the VM with this seed.
  expect(macFromSeed('57cf7ffe-84c1-87c6-7ac1-eb9384676161', 0)).toBe('66:76:c5:f9:b8:9a')
})

test('other devices and seeds have other addresses, all unicast and locally administered', () => {
  const seeds = ['a', 'b', '57cf7ffe-84c1-87c6-7ac1-eb9384676161']
  const macs = seeds.flatMap((seed) => [0, 1, 2, 7].map((device) => macFromSeed(seed, device)))
  expect(new Set(macs).size).toBe(macs.length)
  for (const mac of macs) expect(Number.parseInt(mac.slice(0, 2), 16) & 3).toBe(2)
})

test.each([
  ['00:16:3e:aa:BB:01', true],
  ['zz:zz', false],
  ['', false],
  ['00163eaabb01', false],
  ['00:16:3e:aa:bb:01:02', false],
])('%s is a MAC: %s', (mac, valid) => {
  expect(isValidMac(mac)).toBe(valid)
})
