import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { ErrorIcon, InfoIcon, OkIcon, WarningIcon } from './icons.tsx'

export type Tone = 'info' | 'ok' | 'warn' | 'bad'

const tones: Record<Tone, { look: string; ink: string; icon: ReactNode }> = {
  info: { look: 'bg-accent-soft', ink: 'text-accent-text', icon: <InfoIcon /> },
  ok: { look: 'bg-ok-soft', ink: 'text-ok', icon: <OkIcon /> },
  warn: { look: 'bg-warn-soft', ink: 'text-warn', icon: <WarningIcon /> },
  bad: { look: 'bg-bad-soft', ink: 'text-bad', icon: <ErrorIcon /> },
}

export function ToneIcon({ tone }: { tone: Tone }) {
  return <span className={classNames('mt-0.5 shrink-0', tones[tone].ink)}>{tones[tone].icon}</span>
}

interface BannerProps {
  tone?: Tone
  children: ReactNode
  actions?: ReactNode
  /** A strip over the whole width of a page, without corners. */
  isStrip?: boolean
}

/** Something about the whole page that lasts: a lost connection, a pool as last seen. */
export function Banner({ tone = 'info', children, actions, isStrip = false }: BannerProps) {
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={classNames(
        'flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 py-1 text-primary',
        tones[tone].look,
        isStrip ? 'px-5 narrow:px-4' : 'rounded-md px-3',
      )}
    >
      <div className="flex min-w-0 flex-1 items-start gap-2">
        <ToneIcon tone={tone} />
        <div className="min-w-0">{children}</div>
      </div>
      {actions && <div className="flex shrink-0 gap-2">{actions}</div>}
    </div>
  )
}

/** What would be here, and the one button that brings it. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="mx-auto flex max-w-104 flex-col items-center gap-2 text-center">
      <p className="font-medium">{title}</p>
      {children && <div className="text-secondary">{children}</div>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  )
}

/** Keeps the place of a line of text that is on its way. */
export function Skeleton({ width = '8rem', className }: { width?: string; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={classNames('inline-flex h-5 items-center', className)}
      style={{ width }}
    >
      <span className="h-2 w-full animate-[ui-pulse_1600ms_ease-in-out_infinite] rounded-full bg-pressed" />
    </span>
  )
}

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-block rounded-sm border border-line bg-surface px-1 font-mono text-caption text-secondary">
      {children}
    </kbd>
  )
}
