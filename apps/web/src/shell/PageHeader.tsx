import type { ReactNode } from 'react'
import { usePageTitle } from './page-title.ts'

interface Props {
  /** The object or the list; also the document's title unless `documentTitle` says otherwise. */
  title: ReactNode
  documentTitle?: string
  /** A State. */
  state?: ReactNode
  /** A few words beside it: "214, 187 running". */
  meta?: ReactNode
  /** Where it is: a Breadcrumb above the title. */
  breadcrumb?: ReactNode
  /** Buttons, the primary one last. */
  actions?: ReactNode
  /** Tabs or a filter row below. */
  children?: ReactNode
}

/** The head of every page: what this is, how it fares, what can be done with it. */
export function PageHeader({
  title,
  documentTitle,
  state,
  meta,
  breadcrumb,
  actions,
  children,
}: Props) {
  usePageTitle(documentTitle ?? (typeof title === 'string' ? title : ''))
  return (
    <header className="shrink-0 px-5 pt-3 narrow:px-4">
      {breadcrumb}
      <div className="flex min-h-9 flex-wrap items-start gap-x-4 gap-y-2 wide:items-center">
        {/* A long name gives way to the buttons beside it, down to a width at which these go below it. */}
        <div className="flex min-h-8 min-w-0 flex-[1_1_10rem] flex-wrap items-center gap-x-4 wide:flex-[1_1_24rem] wide:flex-nowrap">
          <h1
            id="page-title"
            tabIndex={-1}
            title={typeof title === 'string' ? title : documentTitle}
            className="max-w-full min-w-0 truncate text-title font-semibold outline-none"
          >
            {title}
          </h1>
          {state && <div className="max-w-full shrink-0">{state}</div>}
          {meta && <div className="min-w-0 shrink-0 text-secondary">{meta}</div>}
        </div>
        {actions && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </header>
  )
}
