import type { ConsoleProtocol, Vm } from '@xendeck/contract'

/** Why a VM has no console to connect to now. What follows brings it back, and the console then connects by itself. */
export type Unavailable =
  | 'halted'
  | 'suspended'
  | 'paused'
  | 'starting'
  | 'resuming'
  | 'restarting'
  | 'migrating'
  /** It runs, but its `console` records do not offer this protocol. */
  | 'notOffered'

/** XenAPI `vm_operations` that are about to bring a console. */
const inBetween: Record<string, Unavailable> = {
  start: 'starting',
  start_on: 'starting',
  resume: 'resuming',
  resume_on: 'resuming',
  clean_reboot: 'restarting',
  hard_reboot: 'restarting',
  pool_migrate: 'migrating',
  migrate_send: 'migrating',
}

type Facts = Pick<Vm, 'powerState' | 'consoles' | 'current'>

/**
 * null: a console of this protocol can be opened now. xapi refuses one unless the VM runs (PROTOCOL 9.6), and only
 * the VM's `console` records say which protocols it has.
 */
export function unavailable(vm: Facts, protocol: ConsoleProtocol): Unavailable | null {
  if (vm.powerState === 'running' && vm.consoles.includes(protocol)) return null
  for (const { operation } of vm.current) {
    const reason = inBetween[operation]
    if (reason) return reason
  }
  if (vm.powerState === 'running') return 'notOffered'
  return vm.powerState
}

/** The protocol to show: the remembered one where the VM offers it, else graphical before text. */
export function chooseProtocol(
  offered: readonly ConsoleProtocol[],
  remembered: ConsoleProtocol | null,
): ConsoleProtocol {
  // With nothing offered (halted), stay with what was chosen: it will be offered again.
  if (remembered && (offered.length === 0 || offered.includes(remembered))) return remembered
  return offered.length === 0 || offered.includes('rfb') ? 'rfb' : 'vt100'
}
