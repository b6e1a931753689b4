import { Trans } from '@lingui/react/macro'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { Button } from '@xendeck/ui'
import { ApiRequestError } from '../api/client.ts'
import { errorText } from '../api/errors.ts'
import { PageHeader } from './PageHeader.tsx'
import { Page } from './Page.tsx'
import { useLingui } from '@lingui/react/macro'

/** When a page breaks: the shell stays, and says what can be done. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const { t } = useLingui()
  const requestId = error instanceof ApiRequestError ? error.requestId : ''
  return (
    <Page head={<PageHeader title={t`This page failed`} />}>
      <div className="max-w-160 space-y-4">
        <p>
          {isChunkError(error)
            ? t`Part of XenDeck could not be loaded. A new version may have been installed since this page was opened.`
            : errorText(error)}
        </p>
        {requestId && (
          <p className="text-muted">
            <Trans>
              Request <span className="font-mono">{requestId}</span>
            </Trans>
          </p>
        )}
        <div className="flex gap-2">
          <Button variant="primary" onPress={isChunkError(error) ? reload : reset}>
            {isChunkError(error) ? t`Reload` : t`Try again`}
          </Button>
        </div>
      </div>
    </Page>
  )
}

/** The browsers' words for a module that could not be fetched. */
function isChunkError(error: unknown): boolean {
  return (
    error instanceof Error &&
    /dynamically imported module|module script failed|preload CSS/i.test(error.message)
  )
}

function reload(): void {
  window.location.reload()
}
