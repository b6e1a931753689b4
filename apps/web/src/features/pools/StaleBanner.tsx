import { Trans } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { Banner } from '@xendeck/ui'
import { useResource } from '../../api/live.ts'
import { When } from '../Since.tsx'

/** On pages of a pool that is not connected: what is shown is as last seen, and nothing can be changed. */
export function StaleBanner({ poolId }: { poolId: string }) {
  const pool = useResource('pool', poolId)
  const connection = useResource('connection', pool?.connectionId)
  if (!pool || pool.live) return null
  const { name } = pool
  return (
    <Banner
      tone="warn"
      isStrip
      actions={
        <Link to="/pools" className="text-accent-text hover:underline">
          <Trans>Connection</Trans>
        </Link>
      }
    >
      <Trans>
        The pool {name} is not connected (<When at={connection?.since ?? null} />
        ). This is how it was last seen.
      </Trans>
    </Banner>
  )
}
