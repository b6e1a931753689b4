import { useLingui } from '@lingui/react/macro'
import type { Host } from '@xendeck/contract'
import { State } from '@xendeck/ui'
import { hostStates } from './host-words.ts'

export function HostStateLabel({ host }: { host: Host }) {
  const { i18n } = useLingui()
  const { label, shape } = hostStates[host.state]
  return <State shape={shape}>{i18n._(label)}</State>
}
