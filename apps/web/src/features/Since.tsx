import { useLingui } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { NOTHING } from '../lib/bytes.ts'
import { formatDuration, formatInstant, formatRelative, nextChange } from '../lib/time.ts'

/** Milliseconds since 1970, drawn anew when `at` reads differently. */
function useNow(at: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), nextChange(at, now))
    return () => clearTimeout(timer)
  }, [at, now])
  return now
}

/** How long something has been running: "41 days". `at` is ISO 8601. */
export function Elapsed({ since }: { since: string }) {
  const { i18n } = useLingui()
  const at = Date.parse(since)
  const now = useNow(at)
  return (
    <time dateTime={since} title={formatInstant(since, i18n.locale)}>
      {formatDuration(now - at, i18n.locale)}
    </time>
  )
}

/** "3 minutes ago", with the date on hover; a dash for never. */
export function When({ at }: { at: string | null }) {
  const { i18n } = useLingui()
  const instant = at === null ? 0 : Date.parse(at)
  const now = useNow(instant)
  if (at === null) return <>{NOTHING}</>
  return (
    <time dateTime={at} title={formatInstant(at, i18n.locale)}>
      {formatRelative(instant, now, i18n.locale)}
    </time>
  )
}
