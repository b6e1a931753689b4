import type { ReactElement, ReactNode } from 'react'
import { OverlayArrow, Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components'

interface Props {
  /** Nothing to say: no tooltip, same element. */
  text: ReactNode
  /** One focusable component of this library or of React Aria. */
  children: ReactElement
  placement?: 'top' | 'bottom' | 'left' | 'right'
}

/** A word on what is pointed at or focused. It adds to what can be seen; nothing is only in a tooltip. */
export function Tooltip({ text, children, placement = 'bottom' }: Props) {
  return (
    <TooltipTrigger isDisabled={text == null || text === ''} delay={500} closeDelay={80}>
      {children}
      <AriaTooltip
        placement={placement}
        offset={6}
        className="max-w-72 rounded-md bg-primary px-2 py-1 text-caption text-page shadow-float entering:animate-[ui-fade_100ms]"
      >
        <OverlayArrow />
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  )
}
