import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@xendeck/ui'
import { signOut } from '../api/session.ts'
import { PasswordForm } from '../shell/PasswordForm.tsx'
import { Brand } from '../shell/Brand.tsx'
import { usePageTitle } from '../shell/page-title.ts'

/** After the first sign-in, before anything else: the one-time password gives way to a person's own. */
export function PasswordChangePage() {
  const { t } = useLingui()
  usePageTitle(t`Choose a password`)
  return (
    <div className="h-full overflow-y-auto bg-page">
      <main className="mx-auto w-full max-w-80 space-y-4 px-4 pt-[calc(12vh+48px)] pb-8">
        <div className="mb-6">
          <Brand />
        </div>
        <h1 className="text-heading font-semibold">
          <Trans>Choose your own password</Trans>
        </h1>
        <p className="text-secondary">
          <Trans>The one you signed in with was for the first time only.</Trans>
        </p>
        <PasswordForm
          beside={
            <Button variant="quiet" onPress={() => void signOut()}>
              <Trans>Sign out</Trans>
            </Button>
          }
        />
      </main>
    </div>
  )
}
