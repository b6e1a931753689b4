import * as z from 'zod/mini'
import type { Permission, Role } from './permissions.ts'

export const signInInput = z.object({
  username: z.string().check(z.minLength(1), z.maxLength(200)),
  password: z.string().check(z.minLength(1), z.maxLength(1000)),
})
export type SignInInput = z.infer<typeof signInInput>

/** At least 10 characters: length is what counts (NIST SP 800-63B). */
export const passwordChangeInput = z.object({
  current: z.string().check(z.minLength(1), z.maxLength(1000)),
  next: z.string().check(z.minLength(10), z.maxLength(1000)),
})
export type PasswordChangeInput = z.infer<typeof passwordChangeInput>

/** `GET /api/v1/session` */
export interface Session {
  user: { id: string; name: string; role: Role }
  permissions: Permission[]
  /** Until it is changed, only the session routes answer. */
  mustChangePassword: boolean
  /** To be sent as `X-CSRF-Token` with every request that is not GET or HEAD. */
  csrfToken: string
  expiresAt: string
  version: string
}

/** `POST /api/v1/vms/{id}/console-tickets` */
export const consoleTicketInput = z.object({ protocol: z.enum(['rfb', 'vt100']) })
export interface ConsoleTicket {
  /** Single use; goes into `GET /api/v1/console/{ticket}` (WebSocket, sub-protocol `binary`). */
  ticket: string
  expiresAt: string
}

/** `GET /api/v1/load?kind=vm&ids=…`: the last 10 minutes, for those of the ids of which something is known. */
export interface LoadReply {
  /** Seconds between two values. */
  step: number
  /** By id: CPU use from 0 to 1, the mean over its vCPUs or CPUs, oldest first, null in gaps; `end` is when the last one was taken. */
  series: Record<string, { end: string; cpu: (number | null)[] }>
}
