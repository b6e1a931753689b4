import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Banner, Button, ToneIcon, useIsNarrow } from '@xendeck/ui'
import { useEffect, useState } from 'react'
import { errorText } from '../api/errors.ts'
import { feed, useLiveState, useResource } from '../api/live.ts'
import { formatClock } from '../lib/clock.ts'
import { connectionWords } from './connection-words.ts'

/**
 * The line to the server is lost: what is shown is as last seen, and it is being mended. It stands in the top bar,
 * where nothing has to move for it; narrow, over all of that bar but its menu.
 */
export function ConnectionBanner() {
  const { t, i18n } = useLingui()
  const isNarrow = useIsNarrow()
  const { phase, retryAt, since, error } = useLiveState()
  const isLost = phase === 'reconnecting' || phase === 'failed'
  const isLong = useAfter(isLost, 600)
  const seconds = useSecondsUntil(retryAt)
  // Always there, or screen readers would not hear of the first loss.
  if (!isLost || !isLong) return <output className="min-w-0 flex-1" />
  const time = formatClock(since, i18n.locale)
  const next =
    seconds > 0 ? t`Next try in ${plural(seconds, { one: '# s', other: '# s' })}.` : t`Trying now…`
  const what =
    phase === 'failed'
      ? t`The server does not answer.`
      : isNarrow
        ? t`Connection lost.`
        : t`Connection to the server lost. Shown as last seen ${time}.`
  const why = error && error.status !== 0 ? errorText(error) : ''
  return (
    <output className="flex min-w-0 flex-1 justify-center narrow:absolute narrow:inset-y-0 narrow:right-0 narrow:left-9 narrow:z-10 wide:px-4">
      <span className="flex h-8 min-w-0 items-center gap-3 bg-warn-soft pr-1 pl-3 narrow:h-full narrow:flex-1 narrow:pr-2 wide:rounded-md">
        <span className="flex min-w-0 items-center gap-2">
          <ToneIcon tone="warn" />
          <span className="truncate" title={`${what} ${why}`.trim()}>
            {what} {why} <span aria-live="off">{next}</span>
          </span>
        </span>
        <Button
          size="small"
          disabledReason={retryAt ? null : t`Trying now`}
          onPress={feed.retryNow}
        >
          <Trans>Retry now</Trans>
        </Button>
      </span>
    </output>
  )
}

/** On pages about a pool or something in it: says when that pool is not connected. */
export function PoolBanner({ poolId }: { poolId: string | null | undefined }) {
  const { i18n } = useLingui()
  const pool = useResource('pool', poolId)
  const connection = useResource('connection', pool?.connectionId)
  if (!pool || pool.live) return null
  const since = connection?.since
  const time = since ? formatClock(new Date(since), i18n.locale) : '–'
  const word = connection ? i18n._(connectionWords[connection.state]) : ''
  return (
    <Banner isStrip tone="warn">
      <Trans>
        The pool {pool.name} is {word}. Shown as last seen {time}.
      </Trans>{' '}
      {connection?.reason && errorText(connection.reason)}
    </Banner>
  )
}

/** Whole seconds until `at`, counting down. */
function useSecondsUntil(at: Date | null): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (at === null) return
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [at])
  return at === null ? 0 : Math.max(0, Math.ceil((at.getTime() - Math.max(now, 0)) / 1000))
}

/** True once `condition` has held for a while: a blink of the network is not worth a word. */
function useAfter(condition: boolean, milliseconds: number): boolean {
  const [hasPassed, setPassed] = useState(false)
  useEffect(() => {
    if (!condition) return
    const timer = setTimeout(() => setPassed(true), milliseconds)
    return () => {
      clearTimeout(timer)
      setPassed(false)
    }
  }, [condition, milliseconds])
  return condition && hasPassed
}
