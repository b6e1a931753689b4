import type { ReactElement, ReactNode } from 'react'
import { Dialog, DialogTrigger, Popover as AriaPopover } from 'react-aria-components'
import { classNames } from './class-names.ts'
import { popoverLook } from './Menu.tsx'

interface PopoverProps {
  /** The button that opens it. */
  trigger: ReactElement
  label: string
  children: ReactNode | ((close: () => void) => ReactNode)
  placement?: 'bottom start' | 'bottom end'
  className?: string
}

/** A small panel by a button. Escape or a click elsewhere closes it. */
export function Popover({
  trigger,
  label,
  children,
  placement = 'bottom end',
  className,
}: PopoverProps) {
  return (
    <DialogTrigger>
      {trigger}
      <AriaPopover
        placement={placement}
        offset={6}
        className={classNames(popoverLook, 'max-w-none', className)}
      >
        <Dialog aria-label={label} className="outline-none">
          {({ close }) => (typeof children === 'function' ? children(close) : children)}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  )
}
