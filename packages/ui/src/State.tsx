import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export type StateShape =
  | 'running'
  | 'halted'
  | 'paused'
  | 'moving'
  | 'failed'
  | 'attention'
  | 'ok'
  | 'unknown'

const shapes: Record<StateShape, { tone: string; drawing: ReactNode }> = {
  running: { tone: 'text-ok', drawing: <path d="M3 1.6v8.8L10.4 6Z" fill="currentColor" /> },
  halted: {
    tone: 'text-muted',
    drawing: (
      <rect
        x="2"
        y="2"
        width="8"
        height="8"
        rx="1.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      />
    ),
  },
  paused: {
    tone: 'text-warn',
    drawing: <path d="M2 1.5h3v9H2zM7 1.5h3v9H7z" fill="currentColor" />,
  },
  moving: {
    tone: 'text-warn',
    drawing: (
      <path d="M1 6h9M6.5 2.5 10 6l-3.5 3.5" fill="none" stroke="currentColor" strokeWidth="1.8" />
    ),
  },
  failed: {
    tone: 'text-bad',
    drawing: (
      <path
        d="m2 2 8 8M10 2l-8 8"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
    ),
  },
  attention: {
    tone: 'text-warn',
    drawing: (
      <path
        d="M6 1 11.5 10.8H.5L6 1Zm-.7 3.7h1.4v2.8H5.3zm0 3.5h1.4v1.3H5.3z"
        fill="currentColor"
        fillRule="evenodd"
      />
    ),
  },
  ok: {
    tone: 'text-ok',
    drawing: <circle cx="6" cy="6" r="4" fill="currentColor" />,
  },
  unknown: {
    tone: 'text-muted',
    drawing: (
      <circle
        cx="6"
        cy="6"
        r="4"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeDasharray="2 1.6"
      />
    ),
  },
}

/** The shape alone, for places where the word stands elsewhere; `label` is then its name. */
export function StateIcon({
  shape,
  label,
  className,
}: {
  shape: StateShape
  label?: string
  className?: string
}) {
  const { tone, drawing } = shapes[shape]
  return (
    <svg
      viewBox="0 0 12 12"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
      className={classNames('size-3 shrink-0', tone, className)}
    >
      {drawing}
    </svg>
  )
}

/** State as shape, word and colour. A halted VM is no fault: a hollow grey square. */
export function State({
  shape,
  children,
  className,
}: {
  shape: StateShape
  children: ReactNode
  className?: string
}) {
  return (
    <span
      className={classNames(
        'inline-flex max-w-full min-w-0 items-center gap-2 align-bottom',
        className,
      )}
    >
      <StateIcon shape={shape} />
      <span className="truncate">{children}</span>
    </span>
  )
}

const badgeTones = {
  neutral: 'bg-pressed text-secondary',
  accent: 'bg-accent-soft text-accent-text',
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
}

/** One word about something: "default", "coordinator", "read-only". */
export function Badge({
  children,
  tone = 'neutral',
}: {
  children: ReactNode
  tone?: keyof typeof badgeTones
}) {
  return (
    <span
      className={classNames(
        'inline-block rounded-sm px-1.5 text-caption whitespace-nowrap',
        badgeTones[tone],
      )}
    >
      {children}
    </span>
  )
}
