import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useResource } from '../api/live.ts'
import { NOTHING } from '../lib/bytes.ts'

interface Props {
  id: string | null
  /** Shown where the object is not known, or gone. */
  fallback?: ReactNode
}

export const linkLook = 'rounded-sm text-accent-text hover:underline'

export function VmLink({ id, fallback = NOTHING }: Props) {
  const vm = useResource('vm', id)
  if (!vm) return <>{fallback}</>
  return (
    <Link to="/vms/$vmId" params={{ vmId: vm.id }} className={linkLook}>
      {vm.name}
    </Link>
  )
}

export function HostLink({ id, fallback = NOTHING }: Props) {
  const host = useResource('host', id)
  if (!host) return <>{fallback}</>
  return (
    <Link to="/hosts/$hostId" params={{ hostId: host.id }} className={linkLook}>
      {host.name}
    </Link>
  )
}

export function StorageLink({ id, fallback = NOTHING }: Props) {
  const storage = useResource('storage', id)
  if (!storage) return <>{fallback}</>
  return (
    <Link to="/storages/$storageId" params={{ storageId: storage.id }} className={linkLook}>
      {storage.name}
    </Link>
  )
}

export function NetworkLink({ id, fallback = NOTHING }: Props) {
  const network = useResource('network', id)
  if (!network) return <>{fallback}</>
  return (
    <Link to="/networks/$networkId" params={{ networkId: network.id }} className={linkLook}>
      {network.name}
    </Link>
  )
}

/** What drives and NICs belong to: a VM leads somewhere, a snapshot or template is only named. */
export function OwnerLink({ id }: { id: string | null }) {
  const snapshot = useResource('snapshot', id)
  const template = useResource('template', id)
  return <VmLink id={id} fallback={snapshot?.name ?? template?.name ?? NOTHING} />
}
