import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { ConnectionState } from '@xendeck/contract'

/** A pool's connection in one word, for the tree and the lists. */
export const connectionWords: Record<ConnectionState, MessageDescriptor> = {
  connecting: msg`connecting`,
  connected: msg`connected`,
  reconnecting: msg`reconnecting`,
  failed: msg`unreachable`,
  disconnected: msg`disconnected`,
}
