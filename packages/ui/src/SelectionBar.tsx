import type { ReactNode } from 'react'
import { IconButton } from './Button.tsx'
import { CloseIcon } from './icons.tsx'
import { useLabels } from './labels.ts'

interface SelectionBarProps {
  /** "3 selected"; nothing is shown while it is null. */
  summary: ReactNode | null
  label: string
  onClear: () => void
  /** The actions, in the order in which they are everywhere. */
  children: ReactNode
}

/** Floats at the foot of its nearest positioned ancestor: what can be done with what is selected. */
export function SelectionBar({ summary, label, onClear, children }: SelectionBarProps) {
  const labels = useLabels()
  return (
    <>
      {/* Said once the bar is there, so that those who do not see it know. */}
      <output className="sr-only">{summary}</output>
      {summary !== null && (
        <div className="pointer-events-none absolute inset-x-0 bottom-4 z-20 flex justify-center px-4 narrow:bottom-0 narrow:px-0">
          <div
            role="toolbar"
            data-foot-bar
            aria-label={label}
            className="pointer-events-auto flex max-w-full items-center gap-2 rounded-lg bg-raised p-2 pl-4 shadow-float entering:animate-[ui-fade_100ms] narrow:w-full narrow:rounded-b-none narrow:pb-[max(8px,env(safe-area-inset-bottom))]"
          >
            <span aria-hidden="true" className="mr-1 shrink-0 font-semibold">
              {summary}
            </span>
            <div className="flex min-w-0 gap-2 overflow-x-auto p-0.5 narrow:flex-1">{children}</div>
            <IconButton label={labels.clear} icon={<CloseIcon />} onPress={onClear} />
          </div>
        </div>
      )}
    </>
  )
}
