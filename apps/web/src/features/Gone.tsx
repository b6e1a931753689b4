import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { EmptyState } from '@xendeck/ui'
import { useState, type ReactNode } from 'react'
import { usePendingConnections } from '../api/live.ts'
import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'
import { linkLook } from './links.tsx'

/** Remembers the name of something that may be deleted while its page is open. */
export function useLastName(resource: { name: string } | undefined): string | null {
  const [name, setName] = useState<string | null>(null)
  if (resource && resource.name !== name) setName(resource.name)
  return name
}

interface Props {
  /** As it was called while it was still there; null where it never was. */
  name: string | null
  /** Its kind has not arrived yet, so nobody knows. */
  isLoading: boolean
  /** "This VM". */
  what: string
  list: ReactNode
}

/** In place of an object's page: it is on its way, it was deleted meanwhile, or there never was one. */
export function Gone({ name, isLoading, what, list }: Props) {
  const { t } = useLingui()
  const pending = usePendingConnections()
  const isOnItsWay = pending.some(({ state }) => state === 'connecting' || state === 'connected')
  if (isLoading || isOnItsWay) {
    return (
      <Page head={<PageHeader title={t`Loading`} documentTitle="" />}>
        <span aria-busy="true" />
      </Page>
    )
  }
  return (
    <Page head={<PageHeader title={name ?? t`Not found`} />}>
      <div className="py-12">
        <EmptyState
          title={
            pending.length > 0 ? (
              <Trans>{what} is not known now</Trans>
            ) : name ? (
              <Trans>{name} is gone</Trans>
            ) : (
              <Trans>{what} does not exist</Trans>
            )
          }
          action={list}
        >
          {pending.length > 0 ? (
            <Trans>
              It may be in a pool that cannot be reached now. It appears here as soon as the pool is
              back.
            </Trans>
          ) : name ? (
            <Trans>It was deleted, or its pool was removed.</Trans>
          ) : (
            <Trans>It may have been deleted, or it is in a pool that you cannot see.</Trans>
          )}
        </EmptyState>
      </div>
    </Page>
  )
}

export function AllVmsLink() {
  return (
    <Link to="/vms" className={linkLook}>
      <Trans>All virtual machines</Trans>
    </Link>
  )
}
