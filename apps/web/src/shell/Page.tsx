import { classNames } from '@xendeck/ui'
import type { ReactNode } from 'react'

interface Props {
  /** A PageHeader. */
  head: ReactNode
  children: ReactNode
  /** The content scrolls by itself (tables, consoles) and reaches the edges. */
  isFlush?: boolean
}

/** A page: its head stays, its body scrolls. */
export function Page({ head, children, isFlush = false }: Props) {
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {head}
      <div
        className={classNames(
          'min-h-0 flex-1',
          isFlush ? 'flex flex-col' : 'overflow-y-auto px-5 py-4 narrow:px-4',
        )}
      >
        {children}
      </div>
    </div>
  )
}
