/** A machine without a pool, for tests of guests. */
import type { GuestMachine } from './facts.ts'

export interface TestMachine extends GuestMachine {
  /** `poweroff` and `reboot` calls so far. */
  readonly calls: string[]
}

export function testMachine(overrides: Partial<GuestMachine> = {}): TestMachine {
  const calls: string[] = []
  return {
    calls,
    facts: () => ({
      uuid: '11111111-2222-3333-4444-555555555555',
      label: 'db-1',
      hostname: 'db-1',
      system: {
        family: 'linux',
        name: 'Debian GNU/Linux 13',
        distribution: 'debian',
        kernel: '6.12.48',
      },
      memory: 2 ** 31,
      vcpus: 2,
      cpuModel: 'Test CPU',
      interfaces: [{ name: 'enX0', mac: 'aa:bb:cc:dd:ee:ff', ipv4: ['10.1.2.3'], ipv6: [] }],
      disks: [{ name: 'xvda', size: 2 ** 34, used: 2 ** 32 }],
      bootedAt: 0,
    }),
    load: () => ({ cpu: 0.25, memory: 0.5, average: [0.5, 0.4, 0.3] }),
    isRunning: () => true,
    now: () => Date.UTC(2026, 10, 23),
    powerOff: () => calls.push('poweroff'),
    reboot: () => calls.push('reboot'),
    ...overrides,
  }
}
