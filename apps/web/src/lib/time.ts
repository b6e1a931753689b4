const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

type Unit = 'second' | 'minute' | 'hour' | 'day' | 'month' | 'year'

/** The unit in which a span of time is best said, with the whole number of it. */
function inLargestUnit(milliseconds: number): [number, Unit] {
  const span = Math.abs(milliseconds)
  if (span < MINUTE) return [Math.floor(span / SECOND), 'second']
  if (span < HOUR) return [Math.floor(span / MINUTE), 'minute']
  if (span < 2 * DAY) return [Math.floor(span / HOUR), 'hour']
  return [Math.floor(span / DAY), 'day']
}

/** A span of time in one unit, `41 days`: what an uptime is read for. Milliseconds in; negative counts as 0. */
export function formatDuration(milliseconds: number, locale: string): string {
  const [value, unit] = inLargestUnit(Math.max(0, milliseconds))
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}

/** `3 minutes ago`, `in 8 seconds`, `now`. Both in milliseconds since 1970. */
export function formatRelative(at: number, now: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  let [value, unit] = inLargestUnit(at - now)
  if (unit === 'day' && value >= 365) [value, unit] = [Math.floor(value / 365), 'year']
  else if (unit === 'day' && value >= 60) [value, unit] = [Math.floor(value / 30), 'month']
  return format.format(at < now ? -value : value, unit)
}

/** Date and time in the reader's own zone: `23 Nov 2026, 01:10`. `at` is ISO 8601 in UTC. */
export function formatInstant(at: string, locale: string): string {
  // Plain English means no country; day before month and 24 hours are what most of its readers expect.
  const region = locale === 'en' ? 'en-GB' : locale
  return new Intl.DateTimeFormat(region, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(at),
  )
}

/** How long until {@link formatRelative} of a span reads differently, in milliseconds: when to look again. */
export function nextChange(at: number, now: number): number {
  const span = Math.abs(at - now)
  if (span < MINUTE) return SECOND
  if (span < HOUR) return 20 * SECOND
  return 10 * MINUTE
}

/** `2026-11-23 01:10`, local time: sorts as it reads, so it makes a good default name for a snapshot. */
export function timestampName(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  return `${date} ${two(now.getHours())}:${two(now.getMinutes())}`
}
