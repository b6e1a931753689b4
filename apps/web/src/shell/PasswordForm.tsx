import { Trans, useLingui } from '@lingui/react/macro'
import { Button, PasswordField } from '@xendeck/ui'
import { useState, type FormEvent, type ReactNode } from 'react'
import { errorText } from '../api/errors.ts'
import { changePassword } from '../api/session.ts'

/** Of passwordChangeInput in the contract. */
const shortest = 10

/** Present password, new one, and the new one again, since nobody can read what they type. */
export function PasswordForm({ onDone, beside }: { onDone?: () => void; beside?: ReactNode }) {
  const { t } = useLingui()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [isPending, setPending] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [isTried, setTried] = useState(false)

  const isShort = next !== '' && next.length < shortest
  const isDifferent = again !== '' && again !== next
  const missing =
    current === '' || next === '' || again === ''
      ? t`Fill in all three fields`
      : isShort
        ? t`The new password is too short`
        : isDifferent
          ? t`The two new passwords differ`
          : null

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (isPending) return
    setTried(true)
    if (missing !== null) return
    setPending(true)
    setError(null)
    try {
      await changePassword({ current, next })
      setCurrent('')
      setNext('')
      setAgain('')
      setTried(false)
      onDone?.()
    } catch (cause) {
      setError(cause)
    } finally {
      setPending(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="max-w-80 space-y-4">
      <PasswordField
        label={t`Present password`}
        autoComplete="current-password"
        value={current}
        onChange={setCurrent}
      />
      <PasswordField
        label={t`New password`}
        autoComplete="new-password"
        description={t`At least ${shortest} characters. Length counts, symbols do not.`}
        error={isShort ? t`At least ${shortest} characters.` : undefined}
        value={next}
        onChange={setNext}
      />
      <PasswordField
        label={t`New password again`}
        autoComplete="new-password"
        error={isDifferent ? t`Not the same as above.` : undefined}
        value={again}
        onChange={setAgain}
      />
      <p role="alert" className="min-h-5 text-bad">
        {isTried && missing ? missing : error ? errorText(error) : null}
      </p>
      <div className="flex items-center gap-2">
        <Button type="submit" variant="primary" isPending={isPending}>
          <Trans>Change password</Trans>
        </Button>
        {beside}
      </div>
    </form>
  )
}
