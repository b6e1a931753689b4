import { Trans } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Button } from '@xendeck/ui'
import { errorText } from '../api/errors.ts'
import { expiredUser, sessionQuery } from '../api/session.ts'
import { SignInOverlay, SignInPage } from '../pages/SignIn.tsx'
import { PasswordChangePage } from '../pages/PasswordChange.tsx'
import { Frame } from './Frame.tsx'

/**
 * Shows pages to who has signed in and the sign-in to everybody else, at the same address: after it, one is where one
 * wanted to be. When a session ends under a page, that page stays below with all that was typed into it.
 */
export function Shell() {
  const session = useQuery(sessionQuery)
  if (session.isPending) return <div aria-busy="true" />
  if (session.data === undefined) {
    return (
      <main className="mx-auto max-w-104 space-y-3 px-4 pt-[20vh] text-center">
        <h1 className="text-title font-semibold">
          <Trans>XenDeck does not answer</Trans>
        </h1>
        <p className="text-secondary">{errorText(session.error)}</p>
        <Button
          variant="primary"
          isPending={session.isFetching}
          onPress={() => void session.refetch()}
        >
          <Trans>Try again</Trans>
        </Button>
      </main>
    )
  }
  if (session.data?.mustChangePassword) return <PasswordChangePage />
  if (session.data === null && expiredUser() === null) return <SignInPage />
  return (
    <>
      <Frame />
      {session.data === null && <SignInOverlay />}
    </>
  )
}
