import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { ConnectionState } from '@xendeck/contract'
import type { StateShape } from '@xendeck/ui'

export const connectionStates: Record<
  ConnectionState,
  { label: MessageDescriptor; shape: StateShape }
> = {
  connecting: { label: msg`Connecting`, shape: 'moving' },
  connected: { label: msg`Connected`, shape: 'ok' },
  reconnecting: { label: msg`Reconnecting`, shape: 'attention' },
  failed: { label: msg`Failed`, shape: 'failed' },
  disconnected: { label: msg`Disconnected`, shape: 'halted' },
}
