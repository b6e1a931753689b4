import { useLingui } from '@lingui/react/macro'
import type { Storage } from '@xendeck/contract'
import { State } from '@xendeck/ui'
import { useResource } from '../../api/live.ts'
import { storageType } from './storage-words.ts'

export function StorageType({ storage }: { storage: Storage }) {
  const { i18n } = useLingui()
  const type = storageType(storage.type)
  return <span title={storage.type}>{typeof type === 'string' ? type : i18n._(type)}</span>
}

/** Whether every host that knows it has it: half a shared storage is what breaks migrations. */
export function AttachedState({ storage }: { storage: Storage }) {
  const { t } = useLingui()
  const [only] = storage.hosts
  const host = useResource('host', storage.hosts.length === 1 ? only?.hostId : null)
  const all = storage.hosts.length
  const attached = storage.hosts.filter((attachment) => attachment.attached).length
  if (all === 0) return <State shape="unknown">{t`No host`}</State>
  if (attached === 0) return <State shape="failed">{t`Detached`}</State>
  if (attached < all) return <State shape="attention">{t`${attached} of ${all} hosts`}</State>
  return <State shape="ok">{all === 1 ? (host?.name ?? t`Attached`) : t`All ${all} hosts`}</State>
}
