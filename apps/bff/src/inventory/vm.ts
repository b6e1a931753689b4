import type { ConsoleProtocol, PowerState, Vm } from '@xendeck/contract'
import { bytes, compare, instant, operable } from './fields.ts'
import { addressList, guestOs, guestTools } from './guest.ts'
import { hardware } from './hardware.ts'
import type { Loose, View } from './view.ts'

const powerStates: Record<string, PowerState> = {
  Halted: 'halted',
  Paused: 'paused',
  Running: 'running',
  Suspended: 'suspended',
}

/** XenAPI `VM` that is neither template, snapshot nor control domain. */
export function projectVm(view: View, ref: string): Vm | undefined {
  const vm = view.get('VM', ref)
  const id = view.id('VM', ref)
  if (!vm || id === null) return undefined
  const powerState = powerStates[vm.power_state ?? 'Halted'] ?? 'halted'
  // Only these two have a domain: the other records tell of the past.
  const hasDomain = powerState === 'running' || powerState === 'paused'
  const metrics = view.get('VM_metrics', vm.metrics)
  const guest = view.get('VM_guest_metrics', vm.guest_metrics)
  return {
    id,
    poolId: view.poolId,
    name: vm.name_label ?? '',
    description: vm.name_description ?? '',
    ...operable(view, vm),
    ...hardware(view, vm),
    powerState,
    hostId: view.id('host', vm.resident_on),
    affinityHostId: view.id('host', vm.affinity),
    os: guestOs(guest),
    addresses: powerState === 'halted' ? [] : addressList(guest),
    tools: guestTools(powerState, guest),
    memoryActual: hasDomain ? bytes(metrics?.memory_actual) : null,
    startedAt: hasDomain ? instant(metrics?.start_time) : null,
    snapshotIds: snapshotIds(view, vm.snapshots),
    currentSnapshotId: view.id('VM', vm.parent),
    // A paused VM has console records, but hosts refuse to open them (PROTOCOL 9.6).
    consoles: powerState === 'running' ? consoles(view, vm) : [],
    autoPowerOn: vm.other_config?.['auto_poweron'] === 'true',
    haPriority: vm.ha_restart_priority ?? '',
    blockedOperations: { ...vm.blocked_operations },
  }
}

function snapshotIds(view: View, refs: readonly string[] | undefined): string[] {
  const found: { id: string; takenAt: string }[] = []
  for (const ref of refs ?? []) {
    const id = view.id('VM', ref)
    if (id !== null) found.push({ id, takenAt: instant(view.get('VM', ref)?.snapshot_time) ?? '' })
  }
  return found
    .toSorted((a, b) => compare(a.takenAt, b.takenAt) || compare(a.id, b.id))
    .map((one) => one.id)
}

/** The graphical one first, where there are both. A console without a location cannot be reached. */
function consoles(view: View, vm: Loose<'VM'>): ConsoleProtocol[] {
  const offered = new Set<string>()
  for (const ref of vm.consoles ?? []) {
    const console = view.get('console', ref)
    if (console?.protocol !== undefined && console.location) offered.add(console.protocol)
  }
  return (['rfb', 'vt100'] as const).filter((protocol) => offered.has(protocol))
}
