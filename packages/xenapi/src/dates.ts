/** XenAPI dates: `YYYYMMDDTHH:MM:SSZ` (PROTOCOL section 1.3). */

const DATE = /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/

/**
 * The date of a datetime field, or null for the epoch, which xapi uses for "never", and for text
 * that is no date. A date without an offset is UTC.
 */
export function parseDate(xenDate: string): Date | null {
  const match = DATE.exec(xenDate)
  if (!match) return null
  const [, year, month, day, hour, minute, second, zone] = match
  const offset = !zone || zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`)
  return Number.isNaN(time) || time === 0 ? null : new Date(time)
}
