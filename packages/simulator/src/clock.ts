/** Wall-clock time in XenAPI's forms. */
export class Clock {
  /** Milliseconds since 1970. */
  now(): number {
    return Date.now()
  }

  /** Now as a XenAPI datetime, `20261122T22:08:29Z`. */
  iso(): string {
    return toIso(this.now())
  }
}

/** "Never": the value of a datetime that was not set. */
export const NEVER = '19700101T00:00:00Z'

/** @param time milliseconds since 1970 */
export function toIso(time: number): string {
  return `${new Date(time).toISOString().replace(/-/g, '').slice(0, 17)}Z`
}

/** Milliseconds since 1970 of a XenAPI datetime, with or without hyphens; NaN if it is none. */
export function fromIso(text: string): number {
  const parts = /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(
    text,
  )
  if (!parts) return Number.NaN
  const [, year, month, day, hour, minute, second, , zone = 'Z'] = parts
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`)
}
