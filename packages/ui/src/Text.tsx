import { Fragment, useEffect, useState, type ReactNode } from 'react'
import { IconButton } from './Button.tsx'
import { classNames } from './class-names.ts'
import { CheckIcon, ChevronRightIcon, CopyIcon } from './icons.tsx'
import { useLabels } from './labels.ts'

/** A uuid, address or fingerprint, to be read and copied. `text` is what is copied. */
export function CopyText({ text, children }: { text: string; children?: ReactNode }) {
  const labels = useLabels()
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = () => {
    void copyText(text).then(setCopied)
  }
  return (
    <span className="-my-0.5 inline-flex max-w-full min-w-0 items-center gap-1 align-baseline">
      <span className="min-w-0 font-mono text-caption wrap-anywhere">
        {children ?? breakable(text)}
      </span>
      <IconButton
        size="small"
        label={isCopied ? labels.copied : labels.copy}
        icon={isCopied ? <CheckIcon className="text-ok" /> : <CopyIcon />}
        onPress={copy}
      />
    </span>
  )
}

/** Uuids and fingerprints go on in the next line after a hyphen or colon. */
function breakable(text: string): ReactNode {
  return text.split(/(?<=[-:])/).map((part, index) => (
    // The parts of one text: they have no other name, and may repeat.
    // oxlint-disable-next-line react/no-array-index-key
    <Fragment key={index}>
      {part}
      <wbr />
    </Fragment>
  ))
}

/** @returns whether it worked. Over plain http browsers have no clipboard API; the selection then does it. */
export async function copyText(text: string): Promise<boolean> {
  if (window.isSecureContext) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
  }
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  const focused = document.activeElement
  area.select()
  const isDone = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return isDone
}

export interface Description {
  term: string
  value: ReactNode
  /** Below its name, over the whole width: what is long and must not be broken. */
  isBlock?: boolean
}

/** Names and values in two aligned columns. A value that is not known is a dash. */
export function DescriptionList({
  items,
  className,
}: {
  items: readonly (Description | false | null)[]
  className?: string
}) {
  return (
    <dl
      className={classNames(
        'grid grid-cols-[minmax(6rem,9rem)_minmax(0,1fr)] gap-x-4 gap-y-1.5',
        className,
      )}
    >
      {items.map(
        (item) =>
          item && (
            <div key={item.term} className="contents">
              <dt className={item.isBlock ? 'col-span-2 mt-1 text-secondary' : 'text-secondary'}>
                {item.term}
              </dt>
              <dd
                className={classNames('min-w-0 break-words', item.isBlock && 'col-span-2 -mt-1.5')}
              >
                {item.value ?? <span className="text-muted">–</span>}
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}

/** A titled part of a page; a hairline above it, no box. */
export function Section({
  title,
  actions,
  children,
  className,
}: {
  title: ReactNode
  actions?: ReactNode
  children: ReactNode
  className?: string
}) {
  return (
    <section className={classNames('space-y-2', className)}>
      <header className="flex min-h-6 items-center justify-between gap-3">
        <h2 className="font-semibold text-secondary">{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  )
}

/** Where something is. `items` are links, outermost first. */
export function Breadcrumb({
  label,
  items,
}: {
  label: string
  items: readonly { id: string; link: ReactNode }[]
}) {
  return (
    <nav aria-label={label} className="text-caption text-muted">
      <ol className="flex min-w-0 flex-wrap items-center">
        {items.map(({ id, link }, index) => (
          <li key={id} className="flex min-w-0 items-center">
            {index > 0 && <ChevronRightIcon className="mx-0.5 size-3" />}
            {link}
          </li>
        ))}
      </ol>
    </nav>
  )
}
