import { useRef, useState, type ReactNode } from 'react'
import { Popover } from 'react-aria-components'
import { MoreIcon } from './icons.tsx'
import { popoverLook } from './Menu.tsx'

interface RowMenuProps {
  /** Names the button and the menu. */
  label: string
  /** Called when the menu is opened, for its {@link MenuList}. */
  children: (close: () => void) => ReactNode
}

/**
 * The menu of a row of a long list. A row has a plain button only, since rows come and go by the hundred while a list
 * scrolls; the menu and what it has to know are made when it is opened.
 */
export function RowMenu({ label, children }: RowMenuProps) {
  const trigger = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  // Once made it stays: only what is still there when it closes can give the focus back to the button.
  const [isMade, setMade] = useState(false)
  const open = () => {
    setMade(true)
    setOpen(true)
  }
  return (
    <>
      <button
        ref={trigger}
        type="button"
        title={label}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={open}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
          event.preventDefault()
          event.stopPropagation()
          open()
        }}
        className="grid size-6 cursor-default place-items-center rounded-md text-secondary hover:bg-hover hover:text-primary aria-expanded:bg-pressed"
      >
        <MoreIcon />
      </button>
      {isMade && (
        <Popover
          isOpen={isOpen}
          triggerRef={trigger}
          onOpenChange={setOpen}
          placement="bottom end"
          offset={4}
          className={popoverLook}
        >
          {children(() => setOpen(false))}
        </Popover>
      )}
    </>
  )
}
