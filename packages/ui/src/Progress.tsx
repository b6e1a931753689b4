import { ProgressBar as AriaProgressBar } from 'react-aria-components'
import { classNames } from './class-names.ts'
import { sized } from './icons.tsx'

/** A small ring for work whose end is not known. Silent: the control it sits in says what goes on. */
export function Spinner({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden="true"
      className={classNames(sized(className), 'animate-[ui-spin_900ms_linear_infinite]', className)}
    >
      <circle
        cx="8"
        cy="8"
        r="6"
        fill="none"
        stroke="currentColor"
        strokeOpacity=".25"
        strokeWidth="2"
      />
      <path
        d="M8 2a6 6 0 0 1 6 6"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  )
}

interface ProgressProps {
  label: string
  /** 0 to 1; null where it is not known. */
  value: number | null
  tone?: 'accent' | 'ok' | 'warn' | 'bad'
  className?: string
}

const tones = { accent: 'bg-accent', ok: 'bg-ok', warn: 'bg-warn', bad: 'bg-bad' }

/** A thin bar: progress of work, or the used share of something. */
export function ProgressBar({ label, value, tone = 'accent', className }: ProgressProps) {
  const share = Math.min(1, Math.max(0, value ?? 0))
  return (
    <AriaProgressBar
      aria-label={label}
      isIndeterminate={value == null}
      value={share * 100}
      className={classNames('block h-1 overflow-hidden rounded-full bg-pressed', className)}
    >
      <span
        className={classNames(
          'block h-full rounded-full transition-[width]',
          tones[tone],
          value == null && 'w-1/3 animate-[ui-pulse_1200ms_ease-in-out_infinite]',
        )}
        style={value == null ? undefined : { width: `${share * 100}%` }}
      />
    </AriaProgressBar>
  )
}
