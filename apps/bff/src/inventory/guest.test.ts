import { expect, it } from 'vitest'
import { addressList, guestOs } from './guest.ts'

it.each([
  [{ '0/ip': '192.0.2.1' }, ['192.0.2.1']],
  // New agents say it twice.
  [{ '0/ip': '192.0.2.1', '0/ipv4/0': '192.0.2.1' }, ['192.0.2.1']],
  [
    { '0/ipv4/0': '192.0.2.1 192.0.2.2', '0/ipv4/1': '192.0.2.3\n192.0.2.4' },
    ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'],
  ],
  [
    { '10/ip': '192.0.2.10', '2/ip': '192.0.2.2', '0/ipv6/0': 'fe80::1' },
    ['192.0.2.2', '192.0.2.10', 'fe80::1'],
  ],
  [{ '0/ip': '', '0/ipv4/0': ' ', '0/mac': '02:00:00:00:00:01', junk: 'x' }, []],
  [undefined, []],
])('reads %j as %j', (networks, addresses) => {
  expect(addressList({ networks })).toEqual(addresses)
})

it('takes the name that Windows puts before its boot path', () => {
  const name = 'Microsoft Windows Server 2022 Standard|C:\\Windows|\\Device\\Harddisk0\\Partition2'
  expect(guestOs({ os_version: { name } })?.name).toBe('Microsoft Windows Server 2022 Standard')
  expect(guestOs({ os_version: {} })).toBeNull()
})
