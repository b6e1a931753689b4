/** The line of `uptime`, which `top` begins with too. */
import type { Guest } from './guest.ts'

export function uptimeText(guest: Guest): string {
  const now = guest.machine.now()
  const minutes = Math.floor((now - guest.machine.facts().bootedAt) / 60_000)
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor(minutes / 60) % 24
  const clock = `${hours}:${String(minutes % 60).padStart(2, '0')}`
  const up = `${days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''}${days > 0 || hours > 0 ? clock : `${minutes % 60} min`}`
  const average = guest.machine.load().average.map((value) => value.toFixed(2))
  return ` ${new Date(now).toISOString().slice(11, 19)} up ${up},  1 user,  load average: ${average.join(', ')}`
}
