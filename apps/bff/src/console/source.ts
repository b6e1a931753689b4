import { setTimeout as sleep } from 'node:timers/promises'
import type { Duplex } from 'node:stream'
import { closeCodes, type CloseCode, type ConsoleProtocol } from '@xendeck/contract'
import {
  CertificateError,
  ConsoleRefusedError,
  openConsole,
  TransportError,
  XenApiError,
  type XenConnection,
} from '@xendeck/xenapi'
import { isRef, type RecordStore } from '../inventory/view.ts'

/** How long a console may take to appear, in milliseconds: a VM that starts has it after its devices. */
const APPEARANCE = 10_000
const RETRY = 500

/** Why a console ends, for the client and the audit. */
export class ConsoleEnd extends Error {
  override readonly name = 'ConsoleEnd'
  readonly code: CloseCode

  constructor(code: CloseCode, reason: string) {
    super(reason)
    this.code = code
  }
}

/** A console of a VM, as its record has it now. */
export interface ConsolePlace {
  /** XenAPI ref of the `console` record: another one after a restart or migration (PROTOCOL 9.6). */
  readonly ref: string
  readonly location: string
}

export interface OpenedConsole extends ConsolePlace {
  readonly stream: Duplex
  /** XenAPI ref of the host that the VM ran on then. */
  readonly host: string | undefined
}

/** Where the VM offers `protocol` now; undefined while it does not. */
export function placeOf(
  connection: { readonly store: RecordStore },
  vmRef: string,
  protocol: ConsoleProtocol,
): ConsolePlace | undefined {
  for (const ref of connection.store.get('VM', vmRef)?.consoles ?? []) {
    const record = connection.store.get('console', ref)
    if (record?.protocol === protocol && record.location !== '')
      return { ref, location: record.location }
  }
  return undefined
}

/** Operations that lead to a console: while one runs, a VM without one is waited for. */
const leadsToConsole = new Set([
  'start',
  'start_on',
  'resume',
  'resume_on',
  'clean_reboot',
  'hard_reboot',
  'unpause',
])

/** The VM cannot have a console now and is not about to. */
function isDown(connection: XenConnection, vmRef: string): boolean {
  const vm = connection.store.get('VM', vmRef)
  if (!vm) return true
  if (vm.power_state === 'Running') return false
  return !Object.values(vm.current_operations).some((operation) => leadsToConsole.has(operation))
}

/**
 * Opens the VM's console; one that is about to appear is waited for.
 * @throws ConsoleEnd
 */
export async function openVmConsole(
  connection: XenConnection,
  vmRef: string,
  protocol: ConsoleProtocol,
  signal: AbortSignal,
  patience = APPEARANCE,
): Promise<OpenedConsole> {
  const until = performance.now() + patience
  let last = new ConsoleEnd(closeCodes.CONSOLE_LOST, `the VM offers no ${protocol} console`)
  for (;;) {
    if (isDown(connection, vmRef))
      throw new ConsoleEnd(closeCodes.VM_STOPPED, 'the VM does not run')
    const place = placeOf(connection, vmRef, protocol)
    if (place) {
      try {
        const host = connection.store.get('VM', vmRef)?.resident_on
        return { ...place, host, stream: await openConsole(connection, place.location, { signal }) }
      } catch (error) {
        last = endOf(error)
        if (last.code !== closeCodes.CONSOLE_LOST) throw last
      }
    }
    if (performance.now() > until) throw last
    await sleep(RETRY, undefined, { signal })
  }
}

/** What the VM's records say against a console that is open; undefined while they agree with it. */
export function endFromState(
  connection: { readonly store: RecordStore },
  vmRef: string,
  protocol: ConsoleProtocol,
  opened: Pick<OpenedConsole, 'location' | 'host'>,
): ConsoleEnd | undefined {
  const vm = connection.store.get('VM', vmRef)
  if (vm?.power_state === 'Suspended')
    return new ConsoleEnd(closeCodes.VM_STOPPED, 'the VM was suspended')
  if (!vm || vm.power_state === 'Halted')
    return new ConsoleEnd(closeCodes.VM_STOPPED, 'the VM has stopped')
  const place = placeOf(connection, vmRef, protocol)
  const isReplaced = place !== undefined && place.location !== opened.location
  if (isReplaced && serverOf(place.location) === serverOf(opened.location)) {
    return new ConsoleEnd(closeCodes.VM_STOPPED, 'the VM was restarted')
  }
  const isElsewhere = isRef(vm.resident_on) && isRef(opened.host) && vm.resident_on !== opened.host
  return isReplaced || isElsewhere
    ? new ConsoleEnd(closeCodes.VM_MIGRATED, 'the VM has moved')
    : undefined
}

function serverOf(location: string): string {
  return URL.canParse(location) ? new URL(location).host : location
}

/** What a failed attempt says (statuses: PROTOCOL 9.6). */
export function endOf(error: unknown): ConsoleEnd {
  if (error instanceof ConsoleEnd) return error
  if (error instanceof ConsoleRefusedError) {
    if (error.status === 401)
      return new ConsoleEnd(closeCodes.POOL_SESSION_LOST, 'the pool ended the session')
    if (error.status === 403) {
      return new ConsoleEnd(closeCodes.FORBIDDEN, 'the pool’s account may not open this console')
    }
    if (error.status === 503)
      return new ConsoleEnd(closeCodes.LIMIT_REACHED, 'the pool’s limit of consoles')
    // 404 no port yet, 500 not running on that host (any more): a moment later it may be.
    return new ConsoleEnd(closeCodes.CONSOLE_LOST, `the host refused the console (${error.status})`)
  }
  if (error instanceof XenApiError) {
    return error.code === 'SESSION_INVALID'
      ? new ConsoleEnd(closeCodes.POOL_SESSION_LOST, 'the pool ended the session')
      : new ConsoleEnd(closeCodes.CONSOLE_LOST, `the pool refused the console (${error.code})`)
  }
  if (error instanceof TransportError || error instanceof CertificateError) {
    return new ConsoleEnd(closeCodes.POOL_UNREACHABLE, 'the host cannot be reached')
  }
  return new ConsoleEnd(closeCodes.CONSOLE_LOST, 'the console failed')
}
