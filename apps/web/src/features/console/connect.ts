import type { ConsoleProtocol, ConsoleTicket } from '@xendeck/contract'
import { ApiRequestError, request } from '../../api/client.ts'
import { live } from '../../api/live.ts'
import { socketUrl } from '../../lib/base.ts'
import type { ConsoleScreen } from './screen.ts'
import { ConsoleSession, type WaitReason } from './session.ts'

const reasonOfError: Record<string, WaitReason> = {
  NETWORK: 'network',
  BAD_GATEWAY: 'network',
  SHUTTING_DOWN: 'serverRestarting',
  SIGN_IN_REQUIRED: 'signedOut',
  FORBIDDEN: 'forbidden',
  // The page knows the VM, so it is the server that does not know it yet: it has just started.
  NOT_FOUND: 'notKnownYet',
  TOO_MANY_REQUESTS: 'limitReached',
  POOL_UNREACHABLE: 'poolUnreachable',
  POOL_DISCONNECTED: 'poolUnreachable',
}

/** Why there was no ticket. */
function reasonOf(error: unknown, vmId: string): WaitReason {
  if (!(error instanceof ApiRequestError)) return 'network'
  // Refused: the VM stopped between what the page knows and now.
  if (error.code === 'OPERATION_REFUSED') return 'vmStopped'
  const reason = reasonOfError[error.code] ?? 'consoleLost'
  const poolId = live.get('vm', vmId)?.poolId
  const pool = poolId === undefined ? undefined : live.get('pool', poolId)
  return reason === 'notKnownYet' && pool?.live === false ? 'poolUnreachable' : reason
}

/** A session for one console of a VM, with the real server at its other end. */
export function createConsoleSession(
  vmId: string,
  protocol: ConsoleProtocol,
  screen: ConsoleScreen,
): ConsoleSession<WebSocket> {
  return new ConsoleSession<WebSocket>({
    requestTicket: async (signal) => {
      const path = `vms/${encodeURIComponent(vmId)}/console-tickets`
      const { ticket } = await request<ConsoleTicket>('POST', path, { protocol }, signal)
      return ticket
    },
    openSocket: (ticket) => {
      const socket = new WebSocket(socketUrl(`console/${encodeURIComponent(ticket)}`), 'binary')
      socket.binaryType = 'arraybuffer'
      return socket
    },
    attach: (socket, events) => screen.attach(socket, events),
    classify: (error) => reasonOf(error, vmId),
    clock: {
      now: () => Date.now(),
      setTimeout: (run, milliseconds) => window.setTimeout(run, milliseconds),
      clearTimeout: (handle) => window.clearTimeout(handle),
    },
  })
}
