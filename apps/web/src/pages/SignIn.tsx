import { Trans, useLingui } from '@lingui/react/macro'
import { Button, PasswordField, TextField } from '@xendeck/ui'
import { useEffect, useState, type FormEvent, type ReactNode } from 'react'
import { Dialog, Modal, ModalOverlay } from 'react-aria-components'
import { ApiRequestError } from '../api/client.ts'
import { errorText, throttledText } from '../api/errors.ts'
import { expiredUser, signIn } from '../api/session.ts'
import { Brand } from '../shell/Brand.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { LanguageMenu, ThemeMenu } from '../shell/TopBar.tsx'

export function SignInPage() {
  const { t } = useLingui()
  usePageTitle(t`Sign in`)
  return (
    <div className="flex h-full flex-col overflow-y-auto bg-page">
      <div className="flex h-12 shrink-0 items-center justify-end px-2">
        <ThemeMenu />
        <LanguageMenu />
      </div>
      <main className="mx-auto w-full max-w-80 px-4 pt-[12vh] pb-8">
        <SignInForm />
      </main>
    </div>
  )
}

/** Over the page whose session has ended; what was typed there is still there afterwards. */
export function SignInOverlay() {
  const { t } = useLingui()
  return (
    <ModalOverlay
      isOpen
      isKeyboardDismissDisabled
      className="fixed inset-0 z-50 grid place-items-center bg-scrim"
    >
      <Modal className="w-88 max-w-[calc(100vw-2rem)] rounded-lg bg-raised p-6 shadow-float">
        <Dialog aria-label={t`Sign in`} className="outline-none">
          <SignInForm
            note={
              <Trans>
                Your session has ended. Sign in to go on where you were; nothing you typed is lost.
              </Trans>
            }
          />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function SignInForm({ note }: { note?: ReactNode }) {
  const { t } = useLingui()
  const [username, setUsername] = useState(expiredUser() ?? '')
  const [password, setPassword] = useState('')
  const [isPending, setPending] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const wait = useThrottle(error)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (isPending || wait > 0) return
    if (username === '' || password === '') {
      setError({ code: 'EMPTY', message: t`Enter user name and password.` })
      return
    }
    setPending(true)
    setError(null)
    try {
      await signIn({ username, password })
    } catch (cause) {
      setError(cause)
      setPassword('')
    } finally {
      setPending(false)
    }
  }
  const message =
    wait > 0 ? throttledText(wait) : error === null || isThrottled(error) ? null : errorText(error)
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      <h1 className="sr-only">
        <Trans>Sign in to XenDeck</Trans>
      </h1>
      <div className="mb-6 [&>span]:text-title">
        <Brand />
      </div>
      {note && <p className="text-secondary">{note}</p>}
      <TextField
        label={t`User name`}
        name="username"
        autoComplete="username"
        // There is nothing else to do on this page.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={username}
        onChange={setUsername}
      />
      <PasswordField
        label={t`Password`}
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
      />
      <p role="alert" className="min-h-5 text-bad">
        {message}
      </p>
      <Button
        type="submit"
        variant="primary"
        className="w-full"
        isPending={isPending}
        disabledReason={wait > 0 ? throttledText(wait) : null}
      >
        <Trans>Sign in</Trans>
      </Button>
    </form>
  )
}

function isThrottled(error: unknown): error is ApiRequestError {
  return (
    error instanceof ApiRequestError &&
    error.code === 'TOO_MANY_ATTEMPTS' &&
    error.retryAfter !== null
  )
}

/** Seconds until the next attempt is accepted, counting down; 0 where there is nothing to wait for. */
function useThrottle(error: unknown): number {
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (!isThrottled(error)) return
    const until = Date.now() + (error.retryAfter ?? 0) * 1000
    const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)))
    tick()
    const timer = setInterval(tick, 500)
    return () => clearInterval(timer)
  }, [error])
  return isThrottled(error) ? left : 0
}
