import type { ErrorCode, Refusal, RefusalCode } from '@xendeck/contract'
import { i18n } from '@lingui/core'
import { msg, plural, t } from '@lingui/core/macro'
import type { MessageDescriptor } from '@lingui/core'
import { ApiRequestError } from './client.ts'
import { operationWord, powerStateWord } from '../lib/words.ts'

/** An error in the form in which tasks, batches and connections carry it. */
export interface ErrorLike {
  code: string
  message: string
  params?: readonly string[]
  refusal?: Refusal | { code: string; params: Readonly<Record<string, string>> }
  retryAfter?: number | null
}

type Sentence = (params: readonly string[]) => string

/** Ours and those of XenAPI that people meet most. The parameters are in XenAPI's order (datamodel errors). */
const sentences: Partial<Record<ErrorCode | (string & {}), Sentence>> = {
  NETWORK: () => t`The XenDeck server cannot be reached. Check your network connection.`,
  BAD_GATEWAY: () =>
    t`The XenDeck server does not answer properly. It may be starting: try again in a moment.`,
  SIGN_IN_REQUIRED: () => t`You are signed out. Sign in again.`,
  SIGN_IN_FAILED: () => t`User name or password is wrong.`,
  PASSWORD_CHANGE_REQUIRED: () => t`Change your password first.`,
  FORBIDDEN: () => t`Your role does not allow this.`,
  CSRF_REFUSED: () => t`This page is out of date. Reload it and try again.`,
  ORIGIN_REFUSED: () =>
    t`The server does not accept requests from this address. Open XenDeck at the address it is configured for.`,
  NOT_FOUND: () => t`It no longer exists.`,
  POOL_ALREADY_REGISTERED: () => t`This pool is already registered.`,
  CERTIFICATE_UNTRUSTED: () =>
    t`The server’s certificate is not trusted. Check its fingerprint and confirm it.`,
  CERTIFICATE_CHANGED: () =>
    t`The server shows another certificate than the one that was confirmed. If nobody has renewed it, someone may be listening.`,
  TOO_MANY_REQUESTS: () => t`Too many requests. Wait a moment and try again.`,
  INTERNAL: () => t`The XenDeck server failed. Its log says why.`,
  POOL_UNREACHABLE: () => t`The pool cannot be reached.`,
  POOL_DISCONNECTED: () => t`The pool is disconnected. Connect it under Pools first.`,
  SHUTTING_DOWN: () => t`The XenDeck server is restarting. Try again in a moment.`,
  SESSION_AUTHENTICATION_FAILED: () => t`The pool refused the user name or password.`,
  HOST_OFFLINE: () => t`The host is offline.`,
  HOST_NOT_ENOUGH_FREE_MEMORY: () => t`The host has not enough free memory.`,
  NO_HOSTS_AVAILABLE: () => t`No host can run it now.`,
  VM_MISSING_PV_DRIVERS: () => t`The guest tools are not running in the VM.`,
  VM_LACKS_FEATURE: () => t`The guest in the VM does not support this.`,
  VM_BAD_POWER_STATE: ([, needed = '', actual = '']) =>
    t`The VM is ${powerStateWord(actual)}; it has to be ${powerStateWord(needed)}.`,
  OTHER_OPERATION_IN_PROGRESS: () =>
    t`Another operation is running on it. Try again when it is done.`,
  OPERATION_NOT_ALLOWED: ([reason = '']) => t`The pool does not allow it now: ${reason}`,
  OPERATION_BLOCKED: ([, reason = '']) => t`The operation is blocked: ${reason}`,
  SR_FULL: () => t`The storage is full.`,
  SR_NO_PBDS: () => t`The storage is not attached to any host.`,
  TASK_CANCELLED: () => t`It was cancelled.`,
}

/** What happened, in a sentence, in the reader's language. A code that is not known keeps the server's words. */
export function errorText(error: unknown): string {
  if (!isErrorLike(error)) return error instanceof Error ? error.message : t`Something went wrong.`
  if (error.code === 'OPERATION_REFUSED' && error.refusal) return refusalText(error.refusal)
  if (error.code === 'TOO_MANY_ATTEMPTS') return tooManyAttempts(error)
  return sentences[error.code]?.(error.params ?? []) ?? error.message
}

function tooManyAttempts(error: ErrorLike): string {
  const seconds = error.retryAfter ?? Number(error.params?.[0])
  if (!Number.isFinite(seconds)) return t`Too many attempts. Wait a few minutes and try again.`
  return throttledText(seconds)
}

/** @param seconds until the next attempt is accepted. */
export function throttledText(seconds: number): string {
  const minutes = Math.ceil(seconds / 60)
  return seconds > 90
    ? t`Too many attempts. Try again in ${plural(minutes, { one: '# minute', other: '# minutes' })}.`
    : t`Too many attempts. Try again in ${plural(seconds, { one: '# second', other: '# seconds' })}.`
}

function isErrorLike(error: unknown): error is ErrorLike {
  return (
    error instanceof ApiRequestError ||
    (typeof error === 'object' && error !== null && 'code' in error && 'message' in error)
  )
}

const already: Record<string, MessageDescriptor> = {
  running: msg`Already running`,
  halted: msg`Already halted`,
  suspended: msg`Already suspended`,
  paused: msg`Already paused`,
  connected: msg`Already connected`,
  disconnected: msg`Already disconnected`,
}

/** Why something cannot be done now, short enough for a menu. `name` is put before it where several are meant. */
export function refusalText(
  refusal: Refusal | { code: string; params: Readonly<Record<string, string>> },
  name?: string,
): string {
  const reason = reasonText(refusal)
  return name ? t`${name}: ${reason}` : reason
}

function reasonText({
  code,
  params,
}: {
  code: string
  params: Readonly<Record<string, string>>
}): string {
  switch (code as RefusalCode) {
    case 'forbidden':
      return t`Your role does not allow it`
    case 'stale':
      return t`The pool cannot be reached`
    case 'already': {
      const known = already[params.state ?? '']
      return known ? i18n._(known) : t`Already done`
    }
    case 'powerState': {
      const needed = (params.needed ?? '').split(',').map(powerStateWord)
      const list = new Intl.ListFormat(i18n.locale, { type: 'disjunction' }).format(needed)
      return t`Only when ${list}`
    }
    case 'busy': {
      const operation = operationWord(params.operation ?? '')
      return t`Busy: ${operation}`
    }
    case 'blocked':
      return params.reason ? t`Blocked: ${params.reason}` : t`Blocked by an administrator`
    case 'noTools':
      return t`Needs the guest tools, which are not running`
    case 'noConsole':
      return t`It has no console now`
    case 'fromConfiguration':
      return t`Given by the server’s configuration; change it there`
    case 'notCancellable':
      return t`It cannot be cancelled`
    case 'finished':
      return t`Already finished`
    case 'notNow':
      return t`The pool does not allow it now`
    default:
      return t`Not possible now`
  }
}
