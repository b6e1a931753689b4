import type { ReactElement, ReactNode } from 'react'
import {
  Header,
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuSection as AriaMenuSection,
  MenuTrigger,
  Popover,
  Separator,
  SubmenuTrigger,
} from 'react-aria-components'
import { classNames } from './class-names.ts'
import { CheckIcon, ChevronRightIcon } from './icons.tsx'

export interface MenuItem {
  id: string
  label: string
  icon?: ReactNode
  /** A line below the label. */
  description?: string
  /** Why it cannot be chosen now; shown beside the label, or below where there is no room. It stays reachable by keyboard. */
  disabledReason?: string | null | undefined
  isDanger?: boolean
  /** Of a choice among several: the present one. */
  isSelected?: boolean
  onAction?: () => void
  items?: MenuEntry[]
}

export type MenuEntry =
  | MenuItem
  | { separator: true; id: string }
  | { section: string; id: string; items: MenuItem[] }

interface MenuProps {
  /** The button that opens it. */
  children: ReactElement
  label: string
  items: MenuEntry[]
  placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end'
}

export function Menu({ children, label, items, placement = 'bottom start' }: MenuProps) {
  return (
    <MenuTrigger>
      {children}
      <MenuPopover placement={placement} label={label} items={items} />
    </MenuTrigger>
  )
}

export const popoverLook =
  'min-w-44 max-w-80 overflow-auto rounded-lg bg-raised shadow-float entering:animate-[ui-fade_100ms]'

function MenuPopover({
  placement,
  label,
  items,
}: Pick<MenuProps, 'placement' | 'label' | 'items'>) {
  return (
    <Popover placement={placement} offset={4} className={popoverLook}>
      <MenuList label={label} items={items} />
    </Popover>
  )
}

interface MenuListProps extends Pick<MenuProps, 'label' | 'items'> {
  /** For a menu that no MenuTrigger opened. */
  onClose?: () => void
}

/** What a menu shows, without what opens it. */
export function MenuList({ label, items, onClose }: MenuListProps) {
  return (
    <AriaMenu
      aria-label={label}
      className="p-1 outline-none"
      {...(onClose && { onClose, autoFocus: 'first' as const })}
    >
      {items.map((entry) => entryOf(entry))}
    </AriaMenu>
  )
}

function entryOf(entry: MenuEntry) {
  if ('separator' in entry) {
    return <Separator key={entry.id} className="my-1 border-t border-hairline" />
  }
  if ('section' in entry) {
    return (
      <AriaMenuSection key={entry.id}>
        <Header className="px-2 pt-2 pb-1 text-caption font-medium text-muted">
          {entry.section}
        </Header>
        {entry.items.map((item) => itemOf(item))}
      </AriaMenuSection>
    )
  }
  if (entry.items && !entry.disabledReason) {
    return (
      <SubmenuTrigger key={entry.id}>
        {itemOf(entry)}
        <MenuPopover label={entry.label} items={entry.items} />
      </SubmenuTrigger>
    )
  }
  return itemOf(entry)
}

function itemOf(item: MenuItem) {
  const isDisabled = Boolean(item.disabledReason)
  const below = item.disabledReason ?? item.description
  return (
    <AriaMenuItem
      key={item.id}
      id={item.id}
      textValue={item.label}
      onAction={isDisabled ? undefined : item.onAction}
      shouldCloseOnSelect={!isDisabled}
      render={(props) =>
        'href' in props ? (
          // The content is among the props.
          // oxlint-disable-next-line jsx-a11y/anchor-has-content
          <a {...props} />
        ) : (
          <div {...props} aria-disabled={isDisabled || undefined} />
        )
      }
      className={classNames(
        'flex min-h-8 items-center gap-2 rounded-md px-2 py-1 outline-none select-none focused:bg-hover opened:bg-hover',
        isDisabled ? 'text-muted' : item.isDanger ? 'text-bad focused:bg-bad-soft' : 'text-primary',
      )}
    >
      {item.isSelected !== undefined && (
        <span className="size-4 shrink-0 text-accent-text">{item.isSelected && <CheckIcon />}</span>
      )}
      {item.icon}
      <span className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-6">
        {/* All that is seen is the item's name (WCAG 2.5.3), the reason too: no screen reader leaves names out. */}
        <span>{item.label}</span>
        {below && <span className="text-caption text-muted">{below}</span>}
      </span>
      {item.items && !isDisabled && <ChevronRightIcon className="text-muted" />}
    </AriaMenuItem>
  )
}
