import { useId, type MouseEvent, type ReactNode } from 'react'
import { classNames } from './class-names.ts'

export interface TabLink {
  id: string
  label: string
  href: string
  /** How many are behind it. */
  count?: number
}

interface TabLinksProps {
  label: string
  tabs: readonly TabLink[]
  currentId: string
  /** For a router: a plain click. Anything else (new tab, middle button) is left to the browser. */
  onNavigate?: (tab: TabLink) => void
}

/** Tabs that are addresses: a navigation, of which one link is the current page. */
export function TabLinks({ label, tabs, currentId, onNavigate }: TabLinksProps) {
  return (
    <nav
      aria-label={label}
      className="-mx-5 overflow-x-auto border-b border-hairline px-5 narrow:-mx-4 narrow:px-4"
    >
      <ul className="flex gap-5">
        {tabs.map((tab) => (
          <li key={tab.id}>
            <a
              href={tab.href}
              aria-current={tab.id === currentId ? 'page' : undefined}
              onClick={(event) => {
                if (!onNavigate || !isPlainClick(event)) return
                event.preventDefault()
                onNavigate(tab)
              }}
              className={tabLook(tab.id === currentId)}
            >
              {tab.label}
              {tab.count !== undefined && (
                <span className="font-normal text-muted">{tab.count}</span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** For routers with their own link component: the look of one tab. */
export function tabLook(isCurrent: boolean): string {
  return classNames(
    'flex h-9 items-center gap-1.5 border-b-2 whitespace-nowrap',
    isCurrent
      ? 'border-accent font-semibold text-primary'
      : 'border-transparent text-secondary hover:text-primary',
  )
}

/** Whether a click on a link is for the page itself to handle. */
export function isPlainClick(event: MouseEvent): boolean {
  return !(event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
}

interface SegmentedProps {
  label: string
  options: readonly { value: string; label: ReactNode }[]
  value: string
  onChange: (value: string) => void
}

/** Two to four exclusive choices that are all seen at once. */
export function Segmented({ label, options, value, onChange }: SegmentedProps) {
  const name = useId()
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className="inline-flex rounded-md border border-line bg-surface p-px"
    >
      {options.map((option) => (
        <label
          key={option.value}
          className="flex h-7 items-center rounded-[5px] px-2.5 text-secondary select-none hover:text-primary has-checked:bg-pressed has-checked:text-primary has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="sr-only"
          />
          {option.label}
        </label>
      ))}
    </div>
  )
}
