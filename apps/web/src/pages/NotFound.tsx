import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'

export function NotFoundPage() {
  const { t } = useLingui()
  return (
    <Page head={<PageHeader title={t`There is no such page`} />}>
      <p>
        <Trans>The address may be mistyped, or what it named is gone.</Trans>{' '}
        <Link to="/vms" className="text-accent-text underline">
          <Trans>All virtual machines</Trans>
        </Link>
      </p>
    </Page>
  )
}
