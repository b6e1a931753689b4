import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useResource } from '../api/live.ts'
import { NOTHING } from '../lib/bytes.ts'

/** The name in the first column of a list, leading to the object; the row itself is the tab stop. */
export function NameCell({ name, ...link }: LinkProps & { name: string }) {
  return (
    <Link
      {...link}
      tabIndex={-1}
      title={name}
      className="min-w-0 truncate rounded-sm font-semibold hover:underline"
    >
      {name}
    </Link>
  )
}

export function TextCell({
  children,
  isMono,
}: {
  children: string | null | undefined
  isMono?: boolean
}) {
  if (!children) return <span className="text-muted">{NOTHING}</span>
  return (
    <span
      className={isMono ? 'truncate font-mono text-caption' : 'truncate text-secondary'}
      title={children}
    >
      {children}
    </span>
  )
}

export function PoolCell({ id }: { id: string }) {
  return <TextCell>{useResource('pool', id)?.name}</TextCell>
}

/** Two or three facts as one quiet line. */
export function dotted(...facts: (string | null | undefined | false)[]): ReactNode {
  return facts.filter(Boolean).join(' · ')
}
