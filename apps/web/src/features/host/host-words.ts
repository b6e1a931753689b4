import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { HostState } from '@xendeck/contract'
import type { StateShape } from '@xendeck/ui'

export const hostStates: Record<HostState, { label: MessageDescriptor; shape: StateShape }> = {
  running: { label: msg`Running`, shape: 'running' },
  maintenance: { label: msg`In maintenance`, shape: 'paused' },
  unreachable: { label: msg`Unreachable`, shape: 'failed' },
}
